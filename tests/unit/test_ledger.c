/* test_ledger.c: counts that are exact in every order of events, and the memory they cost. */
#include "support/ledger_world.h"

#define MEMORY_MESSAGES 10000000ull

static void counts_what_is_accepted_delivered_and_settled(void **state)
{
    struct world world = world_begin(&(struct world_plan){.has_audit = true});
    struct ledger_counts counts;

    (void)state;
    world_send(&world, SHOP_1, 0, 10);
    world_send(&world, TILL_1, 0, 5);
    world_attempt(&world, SHOP_2, 0, 3);
    world_ended(&world, SHOP_2, 0, 1, ADAPTER_REFUSED, 1);
    world_ended(&world, SHOP_2, 1, 1, ADAPTER_UNKNOWN, 1);
    world_process(&world, BILLING_1, SHOP_1, 0, 6);
    world_nack(&world, BILLING_2, world_deliver(&world, BILLING_2, TILL_1, 0));
    world_deliver(&world, BILLING_2, TILL_1, 0);

    counts = ledger_count(world.ledger, BILLING);
    assert_int_equal(counts.attempted, 18);
    assert_int_equal(counts.accepted, 15);
    assert_int_equal(counts.refused, 1);
    assert_int_equal(counts.unknown, 1);
    assert_int_equal(counts.first, 7);
    assert_int_equal(counts.again, 1);
    assert_int_equal(counts.first_accepted, 7);
    assert_int_equal(counts.settled, 6);
    assert_int_equal(counts.nacked, 1);
    assert_int_equal(counts.outstanding, 9);
    assert_int_equal(ledger_count(world.ledger, AUDIT).outstanding, 15);
    assert_int_equal(ledger_count(world.ledger, -1).outstanding, 24);
    assert_int_equal(ledger_count(world.ledger, -1).accepted, 15);
    world_end(&world);
}

/* Steps of one message in every order that can happen. */
enum step { ACCEPT, DELIVER, ACK };

static void counts_the_same_in_every_order(void **state)
{
    static const enum step orders[][3] = {
        {ACCEPT, DELIVER, ACK}, {DELIVER, ACCEPT, ACK}, {DELIVER, ACK, ACCEPT}};
    static const bool choices[] = {false, true};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(orders) * 4; i++) {
        struct world world = world_begin(
            &(struct world_plan){.is_shared = choices[i / 3 % 2], .never_settles = choices[i / 6]});
        struct ledger_delivery delivery = {0};
        struct ledger_counts counts;

        world_attempt(&world, SHOP_1, 0, 1);
        for (size_t step = 0; step < 3; step++) {
            if (orders[i % 3][step] == ACCEPT)
                world_ended(&world, SHOP_1, 0, 1, ADAPTER_DONE, 1);
            else if (orders[i % 3][step] == DELIVER)
                delivery = world_deliver(&world, BILLING_1, SHOP_1, 0);
            else
                world_ack(&world, BILLING_1, delivery);
        }
        counts = ledger_count(world.ledger, BILLING);
        assert_int_equal(counts.first_accepted, 1);
        assert_int_equal(counts.settled, 1);
        assert_int_equal(counts.outstanding, 0);
        world_end(&world);
    }
}

static void is_never_owed_what_was_not_accepted(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});

    (void)state;
    world_send(&world, SHOP_1, 0, 2);
    world_attempt(&world, SHOP_1, 2, 3);
    world_ended(&world, SHOP_1, 2, 3, ADAPTER_UNKNOWN, 1);
    world_process(&world, BILLING_1, SHOP_1, 2, 3);
    assert_int_equal(ledger_count(world.ledger, BILLING).outstanding, 2);
    assert_int_equal(ledger_count(world.ledger, BILLING).first, 3);
    assert_int_equal(ledger_count(world.ledger, BILLING).first_accepted, 0);
    world_process(&world, BILLING_1, SHOP_1, 0, 2);
    assert_int_equal(ledger_count(world.ledger, BILLING).outstanding, 0);
    world_end(&world);
}

