/* report.h: what the ledger found, as plain data. */
#ifndef LEDGER_REPORT_H
#define LEDGER_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum anomaly {
    ANOMALY_LOST,        /* accepted, and never delivered to a group, after a proven drain */
    ANOMALY_UNSEEN,      /* the same, without a proven drain */
    ANOMALY_DUPLICATED,  /* delivered again */
    ANOMALY_PHANTOM,     /* delivered although refused or never sent */
    ANOMALY_CORRUPTED,   /* the digest does not agree */
    ANOMALY_MISROUTED,   /* delivered on a stream it was not published to */
    ANOMALY_REORDERED,   /* a first delivery behind a later one of its track, within an epoch */
    ANOMALY_RESURRECTED, /* delivered after its ack was accepted */
    ANOMALY_STRANDED,    /* delivered, never settled, and never handed out again */
    ANOMALY_LEFTOVER,    /* of an earlier run under the same names */
    ANOMALY_FOREIGN,     /* written by another program */
    ANOMALY_FAMILIES
};

/* "lost", "unseen", "duplicates", "phantom", "corrupted", "misrouted", "reordered", "resurrected",
   "stranded", "leftovers", "foreign": the words of expectations. */
const char *anomaly_name(enum anomaly anomaly);

struct witness_event {
    uint64_t time_ns;  /* on the run's clock */
    const char *actor; /* borrowed from the ledger's report */
    const char *what;  /* "sent", "accepted", "received", "acked", "nacked", "crashed", ... */
    bool is_exact;     /* false: known to the batch only */
};

/* One offender with its history. */
struct witness {
    enum anomaly anomaly;
    bool is_allowed;      /* observed, and not forbidden by what was declared */
    const char *producer; /* "shop-1"; NULL when it carries no identity */
    uint64_t sequence;
    const char *stream, *group; /* group NULL when it concerns none */
    char why[200]; /* one sentence: "acked by billing-2, then delivered to billing-1" */
    struct witness_event *events;
    size_t event_count;
    bool is_history_complete; /* false: the log no longer knows the beginning */
};

#define LEDGER_WITNESSES_MAX 10 /* of each family and group */

struct anomaly_count {
    uint64_t observed;   /* all */
    uint64_t disallowed; /* those that the declared capabilities forbid */
    uint64_t caused;     /* duplicates and losses with a known cause */
};

struct ledger_group_report {
    const char *name;
    struct anomaly_count anomalies[ANOMALY_FAMILIES];
    uint64_t expected, first, again, settled, nacked, dead_lettered;
    uint64_t recovered;              /* publishes of unknown outcome that were delivered */
    uint64_t duplicates_by_cause[6]; /* nack, crash, connection, expiry, retry, unknown ack */
};

struct ledger_report {
    bool is_drained;
    struct anomaly_count anomalies[ANOMALY_FAMILIES]; /* sums over groups */
    struct ledger_group_report *groups;
    size_t group_count;
    uint64_t attempted, accepted, refused, unknown;
    struct witness *witnesses;
    size_t witness_count;
};

void ledger_report_free(struct ledger_report *report);

#endif
