/* check_duplicated.c: delivered again.  At-least-once delivery allows it where there was a cause.
 */
#include "adapter.h"
#include "ledger/check.h"
#include "ledger/judgement.h"

static bool is_forbidden(uint32_t capabilities, enum offence_cause cause)
{
    return (capabilities & ADAPTER_CONSUMER_GROUPS) && cause == CAUSE_NONE;
}

static void explain(const struct judgement *judgement, const struct offence *offence,
                    struct witness *witness)
{
    static const char *const causes[] = {
        [CAUSE_NACK] = "after a nack",
        [CAUSE_CRASH] = "after its holder crashed",
        [CAUSE_CONNECTION] = "after its holder lost or closed its connection",
        [CAUSE_EXPIRY] = "after its holder had kept it too long",
        [CAUSE_RETRY] = "which may have been a copy: its publishing was retried or not answered",
        [CAUSE_UNKNOWN_ACK] = "after an ack that ended without an answer",
    };
    const char *member = check_member(judgement, offence);

    if (offence->cause != CAUSE_NONE) {
        check_say(witness, "delivered again, to %s, %s", member, causes[offence->cause]);
        return;
    }
    check_say(witness, "delivered again, to %s, although nothing had happened to cause it", member);
    if (offence->note == NOTE_FORGOTTEN)
        check_say(witness, "; when it was delivered before is no longer known");
    if (offence->note == NOTE_OVERFLOWING)
        check_say(witness, "; too many to remember: whether it had expired was not looked up");
}

const struct check check_duplicated = {
    .anomaly = ANOMALY_DUPLICATED,
    .name = "duplicates",
    .is_forbidden = is_forbidden,
    .explain = explain,
};