static void is_done_with_a_delivered_message_where_nobody_settles(void **state)
{
    struct world world = world_begin(&(struct world_plan){.never_settles = true});

    (void)state;
    world_send(&world, SHOP_1, 0, 2);
    world_deliver(&world, BILLING_1, SHOP_1, 0);
    world_deliver(&world, BILLING_1, SHOP_1, 0);
    assert_int_equal(ledger_count(world.ledger, BILLING).outstanding, 1);
    world_end(&world);
}

static void hands_out_nothing_to_settle_for_a_refused_message(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});
    struct ledger_delivery delivery;

    (void)state;
    world_attempt(&world, SHOP_1, 0, 1);
    world_ended(&world, SHOP_1, 0, 1, ADAPTER_REFUSED, 1);
    delivery = world_deliver(&world, BILLING_1, SHOP_1, 0);
    assert_int_equal(delivery.arrival, LEDGER_BROKEN);
    world_ack(&world, BILLING_1, delivery);
    assert_int_equal(ledger_count(world.ledger, BILLING).first, 0);
    assert_int_equal(ledger_count(world.ledger, BILLING).settled, 0);
    world_end(&world);
}

static void settles_a_message_once_however_often_it_is_acked(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});
    struct ledger_delivery delivery;

    (void)state;
    world_send(&world, SHOP_1, 0, 2);
    delivery = world_deliver(&world, BILLING_1, SHOP_1, 0);
    world_ack(&world, BILLING_1, delivery);
    world_ack(&world, BILLING_2, delivery);
    world_nack(&world, BILLING_2, delivery);
    assert_int_equal(ledger_count(world.ledger, BILLING).settled, 1);
    assert_int_equal(ledger_count(world.ledger, BILLING).outstanding, 1);
    world_end(&world);
}

static void keeps_the_strongest_end_of_a_message_sent_again(void **state)
{
    static const struct {
        enum adapter_outcome first, second;
        uint64_t accepted, refused, unknown;
    } rows[] = {
        {ADAPTER_REFUSED, ADAPTER_DONE, 1, 0, 0},    {ADAPTER_UNKNOWN, ADAPTER_DONE, 1, 0, 0},
        {ADAPTER_UNKNOWN, ADAPTER_REFUSED, 0, 0, 1}, {ADAPTER_REFUSED, ADAPTER_REFUSED, 0, 1, 0},
        {ADAPTER_DONE, ADAPTER_UNKNOWN, 1, 0, 0},    {ADAPTER_REFUSED, ADAPTER_UNKNOWN, 0, 0, 1}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct world world = world_begin(&(struct world_plan){0});
        struct ledger_counts counts;

        world_attempt(&world, SHOP_1, 0, 1);
        world_ended(&world, SHOP_1, 0, 1, rows[i].first, 1);
        world_attempt(&world, SHOP_1, 0, 1);
        world_ended(&world, SHOP_1, 0, 1, rows[i].second, 1);
        counts = ledger_count(world.ledger, BILLING);
        assert_int_equal(counts.attempted, 1);
        assert_int_equal(counts.accepted, rows[i].accepted);
        assert_int_equal(counts.refused, rows[i].refused);
        assert_int_equal(counts.unknown, rows[i].unknown);
        assert_int_equal(counts.outstanding, rows[i].accepted);
        world_end(&world);
    }
}

static void tells_first_from_again_up_to_three(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});
    struct ledger_delivery delivery;

    (void)state;
    world_send(&world, SHOP_1, 0, 1);
    for (int i = 1; i <= 5; i++) {
        delivery = world_deliver(&world, BILLING_1, SHOP_1, 0);
        assert_int_equal(delivery.arrival, i == 1 ? LEDGER_FIRST : LEDGER_AGAIN);
        assert_int_equal(delivery.count, i < 3 ? i : 3);
        assert_int_equal(delivery.track, SHOP_1);
        assert_int_equal(delivery.stream, ORDERS);
        assert_int_equal(delivery.intended_ns, 1000);
    }
    world_judge(&world, true);
    assert_int_equal(world_anomalies(&world, ANOMALY_DUPLICATED).observed, 4);
    world_end(&world);
}

