/* check_leftover.c: of an earlier run under the same names. */
#include "ledger/check.h"
#include "ledger/judgement.h"

static void explain(const struct judgement *judgement, const struct offence *offence,
                    struct witness *witness)
{
    check_say(witness, "%s received a message of another run", check_member(judgement, offence));
}

const struct check check_leftover = {
    .anomaly = ANOMALY_LEFTOVER,
    .name = "leftovers",
    .received = "received",
    .is_forbidden = check_never,
    .explain = explain,
};
