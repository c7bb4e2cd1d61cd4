/* environment.c: facts of the machine that a rate or a latency must be read with. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "run/stage.h"

#ifndef GAUNTLET_VERSION
#define GAUNTLET_VERSION "0.1.0"
#endif

static uint64_t timeval_ns(struct timeval value)
{
    return (uint64_t)value.tv_sec * 1000000000u + (uint64_t)value.tv_usec * 1000u;
}

static uint64_t own_work_ns(void)
{
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
    return timeval_ns(usage.ru_utime) + timeval_ns(usage.ru_stime);
}

static uint64_t work_of_brokers_ns(const struct stage *stage)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < stage->brokers.count; i++) {
        struct usage usage;

        if (usage_read(&stage->brokers.items[i].source, &usage))
            sum += usage.cpu_ns;
    }
    return sum;
}

/* A broker on this machine whose process nobody knows would count among the others. */
static bool are_brokers_known(const struct stage *stage)
{
    for (size_t i = 0; i < stage->brokers.count; i++) {
        const struct broker *broker = &stage->brokers.items[i];

        if (!(broker->endpoint.adapter->traits & ADAPTER_TRAIT_IN_PROCESS) &&
            usage_is_local(broker->scenario) && broker->source.process_id == 0)
            return false;
    }
    return true;
}

void stage_work_begin(struct stage *stage)
{
    if (stage->result->is_virtual || !are_brokers_known(stage))
        return;
    stage->work_before.at_ns = loop_now_ns(stage->waiter.loop);
    stage->work_before.machine_ns = usage_machine_ns();
    stage->work_before.own_ns = own_work_ns();
    stage->work_before.brokers_ns = work_of_brokers_ns(stage);
}

void stage_work_end(struct stage *stage)
{
    double elapsed, others;

    if (stage->result->is_virtual || stage->work_before.machine_ns == 0)
        return;
    elapsed = (double)(loop_now_ns(stage->waiter.loop) - stage->work_before.at_ns);
    others = (double)(usage_machine_ns() - stage->work_before.machine_ns) -
             (double)(own_work_ns() - stage->work_before.own_ns) -
             (double)(work_of_brokers_ns(stage) - stage->work_before.brokers_ns);
    if (elapsed > 0.0 && others > 0.0)
        stage->result->environment.others = others / elapsed;
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
    result->environment.started = time_iso(loop_wall_ns(stage->waiter.loop) -
                                           (loop_now_ns(stage->waiter.loop) - stage->begin_ns));
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        result->environment.cpu_ns = timeval_ns(usage.ru_utime) + timeval_ns(usage.ru_stime);
        result->environment.rss_bytes = (uint64_t)usage.ru_maxrss * 1024u;
    }
    if (stage->brokers.count > 0)
        result->environment.ping_ns = stage->brokers.items[0].ping_ns;
}
