/* check.c: the table of checks, and the words that they share. */
#include "ledger/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ledger/judgement.h"

const struct check *const checks[ANOMALY_FAMILIES] = {
    [ANOMALY_LOST] = &check_lost,
    [ANOMALY_UNSEEN] = &check_unseen,
    [ANOMALY_DUPLICATED] = &check_duplicated,
    [ANOMALY_PHANTOM] = &check_phantom,
    [ANOMALY_CORRUPTED] = &check_corrupted,
    [ANOMALY_MISROUTED] = &check_misrouted,
    [ANOMALY_REORDERED] = &check_reordered,
    [ANOMALY_RESURRECTED] = &check_resurrected,
    [ANOMALY_STRANDED] = &check_stranded,
    [ANOMALY_LEFTOVER] = &check_leftover,
    [ANOMALY_FOREIGN] = &check_foreign,
};

bool check_always(uint32_t capabilities, enum offence_cause cause)
{
    (void)capabilities;
    (void)cause;
    return true;
}

bool check_never(uint32_t capabilities, enum offence_cause cause)
{
    (void)capabilities;
    (void)cause;
    return false;
}

void check_say(struct witness *witness, const char *format, ...)
{
    size_t used = strlen(witness->why);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(witness->why + used, sizeof(witness->why) - used, format, arguments);
    va_end(arguments);
}

const char *check_last_actor(const struct witness *witness, enum trail_event event)
{
    const char *what = trail_event_name(event);

    for (size_t i = witness->event_count; i > 0; i--)
        if (strcmp(witness->events[i - 1].what, what) == 0)
            return witness->events[i - 1].actor;
    return "a member no longer known";
}

const char *check_member(const struct judgement *judgement, const struct offence *offence)
{
    return offence->receiver ? judgement->members[offence->receiver->index]
                             : judgement->groups[offence->group];
}