static void passes_over_what_cannot_be_settled(void **state)
{
    struct world world = world_begin(&(struct world_plan){.is_public = true});
    struct ledger_delivery deliveries[3];

    (void)state;
    world_send(&world, SHOP_1, 0, 2);
    deliveries[0] = world_deliver(&world, BILLING_1, SHOP_1, 0);
    deliveries[1] = world_receive(&world, BILLING_1, ORDERS, "[]", 2);
    deliveries[2] = world_deliver(&world, BILLING_1, SHOP_1, 1);
    ledger_settle(world.members[BILLING_1], LEDGER_ACK, deliveries, 3, ADAPTER_DONE, true,
                  world.now_ns, world.now_ns);
    ledger_excuse(world.members[BILLING_1], LEDGER_CRASH, deliveries, 3, world.now_ns);
    assert_int_equal(ledger_count(world.ledger, BILLING).settled, 2);
    assert_int_equal(ledger_count(world.ledger, BILLING).outstanding, 0);
    world_end(&world);
}

static void loses_its_place_at_no_page_boundary(void **state)
{
    enum { TOTAL = 140000, BATCH = 500 };
    struct world world = world_begin(&(struct world_plan){0});
    struct ledger_delivery deliveries[BATCH];

    (void)state;
    for (uint64_t first = 0; first < TOTAL; first += BATCH)
        world_send(&world, SHOP_1, first, BATCH);
    for (uint64_t first = 0; first < TOTAL; first += BATCH) {
        world_deliver_batch(&world, BILLING_1, SHOP_1, first, BATCH, deliveries);
        for (uint64_t i = 0; i < BATCH; i++)
            assert_int_equal(deliveries[i].sequence, first + i);
        ledger_settle(world.members[BILLING_1], LEDGER_ACK, deliveries, BATCH, ADAPTER_DONE, true,
                      world.now_ns, world.now_ns);
    }
    world_judge(&world, true);
    assert_int_equal(world_observed(&world), 0);
    assert_int_equal(world.report->groups[BILLING].expected, TOTAL);
    assert_int_equal(world.report->groups[BILLING].settled, TOTAL);
    world_end(&world);
}

static void finds_the_one_lost_message_of_many(void **state)
{
    static const uint64_t places[] = {0, 1023, 65536, 69999};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        struct world world = world_begin(&(struct world_plan){0});
        struct ledger_delivery deliveries[500];

        world_send(&world, SHOP_1, 0, 70000);
        for (uint64_t first = 0; first < 70000; first += 500) {
            uint64_t before = places[i] - first < 500 ? places[i] - first : 500;

            world_deliver_batch(&world, BILLING_1, SHOP_1, first, before, deliveries);
            if (before < 500)
                world_deliver_batch(&world, BILLING_1, SHOP_1, first + before + 1, 499 - before,
                                    deliveries);
        }
        world_judge(&world, true);
        assert_int_equal(world_anomalies(&world, ANOMALY_LOST).observed, 1);
        assert_int_equal(world_witness(&world, ANOMALY_LOST)->sequence, places[i]);
        world_end(&world);
    }
}

static void costs_a_byte_per_message_and_one_per_message_and_group(void **state)
{
    struct world_plan plan = {.log_bytes_max = 1 << 20};
    struct ledger *ledger = world_ledger(&plan);
    struct ledger_sender *sender = ledger_sender(ledger, SHOP_1);
    size_t one, both;

    (void)state;
    for (uint64_t first = 0; first < MEMORY_MESSAGES; first += 1000)
        ledger_attempt(sender, first, 1000, first);
    one = ledger_memory(ledger);
    for (uint64_t first = 0; first < MEMORY_MESSAGES; first += 1000)
        ledger_publish_ended(sender, first, 1000, ADAPTER_DONE, 1, first);
    both = ledger_memory(ledger);
    assert_true(one - plan.log_bytes_max <= MEMORY_MESSAGES * 11 / 10);
    assert_true(both - one <= MEMORY_MESSAGES * 11 / 10);
    assert_true(both >= 2 * MEMORY_MESSAGES);
    assert_int_equal(ledger_count(ledger, BILLING).outstanding, MEMORY_MESSAGES);
    ledger_free(ledger);
}

