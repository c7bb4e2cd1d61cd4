/* conformance.h: what a conformance run found, as plain data: the one thing that its reports read.
 */
#ifndef RUN_CONFORMANCE_H
#define RUN_CONFORMANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/result.h"

#define CONFORMANCE_SCHEMA_VERSION 1

enum conformance_verdict {
    CONFORMANCE_PASS,
    CONFORMANCE_FAIL,
    CONFORMANCE_INCONCLUSIVE,
    CONFORMANCE_NOT_RUN,        /* what it needs from the world or the profile is not there */
    CONFORMANCE_NOT_APPLICABLE, /* what it is about is not declared */
    CONFORMANCE_VERDICTS
};
const char *conformance_verdict_name(enum conformance_verdict verdict); /* "not run" */

struct conformance_clause {
    char *id, *family, *says;
    char level; /* 'R', 'O' or 'H' */
    bool is_core;
    char *capability; /* under which it counts: its first need, or "every broker" */
    char *needs;      /* "ACK_NACK, BLOCKING_READ"; "" for every broker */
    enum conformance_verdict verdict;
    char *reason;    /* one sentence; NULL when it passed */
    char **evidence; /* the calls and answers that led there, one line each */
    size_t evidence_count;
    char *place; /* "scenarios/conformance/ACK.yaml:34": of the step that decided, or the clause */
    uint64_t round_count, call_count, check_count;
    uint64_t overlap_count; /* calls that met one of another session */
    uint64_t attempt_count; /* over 1: repeated because the machine was too busy for its times */
    uint64_t elapsed_ns;
    bool is_virtual;
    bool is_race;    /* it is about sessions that are at work at the same time */
    bool is_known;   /* failed in the baseline already */
    bool is_derived; /* it only follows from what others showed */
    char *command;   /* runs this clause alone, with the same seed */
    char *document;  /* the clause as YAML */
};

struct conformance_tally { /* clauses by verdict */
    size_t by_verdict[CONFORMANCE_VERDICTS];
};
/* All that bind the broker: passed, failed, inconclusive, not run. */
size_t conformance_bound(const struct conformance_tally *tally);

enum conformance_standing {
    CONFORMANCE_DEMONSTRATED, /* a required clause passed, and none failed or was left open */
    CONFORMANCE_REFUTED,      /* a required clause failed */
    CONFORMANCE_UNPROVEN,     /* declared, and nothing showed it */
    CONFORMANCE_UNDECLARED
};
const char *conformance_standing_name(enum conformance_standing standing);

struct conformance_capability {
    char *name; /* "ACK_NACK", "every broker" */
    bool is_declared;
    enum conformance_standing standing;
    struct conformance_tally required, other; /* R; O and H */
    char *difference; /* between declared and demonstrated, in one sentence; NULL when none */
};

struct conformance_tier {
    char *name;
    bool is_declared, is_demonstrated;
    struct conformance_tally required; /* of every broker and of each of its capabilities */
    char *sentence; /* "RELIABLE_MESSAGING demonstrated by 48 of 61 clauses; 13 not run" */
};

struct conformance {
    char *adapter, *uri; /* the reference, never the secret; uri NULL when none */
    char **settings;     /* "declare=SIMPLE_QUEUING", as given */
    size_t setting_count;
    char *command_line; /* secrets removed */
    char *run_id;       /* 8 hex digits */
    uint64_t seed;
    bool is_virtual; /* clauses that only wait ran in virtual time */
    bool is_partial; /* interrupted */
    bool is_chosen;  /* some clauses only: too few to speak of tiers */
    bool is_strict;
    uint32_t declared, demonstrated;  /* of enum adapter_capability */
    char *declared_tier, *shown_tier; /* "none" when not even BASIC_PUBSUB */
    char *difference;                 /* between the two, in one sentence; NULL when none */
    struct conformance_tier *tiers;   /* from the lowest */
    size_t tier_count;
    struct conformance_capability *capabilities; /* every broker first, then flag by flag */
    size_t capability_count;
    struct conformance_clause *clauses; /* as loaded */
    size_t clause_count;
    struct result_message *notes;
    size_t note_count;
    enum verdict verdict; /* by required clauses */
    char *verdict_reason; /* one sentence */
    char *version, *started;
    uint64_t elapsed_ns; /* of the clock on the wall */
};

void conformance_clause_release(struct conformance_clause *clause);
void conformance_free(struct conformance *conformance);
void conformance_note(struct conformance *conformance, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Does the clause's verdict count for the whole?  Of required clauses only: 1 failed and not known,
   and so on. */
struct conformance_tally conformance_count(const struct conformance *conformance, char level);
/* The failure to look at first: the others may rest on what it is about.  A required clause that
   failed, and is not known to; NULL when there is none. */
const struct conformance_clause *conformance_first_failure(const struct conformance *conformance);
/* Decide the whole by what the required clauses say; again after a baseline was applied. */
void conformance_judge(struct conformance *conformance);

#endif
