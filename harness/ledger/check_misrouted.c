/* check_misrouted.c: delivered on a stream that it was not published to. */
#include "ledger/check.h"
#include "ledger/judgement.h"

static void explain(const struct judgement *judgement, const struct offence *offence,
                    struct witness *witness)
{
    const char *member = check_member(judgement, offence);

    if (offence->track == OFFENCE_NO_TRACK) {
        check_say(witness, "%s received it on %s, and no producer of this run sends there", member,
                  witness->stream);
        return;
    }
    check_say(witness, "published to %s, and %s received it on %s",
              judgement->streams[judgement->ledger->tracks[offence->track].stream], member,
              witness->stream);
}

const struct check check_misrouted = {
    .anomaly = ANOMALY_MISROUTED,
    .name = "misrouted",
    .received = "received on the wrong stream",
    .is_forbidden = check_always,
    .explain = explain,
};
