/* suspect.h: deliveries that may be anomalies; what is not known yet when they arrive (how a
   publish ends, when another member received the message before) decides at the end. */
#ifndef LEDGER_SUSPECT_H
#define LEDGER_SUSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct judgement;
struct ledger;
struct ledger_receiver;
struct offence;

struct suspect {
    uint64_t sequence, time_ns;
    uint64_t asked_ns;    /* when its read was started; 0: not told */
    uint64_t intended_ns; /* of the message: nobody has had it before */
    uint32_t track;
    uint8_t anomaly; /* duplicated, resurrected or reordered */
    uint8_t mark;    /* before this delivery */
};

struct suspects {
    struct suspect *items;
    size_t count, capacity;
};

/* Remember one; false when the ledger's bound is reached. */
bool suspects_add(struct ledger *ledger, struct suspects *suspects, const struct suspect *suspect);
void suspects_release(struct suspects *suspects);

/* The shortest time after which an unsettled delivery may come again; a little less than promised,
   because what is measured here begins when the first delivery arrived, not when it was handed out.
   0: not known. */
uint64_t suspect_expiry_ns(uint64_t redelivery_time_ns);

/* Decide about all suspects of a group, into its docket. */
void suspects_judge(struct judgement *judgement, uint32_t group);

#endif
