/* environment.c: facts of the machine that a rate or a latency must be read with. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "run/stage.h"

#ifndef GAUNTLET_VERSION
#define GAUNTLET_VERSION "0.1.0"
#endif

static char *iso_time(uint64_t wall_ns)
{
    time_t seconds = (time_t)(wall_ns / 1000000000u);
    struct tm parts;
    char text[32];

    if (!gmtime_r(&seconds, &parts) ||
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return NULL;
    return memory_string(text);
}

static uint64_t timeval_ns(struct timeval value)
{
    return (uint64_t)value.tv_sec * 1000000000u + (uint64_t)value.tv_usec * 1000u;
}

void stage_environment(struct stage *stage)
{
    struct result *result = stage->result;
    struct utsname system;
    struct rusage usage;

    if (result->is_virtual)
        return;
    result->environment.version = memory_string(GAUNTLET_VERSION);
    if (uname(&system) == 0) {
        result->environment.host = memory_string(system.nodename);
        result->environment.kernel = memory_format("%s %s", system.sysname, system.release);
    }
    result->environment.cores = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    result->environment.workers = (unsigned)stage->workers.count;
    result->environment.started = iso_time(loop_wall_ns(stage->waiter.loop) -
                                           (loop_now_ns(stage->waiter.loop) - stage->begin_ns));
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        result->environment.cpu_ns = timeval_ns(usage.ru_utime) + timeval_ns(usage.ru_stime);
        result->environment.rss_bytes = (uint64_t)usage.ru_maxrss * 1024u;
    }
    if (stage->brokers.count > 0)
        result->environment.ping_ns = stage->brokers.items[0].ping_ns;
}
