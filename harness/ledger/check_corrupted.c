/* check_corrupted.c: the digest does not agree with what was delivered. */
#include "ledger/check.h"
#include "ledger/judgement.h"

static void explain(const struct judgement *judgement, const struct offence *offence,
                    struct witness *witness)
{
    check_say(witness, "the digest does not agree with what %s received",
              check_member(judgement, offence));
    check_say(witness, "; which message it was is what the damaged text says");
}

const struct check check_corrupted = {
    .anomaly = ANOMALY_CORRUPTED,
    .name = "corrupted",
    .received = "received damaged",
    .is_forbidden = check_always,
    .explain = explain,
};
