/* check_stranded.c: delivered, never settled, and never handed out again: nobody will get it. */
#include "adapter.h"
#include "ledger/check.h"
#include "ledger/judgement.h"
#include "ledger/mark.h"

/* After an ack without an answer, silence is legal. */
static bool is_stranded(const struct check_message *message)
{
    return message->settles && message->is_drained && mark_deliveries(message->mark) > 0 &&
           !mark_is_closed(message->mark) && !(message->mark & MARK_DOUBT) &&
           !(message->sent & SENT_REFUSED);
}

static bool is_forbidden(uint32_t capabilities, enum offence_cause cause)
{
    const uint32_t promises = ADAPTER_ACK_NACK | ADAPTER_DELIVERY_GUARANTEES;

    (void)cause;
    return (capabilities & promises) == promises;
}

/* The member that had it last. */
static const char *holder_of(const struct witness *witness)
{
    for (size_t i = witness->event_count; i > 0; i--)
        if (witness->events[i - 1].what == trail_event_name(TRAIL_RECEIVED) ||
            witness->events[i - 1].what == trail_event_name(TRAIL_RECEIVED_AGAIN))
            return witness->events[i - 1].actor;
    return "a member no longer known";
}

static void explain(const struct judgement *judgement, const struct offence *offence,
                    struct witness *witness)
{
    static const char *const fates[MARK_ACKED_DEAD + 1] = {
        [MARK_HELD] = "never settled",
        [MARK_NACKING] = "nacked without an answer",
        [MARK_NACKED] = "nacked",
        [MARK_NACK_UNKNOWN] = "nacked without an answer",
        [MARK_CRASHED] = "in the hands of a member that crashed",
        [MARK_DISCONNECTED] = "in the hands of a member that lost its connection",
        [MARK_CLOSED] = "in the hands of a member that closed",
        [MARK_EXPIRED] = "kept too long",
        [MARK_RETRIED] = "never settled",
    };

    (void)judgement;
    check_say(witness, "delivered to %s, %s, and neither handed out again nor dead-lettered",
              holder_of(witness), fates[mark_state(offence->mark)]);
}

const struct check check_stranded = {
    .anomaly = ANOMALY_STRANDED,
    .name = "stranded",
    .offends = is_stranded,
    .is_forbidden = is_forbidden,
    .explain = explain,
};
