/* arrival.c: redeliveries and disorder: decided at once where everything is known, suspected where
   it is not. */
#include "ledger/arrival.h"

#include "ledger/mark.h"

static struct offence offence_by(const struct ledger_receiver *receiver, const struct batch *batch,
                                 const struct arrival *arrival, enum anomaly anomaly)
{
    return (struct offence){.anomaly = (uint8_t)anomaly,
                            .sent = arrival->sent,
                            .mark = arrival->mark,
                            .group = receiver->group,
                            .stream = batch->stream,
                            .track = arrival->identity->track,
                            .sequence = arrival->identity->sequence,
                            .time_ns = batch->now_ns,
                            .receiver = receiver};
}

static void note(struct ledger_receiver *receiver, const struct offence *offence)
{
    docket_note(&receiver->docket, receiver->ledger->streams[offence->stream].capabilities,
                offence);
    if (offence->cause == CAUSE_NONE)
        ledger_bump(&receiver->odd, 1);
}

/* Leave the decision to the end; when no more can be remembered it is made now, and says so. */
static void suspect(struct ledger_receiver *receiver, const struct arrival *arrival,
                    struct offence *offence)
{
    struct suspect suspect = {.sequence = offence->sequence,
                              .time_ns = offence->time_ns,
                              .asked_ns = receiver->asked_ns,
                              .intended_ns = arrival->identity->intended_ns,
                              .track = offence->track,
                              .anomaly = offence->anomaly,
                              .mark = offence->mark};

    if (suspects_add(receiver->ledger, &receiver->suspects, &suspect)) {
        ledger_bump(&receiver->odd, 1);
        return;
    }
    offence->note = NOTE_OVERFLOWING;
    note(receiver, offence);
}

/* --- Again ----------------------------------------------------------------------------------- */

static enum offence_cause cause_of(const struct arrival *arrival)
{
    static const uint8_t causes[MARK_ACKED_DEAD + 1] = {
        [MARK_NACKING] = CAUSE_NACK,
        [MARK_NACKED] = CAUSE_NACK,
        [MARK_NACK_UNKNOWN] = CAUSE_NACK,
        [MARK_CRASHED] = CAUSE_CRASH,
        [MARK_DISCONNECTED] = CAUSE_CONNECTION,
        [MARK_CLOSED] = CAUSE_CONNECTION,
        [MARK_EXPIRED] = CAUSE_EXPIRY,
        [MARK_RETRIED] = CAUSE_RETRY,
        [MARK_ACK_UNKNOWN] = CAUSE_UNKNOWN_ACK,
    };
    enum offence_cause cause = (enum offence_cause)causes[mark_state(arrival->mark)];

    if (cause == CAUSE_NONE && (arrival->sent & (SENT_COPIES | SENT_UNKNOWN)))
        return CAUSE_RETRY;
    return cause;
}

enum expiry { EXPIRY_NO, EXPIRY_PERHAPS, EXPIRY_YES };

/* Has its delivery expired?  What was sent too recently cannot have; what had its first delivery
   long ago and no other since has; about the rest the logs decide. */
static enum expiry look_for_expiry(const struct ledger_receiver *receiver,
                                   const struct batch *batch, const struct arrival *arrival)
{
    const struct ledger_stream *stream = &receiver->ledger->streams[batch->stream];
    const struct identity *identity = arrival->identity;
    uint64_t expiry_ns = suspect_expiry_ns(stream->redelivery_time_ns);
    uint64_t first_ns = atomic_load_explicit(lane_stamp_of(arrival->lane, identity->sequence),
                                             memory_order_relaxed);

    first_ns <<= LANE_STAMP_SHIFT; /* or earlier */
    if (expiry_ns == 0 || batch->now_ns < identity->intended_ns + expiry_ns)
        return EXPIRY_NO;
    if (mark_deliveries(arrival->mark) == 1 && first_ns + expiry_ns <= batch->now_ns)
        return EXPIRY_YES;
    return EXPIRY_PERHAPS;
}

/* Was the read perhaps under way when the ack was accepted? */
static void judge_acked(struct ledger_receiver *receiver, const struct batch *batch,
                        const struct arrival *arrival)
{
    struct offence offence = offence_by(receiver, batch, arrival, ANOMALY_RESURRECTED);

    if (receiver->asked_ns > 0 && receiver->asked_ns < batch->now_ns)
        suspect(receiver, arrival, &offence);
    else
        note(receiver, &offence);
}

void arrival_again(struct ledger_receiver *receiver, const struct batch *batch,
                   const struct arrival *arrival)
{
    struct offence offence;
    enum expiry expiry;

    if (mark_is_acked(arrival->mark)) {
        judge_acked(receiver, batch, arrival);
        return;
    }
    offence = offence_by(receiver, batch, arrival, ANOMALY_DUPLICATED);
    offence.cause = (uint8_t)cause_of(arrival);
    expiry = look_for_expiry(receiver, batch, arrival);
    if (offence.cause == CAUSE_NONE && expiry == EXPIRY_YES)
        offence.cause = CAUSE_EXPIRY;
    if (offence.cause == CAUSE_NONE && (!(arrival->sent & SENT_DONE) || expiry == EXPIRY_PERHAPS))
        suspect(receiver, arrival, &offence);
    else
        note(receiver, &offence);
}

/* --- Order ----------------------------------------------------------------------------------- */

/* What the broker calls a redelivery was taken by a read that was never answered: it belongs to an
   earlier epoch.  So may what was published in several attempts. */
void arrival_in_order(struct ledger_receiver *receiver, const struct batch *batch,
                      const struct arrival *arrival)
{
    struct ledger_group *group = &receiver->ledger->groups[receiver->group];
    struct lane *lane = arrival->lane;
    struct offence offence;

    if (arrival->is_redelivery)
        return;
    if (arrival->identity->sequence >= lane->order_next) {
        lane->order_next = arrival->identity->sequence + 1;
        return;
    }
    if (arrival->sent & (SENT_COPIES | SENT_UNKNOWN))
        return;
    offence = offence_by(receiver, batch, arrival, ANOMALY_REORDERED);
    if (ledger_take(&group->recoverable[batch->stream]))
        offence.cause = CAUSE_READ;
    if ((arrival->sent & SENT_DONE) || offence.cause != CAUSE_NONE)
        note(receiver, &offence);
    else
        suspect(receiver, arrival, &offence);
}
