/* check_resurrected.c: delivered after its ack was accepted. */
#include "adapter.h"
#include "ledger/check.h"
#include "ledger/judgement.h"

static bool is_forbidden(uint32_t capabilities, enum offence_cause cause)
{
    (void)cause;
    return (capabilities & ADAPTER_ACK_NACK) != 0;
}

static void explain(const struct judgement *judgement, const struct offence *offence,
                    struct witness *witness)
{
    check_say(witness, "acked by %s, then delivered to %s", check_last_actor(witness, TRAIL_ACKED),
              check_member(judgement, offence));
    if (offence->note != NOTE_NONE)
        check_say(witness, "; whether it was on its way already is no longer known");
}

const struct check check_resurrected = {
    .anomaly = ANOMALY_RESURRECTED,
    .name = "resurrected",
    .is_forbidden = is_forbidden,
    .explain = explain,
};