static void keeps_its_logs_within_their_bound(void **state)
{
    struct world world = world_begin(&(struct world_plan){.log_bytes_max = 1 << 16});
    size_t before;

    (void)state;
    world_send(&world, SHOP_1, 0, 1);
    before = ledger_memory(world.ledger);
    for (int i = 0; i < 20000; i++) { /* every one is written down */
        world_ended(&world, SHOP_1, 0, 1, ADAPTER_DONE, 1);
        world_deliver(&world, BILLING_1 + (uint32_t)(i & 1), SHOP_1, 0);
    }
    assert_true(ledger_memory(world.ledger) - before <= 1 << 16);
    world_end(&world);
}

static void counts_without_looking_when_nothing_is_verified(void **state)
{
    struct world world = world_begin(&(struct world_plan){.is_unverified = true});
    struct ledger_delivery delivery;

    (void)state;
    world_send(&world, SHOP_1, 0, 2);
    delivery = world_receive(&world, BILLING_1, ORDERS, "anything", 8);
    assert_int_equal(delivery.arrival, LEDGER_FIRST);
    assert_int_equal(delivery.count, 1);
    assert_int_equal(delivery.stream, ORDERS);
    assert_int_equal(ledger_count(world.ledger, BILLING).outstanding, 2);
    world_ack(&world, BILLING_1, delivery);
    world_nack(&world, BILLING_1, delivery);
    world_excuse(&world, BILLING_1, LEDGER_CRASH, delivery);
    ledger_read_unknown(world.members[BILLING_1], ORDERS, 1, world.now_ns);
    ledger_epoch(world.members[BILLING_1]);
    ledger_dead_letter(world.ledger, ORDERS, BILLING, "{}", 2);
    assert_int_equal(ledger_count(world.ledger, BILLING).first, 1);
    assert_int_equal(ledger_count(world.ledger, BILLING).settled, 1);
    assert_int_equal(ledger_count(world.ledger, BILLING).outstanding, 1);
    world_judge(&world, true);
    assert_int_equal(world_observed(&world), 0);
    assert_int_equal(world.report->accepted, 2);
    world_end(&world);
}

static void can_be_judged_again_with_the_same_result(void **state)
{
    struct world world = world_begin(&(struct world_plan){.redelivery_time_ns = SECOND});

    (void)state;
    world_send(&world, SHOP_1, 0, 5);
    world_deliver(&world, BILLING_1, SHOP_1, 1);
    world.now_ns += 2 * SECOND;
    world_process(&world, BILLING_2, SHOP_1, 1, 1);
    for (int i = 0; i < 2; i++) {
        world_judge(&world, true);
        assert_int_equal(world_anomalies(&world, ANOMALY_LOST).observed, 4);
        assert_int_equal(world_anomalies(&world, ANOMALY_DUPLICATED).caused, 1);
        assert_int_equal(world.report->witness_count, 5);
    }
    world_end(&world);
}

static void lets_go_of_nothing_at_all(void **state)
{
    (void)state;
    ledger_free(NULL);
    ledger_report_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_what_is_accepted_delivered_and_settled),
        cmocka_unit_test(counts_the_same_in_every_order),
        cmocka_unit_test(is_never_owed_what_was_not_accepted),
        cmocka_unit_test(is_done_with_a_delivered_message_where_nobody_settles),
        cmocka_unit_test(hands_out_nothing_to_settle_for_a_refused_message),
        cmocka_unit_test(settles_a_message_once_however_often_it_is_acked),
        cmocka_unit_test(keeps_the_strongest_end_of_a_message_sent_again),
        cmocka_unit_test(tells_first_from_again_up_to_three),
        cmocka_unit_test(passes_over_what_cannot_be_settled),
        cmocka_unit_test(loses_its_place_at_no_page_boundary),
        cmocka_unit_test(finds_the_one_lost_message_of_many),
        cmocka_unit_test(costs_a_byte_per_message_and_one_per_message_and_group),
        cmocka_unit_test(keeps_its_logs_within_their_bound),
        cmocka_unit_test(counts_without_looking_when_nothing_is_verified),
        cmocka_unit_test(can_be_judged_again_with_the_same_result),
        cmocka_unit_test(lets_go_of_nothing_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
