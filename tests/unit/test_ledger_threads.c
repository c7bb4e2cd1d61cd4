/* test_ledger_threads.c: members of one group on four threads, and counts that come out exact. */
#include <pthread.h>
#include <stdatomic.h>

#include "support/ledger_world.h"

#define THREADS  4u
#define MESSAGES 4096u
#define BATCH    32u

struct room {
    struct ledger *ledger;
    struct ledger_receiver *receivers[THREADS];
    _Atomic uint64_t attempted; /* messages that may be delivered by now */
    _Atomic unsigned arrivals;
};

struct worker {
    struct room *room;
    unsigned index;
    pthread_t thread;
};

/* The threads begin together, so that they do meet. */
static void meet(struct room *room)
{
    atomic_fetch_add(&room->arrivals, 1);
    while (atomic_load(&room->arrivals) < THREADS + 1)
        ;
}

static size_t write_batch(char payloads[][WORLD_PAYLOAD_MAX], struct adapter_entry *entries,
                          uint64_t first)
{
    for (uint64_t i = 0; i < BATCH; i++) {
        struct identity identity = {.run = WORLD_RUN, .track = SHOP_1, .sequence = first + i};

        entries[i] =
            (struct adapter_entry){.payload = {payloads[i], world_write(payloads[i], &identity)}};
    }
    return BATCH;
}

/* Receives and acks every message, as all the others do. */
static void *consume(void *context)
{
    struct worker *worker = context;
    struct room *room = worker->room;
    struct ledger_receiver *receiver = room->receivers[worker->index];
    char payloads[BATCH][WORLD_PAYLOAD_MAX];
    struct adapter_entry entries[BATCH];
    struct ledger_delivery deliveries[BATCH];

    meet(room);
    for (uint64_t first = 0; first < MESSAGES; first += BATCH) {
        while (atomic_load(&room->attempted) < first + BATCH)
            ;
        write_batch(payloads, entries, first);
        ledger_receive(receiver, ORDERS, entries, BATCH, first + 1, deliveries);
        ledger_settle(receiver, LEDGER_ACK, deliveries, BATCH, ADAPTER_DONE, true, first + 1,
                      first + 2);
        (void)ledger_count(room->ledger, -1);
    }
    return NULL;
}

static void produce(struct room *room)
{
    struct ledger_sender *sender = ledger_sender(room->ledger, SHOP_1);

    meet(room);
    for (uint64_t first = 0; first < MESSAGES; first += BATCH) {
        ledger_attempt(sender, first, BATCH, first);
        atomic_store(&room->attempted, first + BATCH);
        ledger_publish_ended(sender, first, BATCH, ADAPTER_DONE, 1, first + 1);
    }
}

static void counts_exactly_although_four_threads_race_for_every_message(void **state)
{
    struct world_plan plan = {.is_shared = true};
    struct room room = {.ledger = world_ledger(&plan)};
    struct worker workers[THREADS] = {0};
    struct ledger_counts counts;
    struct ledger_report *report;

    (void)state;
    for (unsigned i = 0; i < THREADS; i++) {
        char name[16];

        snprintf(name, sizeof(name), "billing-%u", i + 1);
        room.receivers[i] = ledger_receiver_new(room.ledger, BILLING, name);
        workers[i].room = &room;
        workers[i].index = i;
        assert_int_equal(pthread_create(&workers[i].thread, NULL, consume, &workers[i]), 0);
    }
    produce(&room);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    counts = ledger_count(room.ledger, BILLING);
    assert_int_equal(counts.accepted, MESSAGES);
    assert_int_equal(counts.first, MESSAGES);
    assert_int_equal(counts.again, MESSAGES * (THREADS - 1));
    assert_int_equal(counts.first_accepted, MESSAGES);
    assert_int_equal(counts.settled, MESSAGES);
    assert_int_equal(counts.outstanding, 0);
    report = ledger_judge(room.ledger, true);
    assert_int_equal(report->anomalies[ANOMALY_LOST].observed, 0);
    assert_int_equal(report->anomalies[ANOMALY_DUPLICATED].observed +
                         report->anomalies[ANOMALY_RESURRECTED].observed,
                     MESSAGES * (THREADS - 1));
    ledger_report_free(report);
    ledger_free(room.ledger);
}

/* A receiver of its own, made while others are at work. */
static void *join_and_leave(void *context)
{
    struct worker *worker = context;
    struct room *room = worker->room;
    struct identity identity = {.run = WORLD_RUN, .track = TILL_1, .sequence = worker->index};
    char payload[WORLD_PAYLOAD_MAX];
    struct adapter_entry entry = {.payload = {payload, world_write(payload, &identity)}};
    struct ledger_delivery delivery;
    struct ledger_receiver *receiver;

    meet(room);
    receiver = ledger_receiver_new(room->ledger, BILLING, "billing");
    ledger_receive(receiver, REFUNDS, &entry, 1, 1, &delivery);
    ledger_excuse(receiver, LEDGER_CRASH, &delivery, 1, 2);
    ledger_dead_letter(room->ledger, REFUNDS, BILLING, payload, entry.payload.size);
    return NULL;
}

static void takes_in_members_while_others_are_at_work(void **state)
{
    struct world_plan plan = {.is_shared = true, .keeps_no_position = true};
    struct room room = {.ledger = world_ledger(&plan)};
    struct worker workers[THREADS] = {0};
    struct ledger_counts counts;

    (void)state;
    ledger_attempt(ledger_sender(room.ledger, TILL_1), 0, THREADS, 1);
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i].room = &room;
        workers[i].index = i;
        assert_int_equal(pthread_create(&workers[i].thread, NULL, join_and_leave, &workers[i]), 0);
    }
    meet(&room);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    counts = ledger_count(room.ledger, BILLING);
    assert_int_equal(counts.first, THREADS);
    assert_int_equal(counts.dead_lettered, THREADS);
    ledger_free(room.ledger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_exactly_although_four_threads_race_for_every_message),
        cmocka_unit_test(takes_in_members_while_others_are_at_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
