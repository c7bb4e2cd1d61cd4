/* ledger_world.h: a small run told to a ledger directly: who sends, who receives, and how to lie.
 */
#ifndef SUPPORT_LEDGER_WORLD_H
#define SUPPORT_LEDGER_WORLD_H

#include <stdio.h>
#include <string.h>

#include "base/identity.h"
#include "ledger/ledger.h"
#include "support/unit.h"

#define WORLD_RUN         0x5EEDu
#define WORLD_BODY        "\"coffee\""
#define WORLD_PAYLOAD_MAX 128u
#define SECOND            1000000000ull

enum { ORDERS, REFUNDS, WORLD_STREAMS };         /* streams */
enum { SHOP_1, SHOP_2, TILL_1, WORLD_TRACKS };   /* the shops send orders, the till refunds */
enum { BILLING_1, BILLING_2, AUDIT_1, MEMBERS }; /* members of the groups billing and audit */
enum { BILLING, AUDIT };

struct world_plan {
    uint32_t capabilities; /* 0: all */
    bool is_public;        /* others know the names of the streams */
    bool is_shared, is_unverified;
    bool keeps_no_position; /* the groups get what is published while they are there */
    bool never_settles;
    bool has_audit;
    uint64_t redelivery_time_ns;
    uint64_t log_bytes_max;
};

struct world {
    struct ledger *ledger;
    struct ledger_sender *senders[WORLD_TRACKS];
    struct ledger_receiver *members[MEMBERS];
    struct ledger_report *report;
    uint64_t now_ns;
};

static inline uint32_t world_stream_of(uint32_t track)
{
    return track == TILL_1 ? REFUNDS : ORDERS;
}

static inline struct ledger *world_ledger(const struct world_plan *plan)
{
    const uint32_t both[] = {ORDERS, REFUNDS};
    const uint32_t capabilities =
        plan->capabilities ? plan->capabilities : ADAPTER_TIER_ENTERPRISE_STREAMING;
    const struct ledger_stream_plan stream = {.name = "orders",
                                              .capabilities = capabilities,
                                              .is_private = !plan->is_public,
                                              .redelivery_time_ns = plan->redelivery_time_ns};
    struct ledger_stream_plan streams[WORLD_STREAMS] = {stream, stream};
    const struct ledger_track_plan tracks[] = {{.producer = "shop-1", .stream = ORDERS},
                                               {.producer = "shop-2", .stream = ORDERS},
                                               {.producer = "till-1", .stream = REFUNDS}};
    const struct ledger_group_plan group = {.name = "billing",
                                            .streams = both,
                                            .stream_count = 2,
                                            .settles = !plan->never_settles,
                                            .from_start = !plan->keeps_no_position};
    struct ledger_group_plan groups[] = {group, group};
    struct ledger_plan whole = {.run = WORLD_RUN,
                                .shared = plan->is_shared,
                                .is_verified = !plan->is_unverified,
                                .streams = streams,
                                .stream_count = WORLD_STREAMS,
                                .tracks = tracks,
                                .track_count = WORLD_TRACKS,
                                .groups = groups,
                                .group_count = plan->has_audit ? 2 : 1,
                                .log_bytes_max = plan->log_bytes_max};

    streams[REFUNDS].name = "refunds";
    groups[AUDIT].name = "audit";
    return ledger_new(&whole);
}

static inline struct world world_begin(const struct world_plan *plan)
{
    struct world world = {.ledger = world_ledger(plan), .now_ns = 1000};

    for (uint32_t i = 0; i < WORLD_TRACKS; i++)
        world.senders[i] = ledger_sender(world.ledger, i);
    world.members[BILLING_1] = ledger_receiver_new(world.ledger, BILLING, "billing-1");
    world.members[BILLING_2] = ledger_receiver_new(world.ledger, BILLING, "billing-2");
    if (plan->has_audit)
        world.members[AUDIT_1] = ledger_receiver_new(world.ledger, AUDIT, "audit-1");
    return world;
}

static inline void world_end(struct world *world)
{
    ledger_report_free(world->report);
    ledger_free(world->ledger);
    *world = (struct world){0};
}

/* Judge anew. */
static inline struct ledger_report *world_judge(struct world *world, bool is_drained)
{
    ledger_report_free(world->report);
    world->report = ledger_judge(world->ledger, is_drained);
    return world->report;
}

/* --- Sending -------------------------------------------------------------------------------------
 */

static inline void world_attempt(struct world *world, uint32_t track, uint64_t first,
                                 uint64_t count)
{
    ledger_attempt(world->senders[track], first, count, world->now_ns += 1000);
}

static inline void world_ended(struct world *world, uint32_t track, uint64_t first, uint64_t count,
                               enum adapter_outcome outcome, uint32_t attempts)
{
    ledger_publish_ended(world->senders[track], first, count, outcome, attempts,
                         world->now_ns += 1000);
}

