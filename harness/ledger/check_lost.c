/* check_lost.c: accepted, and never delivered.  Before a proven drain it is only unseen. */
#include "adapter.h"
#include "ledger/check.h"
#include "ledger/judgement.h"
#include "ledger/mark.h"

static bool is_missing(const struct check_message *message)
{
    return (message->mark & MARK_ACCEPTED) && mark_deliveries(message->mark) == 0 &&
           !mark_is_closed(message->mark);
}

static bool is_lost(const struct check_message *message)
{
    return message->is_drained && is_missing(message);
}

static bool is_unseen(const struct check_message *message)
{
    return !message->is_drained && is_missing(message);
}

static bool is_forbidden(uint32_t capabilities, enum offence_cause cause)
{
    return (capabilities & ADAPTER_DELIVERY_GUARANTEES) || cause == CAUSE_NONE;
}

static void explain(const struct judgement *judgement, const struct offence *offence,
                    struct witness *witness)
{
    const struct docket *docket = &judgement->dockets[offence->group];

    check_say(witness, "accepted, and never delivered to %s", witness->group);
    if (offence->anomaly == ANOMALY_UNSEEN)
        check_say(witness, " before the run ended; it may still be there");
    if (docket_find(docket, ANOMALY_CORRUPTED, offence->track, offence->sequence))
        check_say(witness, "; a damaged copy of it was");
    else if (offence->cause == CAUSE_ABSENCE)
        check_say(witness, ", which had no connection when it was sent or on its way");
    else if (offence->cause == CAUSE_READ)
        check_say(witness, "; a read that ended without an answer may have taken it");
}

const struct check check_lost = {
    .anomaly = ANOMALY_LOST,
    .name = "lost",
    .offends = is_lost,
    .is_forbidden = is_forbidden,
    .explain = explain,
};

const struct check check_unseen = {
    .anomaly = ANOMALY_UNSEEN,
    .name = "unseen",
    .offends = is_unseen,
    .is_forbidden = check_never,
    .explain = explain,
};
