/* alarm.h: a descriptor that wakes the loop at a moment.  The kernel's own limit of a wait is a
   timer that is started and stopped each time, which costs more than the rest of the wait; an alarm
   is set once and slept through many times. */
#ifndef LOOP_ALARM_H
#define LOOP_ALARM_H

#include <stdbool.h>
#include <stdint.h>

struct alarm {
    int fd;          /* to be watched for edges, so that nobody needs to read it */
    uint64_t due_ns; /* on CLOCK_MONOTONIC; an alarm that is past is not set */
};

/* -1 and errno when the system has no descriptor left. */
int alarm_open(struct alarm *alarm);
void alarm_close(struct alarm *alarm); /* fine when it could not be opened */
/* Will it wake us in `wait_ns` at the latest?  Sets it when it must be; a short wait is better
   limited by the kernel: false. */
bool alarm_covers(struct alarm *alarm, uint64_t now_ns, uint64_t wait_ns);

#endif
