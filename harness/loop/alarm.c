/* alarm.c: a timerfd.  One that comes too early only costs a turn in which nothing happens, so it
   is set again only for what comes before it. */
#include "loop/alarm.h"

#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS 1000000000u
#define SHORT_NS  500000u

int alarm_open(struct alarm *alarm)
{
    *alarm = (struct alarm){.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)};
    return alarm->fd < 0 ? -1 : 0;
}

void alarm_close(struct alarm *alarm)
{
    if (alarm->fd >= 0)
        close(alarm->fd);
    alarm->fd = -1;
}

static bool set(struct alarm *alarm, uint64_t due_ns)
{
    struct itimerspec moment = {.it_value = {.tv_sec = (time_t)(due_ns / SECOND_NS),
                                             .tv_nsec = (long)(due_ns % SECOND_NS)}};

    alarm->due_ns = due_ns;
    return timerfd_settime(alarm->fd, TFD_TIMER_ABSTIME, &moment, NULL) == 0;
}

bool alarm_covers(struct alarm *alarm, uint64_t now_ns, uint64_t wait_ns)
{
    if (wait_ns < SHORT_NS)
        return false;
    if (alarm->due_ns > now_ns && alarm->due_ns <= now_ns + wait_ns)
        return true;
    return set(alarm, now_ns + wait_ns);
}
