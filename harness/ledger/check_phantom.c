/* check_phantom.c: delivered although it was refused or never sent. */
#include "ledger/check.h"
#include "ledger/judgement.h"
#include "ledger/mark.h"

static bool was_refused(const struct check_message *message)
{
    return (message->sent & SENT_REFUSED) && mark_deliveries(message->mark) > 0;
}

static void explain(const struct judgement *judgement, const struct offence *offence,
                    struct witness *witness)
{
    if (offence->note == NOTE_NO_IDENTITY)
        check_say(witness,
                  "%s received an entry without our identity: written by another program "
                  "or invented",
                  check_member(judgement, offence));
    else if (offence->note == NOTE_NEVER_SENT)
        check_say(witness, "%s received it, and %s never sent it", check_member(judgement, offence),
                  witness->producer ? witness->producer : "its producer");
    else
        check_say(witness, "publishing it was refused, and yet %s received it",
                  check_last_actor(witness, TRAIL_RECEIVED));
}

const struct check check_phantom = {
    .anomaly = ANOMALY_PHANTOM,
    .name = "phantom",
    .received = "received",
    .offends = was_refused,
    .is_forbidden = check_always,
    .explain = explain,
};
