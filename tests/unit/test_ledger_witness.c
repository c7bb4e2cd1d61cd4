/* test_ledger_witness.c: the histories of offenders: true, in order, and honest about their gaps.
 */
#include "support/ledger_world.h"

struct expected_event {
    const char *actor, *what;
    bool is_exact;
};

static void expect_events(const struct witness *witness, const struct expected_event *events,
                          size_t count)
{
    assert_int_equal(witness->event_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(witness->events[i].actor, events[i].actor);
        assert_string_equal(witness->events[i].what, events[i].what);
        assert_int_equal(witness->events[i].is_exact, events[i].is_exact);
        if (i > 0)
            assert_true(witness->events[i].time_ns >= witness->events[i - 1].time_ns);
    }
}

static void tells_who_did_what_in_the_order_it_happened(void **state)
{
    static const struct expected_event events[] = {
        {"shop-1", "sent", false},        {"shop-1", "accepted", false},
        {"billing-1", "received", false}, {"billing-2", "received again", true},
        {"billing-2", "acked", true},     {"billing-1", "received again", true}};
    struct world world = world_begin(&(struct world_plan){.has_audit = true});
    struct ledger_delivery deliveries[6];
    const struct witness *witness;

    (void)state;
    world_send(&world, SHOP_1, 0, 10);
    world_deliver_batch(&world, BILLING_1, SHOP_1, 2, 6, deliveries);
    ledger_excuse(world.members[BILLING_1], LEDGER_CRASH, deliveries, 2, world.now_ns += 1000);
    world_process(&world, AUDIT_1, SHOP_1, 0, 10); /* another group's affair */
    world_process(&world, BILLING_2, SHOP_1, 5, 1);
    world_deliver(&world, BILLING_1, SHOP_1, 5);
    world_judge(&world, false);
    witness = world_witness(&world, ANOMALY_RESURRECTED);
    expect_events(witness, events, ARRAY_SIZE(events));
    assert_true(witness->is_history_complete);
    assert_string_equal(witness->producer, "shop-1");
    assert_string_equal(witness->stream, "orders");
    assert_string_equal(witness->group, "billing");
    assert_int_equal(witness->sequence, 5);
    assert_string_equal(witness->why, "acked by billing-2, then delivered to billing-1");
    world_end(&world);
}

static void names_the_member_that_held_a_stranded_message(void **state)
{
    static const struct expected_event events[] = {{"till-1", "sent", true},
                                                   {"till-1", "accepted", true},
                                                   {"billing-2", "received", true},
                                                   {"billing-2", "crashed", true}};
    struct world world = world_begin(&(struct world_plan){0});
    const struct witness *witness;

    (void)state;
    world_send(&world, TILL_1, 0, 1);
    world_excuse(&world, BILLING_2, LEDGER_CRASH, world_deliver(&world, BILLING_2, TILL_1, 0));
    world_judge(&world, true);
    witness = world_witness(&world, ANOMALY_STRANDED);
    expect_events(witness, events, ARRAY_SIZE(events));
    assert_string_equal(witness->why,
                        "delivered to billing-2, in the hands of a member that crashed, and "
                        "neither handed out again nor dead-lettered");
    assert_string_equal(witness->stream, "refunds");
    world_end(&world);
}

static void shows_the_delivery_of_what_no_track_knows(void **state)
{
    static const struct expected_event event = {"billing-1", "received", true};
    struct world world = world_begin(&(struct world_plan){0});
    const struct witness *witness;

    (void)state;
    world_receive(&world, BILLING_1, ORDERS, "{\"n\": 1}", 8);
    world_judge(&world, true);
    witness = world_witness(&world, ANOMALY_PHANTOM);
    expect_events(witness, &event, 1);
    assert_null(witness->producer);
    assert_true(witness->is_history_complete);
    assert_non_null(strstr(witness->why, "without our identity"));
    world_end(&world);
}

static void claims_nothing_of_a_run_that_a_message_was_not_in(void **state)
{
    static const struct expected_event events[] = {{"shop-1", "sent", false},
                                                   {"shop-1", "accepted", false}};
    struct world world = world_begin(&(struct world_plan){0});
    struct ledger_delivery deliveries[4];
    struct adapter_entry entries[4] = {0};
    char payloads[4][WORLD_PAYLOAD_MAX];

    (void)state;
    world_send(&world, SHOP_1, 0, 5);
    for (uint64_t i = 0; i < 4; i++) { /* 0 1 3 4 in one batch: 2 is not among them */
        struct identity identity = world_identity(&world, SHOP_1, i < 2 ? i : i + 1);

        entries[i].payload =
            (struct adapter_text){payloads[i], world_write(payloads[i], &identity)};
    }
    ledger_receive(world.members[BILLING_1], ORDERS, entries, 4, world.now_ns += 1000, deliveries);
    ledger_settle(world.members[BILLING_1], LEDGER_ACK, deliveries, 4, ADAPTER_DONE, true,
                  world.now_ns, world.now_ns + 1000);
    world_judge(&world, true);
    assert_int_equal(world_observed(&world), 1);
    expect_events(world_witness(&world, ANOMALY_LOST), events, ARRAY_SIZE(events));
    world_end(&world);
}

