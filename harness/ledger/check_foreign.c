/* check_foreign.c: written by another program that uses the same stream. */
#include "ledger/check.h"
#include "ledger/judgement.h"

static void explain(const struct judgement *judgement, const struct offence *offence,
                    struct witness *witness)
{
    check_say(witness, "%s received an entry of another program", check_member(judgement, offence));
}

const struct check check_foreign = {
    .anomaly = ANOMALY_FOREIGN,
    .name = "foreign",
    .received = "received",
    .is_forbidden = check_never,
    .explain = explain,
};
