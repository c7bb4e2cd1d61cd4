/* check.h: the families of anomalies as a table: one file check_*.c each. */
#ifndef LEDGER_CHECK_H
#define LEDGER_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "ledger/docket.h"
#include "ledger/report.h"
#include "ledger/trail.h"

struct judgement;

/* A message of one group as the end of a run finds it. */
struct check_message {
    uint8_t sent, mark; /* mark.h */
    bool settles;       /* its group acknowledges */
    bool is_drained;
};

struct check {
    enum anomaly anomaly;
    const char *name;     /* the word of expectations */
    const char *received; /* what the event of the offending delivery is called; NULL: no event of
                             its own */
    /* Does this message offend, now that everything rests?  NULL: found while receiving. */
    bool (*offends)(const struct check_message *message);
    /* Is it forbidden by the capabilities declared? */
    bool (*is_forbidden)(uint32_t capabilities, enum offence_cause cause);
    /* Write witness->why; its history stands already. */
    void (*explain)(const struct judgement *judgement, const struct offence *offence,
                    struct witness *witness);
};

extern const struct check *const checks[ANOMALY_FAMILIES];

extern const struct check check_lost, check_unseen, check_duplicated, check_phantom,
    check_corrupted, check_misrouted, check_reordered, check_resurrected, check_stranded,
    check_leftover, check_foreign;

/* For is_forbidden. */
bool check_always(uint32_t capabilities, enum offence_cause cause);
bool check_never(uint32_t capabilities, enum offence_cause cause);

/* For explain: write the sentence; who did this last in the history ("a member no longer known").
 */
void check_say(struct witness *witness, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *check_last_actor(const struct witness *witness, enum trail_event event);
/* The name of the member that saw the offence. */
const char *check_member(const struct judgement *judgement, const struct offence *offence);

#endif