static void admits_what_the_log_no_longer_knows(void **state)
{
    struct world world = world_begin(&(struct world_plan){.log_bytes_max = 8192});
    const struct witness *witness;
    const struct witness *late = NULL;

    (void)state;
    for (uint64_t i = 0; i < 2000; i++) {
        world_send(&world, SHOP_1, i, 1);
        if (i != 3 && i != 1999)
            world_process(&world, BILLING_1, SHOP_1, i, 1);
    }
    world_judge(&world, true);
    assert_int_equal(world_anomalies(&world, ANOMALY_LOST).observed, 2);
    witness = world_witness(&world, ANOMALY_LOST);
    assert_int_equal(witness->sequence, 3);
    assert_int_equal(witness->event_count, 0);
    assert_false(witness->is_history_complete);
    late = witness + 1;
    assert_int_equal(late->sequence, 1999);
    assert_int_equal(late->event_count, 2);
    assert_true(late->is_history_complete);
    world_end(&world);
}

static void admits_that_a_member_may_have_received_it_once(void **state)
{
    struct world world = world_begin(&(struct world_plan){.log_bytes_max = 8192});

    (void)state;
    world_send(&world, SHOP_1, 0, 2000); /* one record: the sender forgets nothing */
    for (uint64_t i = 1; i < 2000; i++)
        world_process(&world, BILLING_1, SHOP_1, i, 1);
    world_judge(&world, true);
    assert_int_equal(world_witness(&world, ANOMALY_LOST)->sequence, 0);
    assert_int_equal(world_witness(&world, ANOMALY_LOST)->event_count, 2);
    assert_false(world_witness(&world, ANOMALY_LOST)->is_history_complete);
    world_end(&world);
}

static void leaves_room_in_the_log_for_those_who_speak_late(void **state)
{
    /* As much as one log of 2048 records would take, and next to nothing beside. */
    struct world world = world_begin(&(struct world_plan){.log_bytes_max = 56973});
    const struct witness *witness;

    (void)state;
    for (uint64_t i = 0; i < 5000; i++) /* more than would fit */
        world_send(&world, SHOP_1, i, 1);
    world_send(&world, TILL_1, 0, 1);
    world_deliver(&world, BILLING_2, TILL_1, 0);
    world_judge(&world, true);
    witness = world_witness(&world, ANOMALY_STRANDED);
    assert_int_equal(witness->event_count, 3);
    assert_string_equal(witness->events[2].actor, "billing-2");
    world_end(&world);
}

static void keeps_the_first_ten_of_each_family_and_group(void **state)
{
    struct world world = world_begin(&(struct world_plan){.has_audit = true});
    size_t count[2] = {0};

    (void)state;
    world_send(&world, SHOP_1, 0, 40);
    world_judge(&world, true);
    for (size_t i = 0; i < world.report->witness_count; i++) {
        const struct witness *witness = &world.report->witnesses[i];
        size_t group = strcmp(witness->group, "audit") == 0;

        assert_int_equal(witness->anomaly, ANOMALY_LOST);
        assert_int_equal(witness->sequence, count[group]++);
    }
    assert_int_equal(count[0], LEDGER_WITNESSES_MAX);
    assert_int_equal(count[1], LEDGER_WITNESSES_MAX);
    assert_int_equal(world_anomalies(&world, ANOMALY_LOST).observed, 80);
    world_end(&world);
}

static void puts_forbidden_witnesses_before_allowed_ones(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});

    (void)state;
    world_send(&world, SHOP_1, 0, 30);
    for (uint64_t i = 0; i < 30; i++) { /* all with a cause, but for the last */
        struct ledger_delivery delivery = world_deliver(&world, BILLING_1, SHOP_1, i);

        if (i < 29)
            world_nack(&world, BILLING_1, delivery);
        world_process(&world, BILLING_2, SHOP_1, i, 1);
    }
    world_judge(&world, true);
    assert_int_equal(world.report->witness_count, LEDGER_WITNESSES_MAX);
    assert_false(world.report->witnesses[0].is_allowed);
    assert_int_equal(world.report->witnesses[0].sequence, 29);
    for (size_t i = 1; i < LEDGER_WITNESSES_MAX; i++)
        assert_int_equal(world.report->witnesses[i].sequence, i - 1);
    world_end(&world);
}

static void outlives_its_ledger(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});

    (void)state;
    world_send(&world, SHOP_1, 0, 1);
    world_judge(&world, true);
    ledger_free(world.ledger);
    world.ledger = NULL;
    assert_string_equal(world.report->witnesses[0].events[0].actor, "shop-1");
    assert_string_equal(world.report->groups[0].name, "billing");
    world_end(&world);
}

static void cuts_a_history_that_goes_on_for_ever(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});
    const struct witness *witness;

    (void)state;
    world_send(&world, SHOP_1, 0, 1);
    for (int i = 0; i < 1000; i++)
        world_deliver(&world, BILLING_1, SHOP_1, 0);
    world_judge(&world, true);
    witness = world_witness(&world, ANOMALY_DUPLICATED);
    assert_in_range(witness->event_count, 10, 300);
    assert_false(witness->is_history_complete);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_who_did_what_in_the_order_it_happened),
        cmocka_unit_test(names_the_member_that_held_a_stranded_message),
        cmocka_unit_test(shows_the_delivery_of_what_no_track_knows),
        cmocka_unit_test(claims_nothing_of_a_run_that_a_message_was_not_in),
        cmocka_unit_test(admits_what_the_log_no_longer_knows),
        cmocka_unit_test(admits_that_a_member_may_have_received_it_once),
        cmocka_unit_test(leaves_room_in_the_log_for_those_who_speak_late),
        cmocka_unit_test(keeps_the_first_ten_of_each_family_and_group),
        cmocka_unit_test(puts_forbidden_witnesses_before_allowed_ones),
        cmocka_unit_test(outlives_its_ledger),
        cmocka_unit_test(cuts_a_history_that_goes_on_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