static inline void world_send(struct world *world, uint32_t track, uint64_t first, uint64_t count)
{
    world_attempt(world, track, first, count);
    world_ended(world, track, first, count, ADAPTER_DONE, 1);
}

/* --- Receiving -----------------------------------------------------------------------------------
 */

static inline size_t world_write(char *payload, const struct identity *identity)
{
    const size_t body_size = sizeof(WORLD_BODY) - 1;

    memcpy(payload + IDENTITY_BODY_OFFSET, WORLD_BODY, body_size);
    payload[IDENTITY_BODY_OFFSET + body_size] = '}';
    identity_write(payload, identity, identity_body_digest(WORLD_BODY, body_size));
    return IDENTITY_BODY_OFFSET + body_size + 1;
}

static inline struct identity world_identity(const struct world *world, uint32_t track,
                                             uint64_t sequence)
{
    (void)world;
    return (struct identity){
        .run = WORLD_RUN, .track = track, .sequence = sequence, .intended_ns = 1000};
}

/* Any bytes, on any stream. */
static inline struct ledger_delivery world_receive(struct world *world, uint32_t member,
                                                   uint32_t stream, const char *payload,
                                                   size_t size)
{
    struct adapter_entry entry = {.payload = {payload, size}};
    struct ledger_delivery delivery;

    memset(&delivery, 0xEE, sizeof(delivery));
    ledger_receive(world->members[member], stream, &entry, 1, world->now_ns += 1000, &delivery);
    return delivery;
}

static inline struct ledger_delivery world_deliver(struct world *world, uint32_t member,
                                                   uint32_t track, uint64_t sequence)
{
    struct identity identity = world_identity(world, track, sequence);
    char payload[WORLD_PAYLOAD_MAX];
    size_t size = world_write(payload, &identity);

    return world_receive(world, member, world_stream_of(track), payload, size);
}

/* A batch of consecutive messages. */
static inline void world_deliver_batch(struct world *world, uint32_t member, uint32_t track,
                                       uint64_t first, size_t count, struct ledger_delivery *ret)
{
    static _Thread_local char payloads[512][WORLD_PAYLOAD_MAX];
    static _Thread_local struct adapter_entry entries[512];

    assert_true(count <= 512);
    for (size_t i = 0; i < count; i++) {
        struct identity identity = world_identity(world, track, first + i);

        entries[i] =
            (struct adapter_entry){.payload = {payloads[i], world_write(payloads[i], &identity)}};
    }
    ledger_receive(world->members[member], world_stream_of(track), entries, count,
                   world->now_ns += 1000, ret);
}

/* --- Settling ------------------------------------------------------------------------------------
 */

static inline void world_settle(struct world *world, uint32_t member, enum ledger_settling settling,
                                struct ledger_delivery delivery, enum adapter_outcome outcome,
                                bool accepted)
{
    world->now_ns += 1000;
    ledger_settle(world->members[member], settling, &delivery, 1, outcome, accepted,
                  world->now_ns - 500, world->now_ns);
}

static inline void world_ack(struct world *world, uint32_t member, struct ledger_delivery delivery)
{
    world_settle(world, member, LEDGER_ACK, delivery, ADAPTER_DONE, true);
}

static inline void world_nack(struct world *world, uint32_t member, struct ledger_delivery delivery)
{
    world_settle(world, member, LEDGER_NACK, delivery, ADAPTER_DONE, true);
}

static inline void world_excuse(struct world *world, uint32_t member, enum ledger_cause cause,
                                struct ledger_delivery delivery)
{
    ledger_excuse(world->members[member], cause, &delivery, 1, world->now_ns += 1000);
}

/* Delivered and acked, as it should be. */
static inline void world_process(struct world *world, uint32_t member, uint32_t track,
                                 uint64_t first, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        world_ack(world, member, world_deliver(world, member, track, first + i));
}

/* --- Asking --------------------------------------------------------------------------------------
 */

static inline struct anomaly_count world_anomalies(const struct world *world, enum anomaly anomaly)
{
    return world->report->anomalies[anomaly];
}

static inline uint64_t world_disallowed(const struct world *world)
{
    uint64_t sum = 0;

    for (int i = 0; i < ANOMALY_FAMILIES; i++)
        sum += world->report->anomalies[i].disallowed;
    return sum;
}

static inline uint64_t world_observed(const struct world *world)
{
    uint64_t sum = 0;

    for (int i = 0; i < ANOMALY_FAMILIES; i++)
        sum += world->report->anomalies[i].observed;
    return sum;
}

/* The first witness of a family; there must be one. */
static inline const struct witness *world_witness(const struct world *world, enum anomaly anomaly)
{
    static const struct witness none = {0};

    for (size_t i = 0; i < world->report->witness_count; i++)
        if (world->report->witnesses[i].anomaly == anomaly)
            return &world->report->witnesses[i];
    fail_msg("no witness of %s", anomaly_name(anomaly));
    return &none;
}

#endif
