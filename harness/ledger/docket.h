/* docket.h: offences as they are found: all are counted, the first few of each family are kept. */
#ifndef LEDGER_DOCKET_H
#define LEDGER_DOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/report.h"

#define OFFENCE_NO_TRACK UINT32_MAX

/* Why a message may come again or be missing.  From 1 on in the order of duplicates_by_cause. */
enum offence_cause {
    CAUSE_NONE,
    CAUSE_NACK,
    CAUSE_CRASH,
    CAUSE_CONNECTION,
    CAUSE_EXPIRY,
    CAUSE_RETRY,
    CAUSE_UNKNOWN_ACK,
    /* Not of duplicates. */
    CAUSE_ABSENCE, /* the group had no connection when it was sent */
    CAUSE_READ     /* a read that ended without an answer may have taken it */
};

#define DUPLICATE_CAUSES 6u

enum offence_note {
    NOTE_NONE,
    NOTE_NEVER_SENT,
    NOTE_NO_IDENTITY,
    NOTE_FORGOTTEN,  /* what would show a cause is no longer known */
    NOTE_OVERFLOWING /* more suspects than are remembered */
};

struct ledger_receiver;

struct offence {
    uint8_t anomaly; /* enum anomaly */
    uint8_t cause;   /* enum offence_cause */
    uint8_t note;    /* enum offence_note */
    bool is_forbidden;
    uint8_t sent, mark;     /* the message's bytes when it was found out */
    uint32_t group, stream; /* stream: where it was seen */
    uint32_t track;         /* OFFENCE_NO_TRACK: of no producer of this run */
    uint64_t sequence, time_ns;
    const struct ledger_receiver *receiver; /* that saw it; NULL when the end showed it */
};

struct docket {
    struct anomaly_count counts[ANOMALY_FAMILIES];
    uint64_t duplicates_by_cause[DUPLICATE_CAUSES];
    struct offence *offences;
    size_t offence_count, offence_capacity;
    uint8_t kept[ANOMALY_FAMILIES][2]; /* allowed ones, forbidden ones */
};

/* Count an offence and keep it when it is among the first of its kind.  Decides whether it is
   forbidden where `capabilities` are declared. */
void docket_note(struct docket *docket, uint32_t capabilities, const struct offence *offence);
void docket_add(struct docket *into, const struct docket *from);
/* The damaged or misrouted copy of a message, NULL when none was kept. */
const struct offence *docket_find(const struct docket *docket, enum anomaly anomaly, uint32_t track,
                                  uint64_t sequence);
void docket_release(struct docket *docket);

#endif
