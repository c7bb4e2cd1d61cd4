/* check_reordered.c: a first delivery behind a later one of its track, to the same member, within
   one epoch. */
#include "adapter.h"
#include "ledger/check.h"
#include "ledger/judgement.h"

static bool is_forbidden(uint32_t capabilities, enum offence_cause cause)
{
    (void)cause;
    return (capabilities & ADAPTER_MESSAGE_ORDERING) != 0;
}

static void explain(const struct judgement *judgement, const struct offence *offence,
                    struct witness *witness)
{
    check_say(witness, "%s received it for the first time after a later message of %s",
              check_member(judgement, offence), witness->producer);
    if (offence->note == NOTE_OVERFLOWING)
        check_say(witness, "; too many to remember: whether its publishing was retried was not "
                           "looked up");
}

const struct check check_reordered = {
    .anomaly = ANOMALY_REORDERED,
    .name = "reordered",
    .is_forbidden = is_forbidden,
    .explain = explain,
};
