/* check_reordered.c: a first delivery behind a later one of its track, to the same member, within
   one epoch.  What an unanswered read may have taken before may come late. */
#include "adapter.h"
#include "ledger/check.h"
#include "ledger/judgement.h"

static bool is_forbidden(uint32_t capabilities, enum offence_cause cause)
{
    return (capabilities & ADAPTER_MESSAGE_ORDERING) && cause == CAUSE_NONE;
}

static void explain(const struct judgement *judgement, const struct offence *offence,
                    struct witness *witness)
{
    check_say(witness, "%s received it for the first time after a later message of %s",
              check_member(judgement, offence), witness->producer);
    if (offence->cause == CAUSE_READ)
        check_say(witness, "; a read that ended without an answer may have taken it before");
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
