/* test_checks.c: every family of anomalies is proved by a lie, and an honest history by none. */
#include "support/ledger_world.h"

/* --- An honest history
 * ---------------------------------------------------------------------------- */

static void finds_nothing_in_an_honest_history(void **state)
{
    struct world world = world_begin(&(struct world_plan){.has_audit = true});

    (void)state;
    world_send(&world, SHOP_1, 0, 50);
    world_send(&world, SHOP_2, 0, 50);
    world_send(&world, TILL_1, 0, 10);
    for (uint32_t member = BILLING_1; member <= AUDIT_1; member += AUDIT_1) {
        world_process(&world, member, SHOP_1, 0, 50);
        world_process(&world, member, SHOP_2, 0, 50);
        world_process(&world, member, TILL_1, 0, 10);
    }
    world_judge(&world, true);
    assert_int_equal(world_observed(&world), 0);
    assert_int_equal(world.report->witness_count, 0);
    assert_int_equal(world.report->group_count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(world.report->groups[i].expected, 110);
        assert_int_equal(world.report->groups[i].first, 110);
        assert_int_equal(world.report->groups[i].settled, 110);
        assert_int_equal(world.report->groups[i].again, 0);
    }
    assert_string_equal(world.report->groups[AUDIT].name, "audit");
    world_end(&world);
}

/* --- Lies
 * ------------------------------------------------------------------------------------------ */

/* Ten messages were sent; all but those that the lie is about are processed by billing-1. */
struct lie {
    const char *name;
    enum anomaly anomaly;
    void (*tell)(struct world *world);
    uint32_t forbidden_by; /* without one of these it is only observed; 0: always forbidden */
    uint64_t skipped;      /* a message that only the lie delivers; 99: none */
};

static void drop_one(struct world *world)
{
    (void)world;
}

static void duplicate_one(struct world *world)
{
    world_deliver(world, BILLING_1, SHOP_1, 9);
    world_ack(world, BILLING_2, world_deliver(world, BILLING_2, SHOP_1, 9));
}

static void deliver_late(struct world *world)
{
    world_process(world, BILLING_1, SHOP_1, 4, 1);
}

static void corrupt_a_byte(struct world *world)
{
    struct identity identity = world_identity(world, SHOP_1, 4);
    char payload[WORLD_PAYLOAD_MAX];
    size_t size = world_write(payload, &identity);

    payload[IDENTITY_BODY_OFFSET + 3] ^= 1;
    world_receive(world, BILLING_1, ORDERS, payload, size);
}

static void deliver_on_another_stream(struct world *world)
{
    struct identity identity = world_identity(world, SHOP_1, 4);
    char payload[WORLD_PAYLOAD_MAX];
    size_t size = world_write(payload, &identity);

    world_receive(world, BILLING_1, REFUNDS, payload, size);
}

static void deliver_a_refused_one(struct world *world)
{
    world_attempt(world, SHOP_2, 0, 1);
    world_ended(world, SHOP_2, 0, 1, ADAPTER_REFUSED, 1);
    world_deliver(world, BILLING_1, SHOP_2, 0);
}

static void refuse_a_delivered_one(struct world *world)
{
    world_attempt(world, SHOP_2, 0, 1);
    world_process(world, BILLING_1, SHOP_2, 0, 1);
    world_ended(world, SHOP_2, 0, 1, ADAPTER_REFUSED, 1);
}

static void invent_the_next_one(struct world *world)
{
    world_deliver(world, BILLING_1, SHOP_1, 10);
}

static void invent_one_far_away(struct world *world)
{
    world_deliver(world, BILLING_1, SHOP_1, IDENTITY_SEQUENCE_MAX);
}

static void invent_an_entry(struct world *world)
{
    world_receive(world, BILLING_1, ORDERS, "{\"n\": 1}", 8);
}

static void deliver_after_the_ack(struct world *world)
{
    world_deliver(world, BILLING_2, SHOP_1, 3);
}

static void strand_one(struct world *world)
{
    world_deliver(world, BILLING_2, SHOP_1, 9);
}

static void forget_a_nacked_one(struct world *world)
{
    world_nack(world, BILLING_2, world_deliver(world, BILLING_2, SHOP_1, 9));
}

static const struct lie lies[] = {
    {"a dropped message", ANOMALY_LOST, drop_one, ADAPTER_DELIVERY_GUARANTEES, 9},
    {"a message delivered twice", ANOMALY_DUPLICATED, duplicate_one, ADAPTER_CONSUMER_GROUPS, 9},
    {"two messages swapped", ANOMALY_REORDERED, deliver_late, ADAPTER_MESSAGE_ORDERING, 4},
    {"a damaged byte", ANOMALY_CORRUPTED, corrupt_a_byte, 0, 99},
    {"another stream", ANOMALY_MISROUTED, deliver_on_another_stream, 0, 99},
    {"refused, then delivered", ANOMALY_PHANTOM, deliver_a_refused_one, 0, 99},
    {"delivered, then refused", ANOMALY_PHANTOM, refuse_a_delivered_one, 0, 99},
    {"the next one before it was sent", ANOMALY_PHANTOM, invent_the_next_one, 0, 99},
    {"a message that nobody can have sent", ANOMALY_PHANTOM, invent_one_far_away, 0, 99},
    {"an entry from nowhere", ANOMALY_PHANTOM, invent_an_entry, 0, 99},
    {"delivered after its ack", ANOMALY_RESURRECTED, deliver_after_the_ack, ADAPTER_ACK_NACK, 99},
    {"never handed out again", ANOMALY_STRANDED, strand_one, ADAPTER_DELIVERY_GUARANTEES, 9},
    {"nacked and forgotten", ANOMALY_STRANDED, forget_a_nacked_one, ADAPTER_ACK_NACK, 9},
};

static struct world tell(const struct lie *lie, uint32_t capabilities)
{
    struct world world = world_begin(&(struct world_plan){.capabilities = capabilities});

    world_send(&world, SHOP_1, 0, 10);
    for (uint64_t i = 0; i < 10; i++)
        if (i != lie->skipped)
            world_process(&world, BILLING_1, SHOP_1, i, 1);
    lie->tell(&world);
    world_judge(&world, true);
    return world;
}

static void rejects_each_lie_by_the_check_that_names_it_and_no_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
        struct world world = tell(&lies[i], 0);
        struct anomaly_count count = world_anomalies(&world, lies[i].anomaly);

        if (count.observed != 1 || count.disallowed != 1 || count.caused != 0)
            fail_msg("%s: %llu %s observed, %llu disallowed", lies[i].name,
                     (unsigned long long)count.observed, anomaly_name(lies[i].anomaly),
                     (unsigned long long)count.disallowed);
        if (world_observed(&world) != 1)
            fail_msg("%s: other checks object too", lies[i].name);
        assert_int_equal(world.report->witness_count, 1);
        assert_false(world.report->witnesses[0].is_allowed);
        assert_true(strlen(world.report->witnesses[0].why) > 10);
        world_end(&world);
    }
}

static void only_observes_what_the_capabilities_do_not_forbid(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
        struct world world =
            tell(&lies[i], ADAPTER_TIER_ENTERPRISE_STREAMING & ~lies[i].forbidden_by);
        struct anomaly_count count = world_anomalies(&world, lies[i].anomaly);
        /* What nothing explains is lost even where no delivery is guaranteed. */
        bool is_forbidden = lies[i].forbidden_by == 0 || lies[i].anomaly == ANOMALY_LOST;

        assert_int_equal(count.observed, 1);
        if (count.disallowed != is_forbidden)
            fail_msg("%s: %llu disallowed", lies[i].name, (unsigned long long)count.disallowed);
        assert_int_equal(world.report->witnesses[0].is_allowed, !is_forbidden);
        world_end(&world);
    }
}

static void says_that_a_lost_message_arrived_damaged(void **state)
{
    const struct lie lie = {.tell = corrupt_a_byte, .skipped = 4};
    struct world world = tell(&lie, 0);

    (void)state;
    assert_int_equal(world_anomalies(&world, ANOMALY_CORRUPTED).observed, 1);
    assert_int_equal(world_anomalies(&world, ANOMALY_LOST).observed, 1);
    assert_non_null(strstr(world_witness(&world, ANOMALY_LOST)->why, "damaged"));
    world_end(&world);
}

static void tells_damage_from_leftovers_where_names_are_private(void **state)
{
    static const struct {
        bool is_public, is_damaged;
        enum anomaly anomaly;
        bool is_forbidden;
        enum ledger_arrival arrival;
    } rows[] = {
        {false, false, ANOMALY_LEFTOVER, false, LEDGER_LEFTOVER},
        {true, false, ANOMALY_LEFTOVER, false, LEDGER_LEFTOVER},
        {false, true, ANOMALY_CORRUPTED, true, LEDGER_BROKEN},
        {true, true, ANOMALY_LEFTOVER, false, LEDGER_LEFTOVER},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct world world = world_begin(&(struct world_plan){.is_public = rows[i].is_public});
        struct identity identity = {.run = WORLD_RUN + 1, .sequence = 3};
        char payload[WORLD_PAYLOAD_MAX];
        size_t size = world_write(payload, &identity);
        struct ledger_delivery delivery;

        payload[IDENTITY_BODY_OFFSET + 2] ^= rows[i].is_damaged;
        delivery = world_receive(&world, BILLING_1, ORDERS, payload, size);
        world_judge(&world, true);
        assert_int_equal(delivery.arrival, rows[i].arrival);
        assert_int_equal(world_observed(&world), 1);
        assert_int_equal(world_anomalies(&world, rows[i].anomaly).observed, 1);
        assert_int_equal(world_disallowed(&world), rows[i].is_forbidden);
        world_end(&world);
    }
}

static void calls_an_entry_without_identity_foreign_where_names_are_public(void **state)
{
    struct world world = world_begin(&(struct world_plan){.is_public = true});

    (void)state;
    assert_int_equal(world_receive(&world, BILLING_1, ORDERS, "{\"n\": 1}", 8).arrival,
                     LEDGER_FOREIGN);
    world_judge(&world, true);
    assert_int_equal(world_anomalies(&world, ANOMALY_FOREIGN).observed, 1);
    assert_int_equal(world_observed(&world), 1);
    assert_int_equal(world_disallowed(&world), 0);
    world_end(&world);
}

static void calls_a_message_of_an_unknown_producer_misrouted(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});
    struct identity identity = {.run = WORLD_RUN, .track = WORLD_TRACKS};
    char payload[WORLD_PAYLOAD_MAX];
    size_t size = world_write(payload, &identity);

    (void)state;
    assert_int_equal(world_receive(&world, BILLING_1, ORDERS, payload, size).arrival,
                     LEDGER_BROKEN);
    world_judge(&world, true);
    assert_int_equal(world_anomalies(&world, ANOMALY_MISROUTED).disallowed, 1);
    assert_null(world_witness(&world, ANOMALY_MISROUTED)->producer);
    world_end(&world);
}

static void calls_nothing_lost_or_stranded_before_a_proven_drain(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});

    (void)state;
    world_send(&world, SHOP_1, 0, 3);
    world_deliver(&world, BILLING_1, SHOP_1, 0);
    world_judge(&world, false);
    assert_int_equal(world_anomalies(&world, ANOMALY_UNSEEN).observed, 2);
    assert_int_equal(world_observed(&world), 2);
    assert_int_equal(world_disallowed(&world), 0);
    world_judge(&world, true);
    assert_int_equal(world_anomalies(&world, ANOMALY_LOST).disallowed, 2);
    assert_int_equal(world_anomalies(&world, ANOMALY_STRANDED).disallowed, 1);
    assert_int_equal(world_observed(&world), 3);
    world_end(&world);
}

static void has_a_word_for_every_family(void **state)
{
    static const char *const words[ANOMALY_FAMILIES] = {
        "lost",      "unseen",      "duplicates", "phantom",   "corrupted", "misrouted",
        "reordered", "resurrected", "stranded",   "leftovers", "foreign"};

    (void)state;
    for (int i = 0; i < ANOMALY_FAMILIES; i++)
        assert_string_equal(anomaly_name((enum anomaly)i), words[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_nothing_in_an_honest_history),
        cmocka_unit_test(rejects_each_lie_by_the_check_that_names_it_and_no_other),
        cmocka_unit_test(only_observes_what_the_capabilities_do_not_forbid),
        cmocka_unit_test(says_that_a_lost_message_arrived_damaged),
        cmocka_unit_test(tells_damage_from_leftovers_where_names_are_private),
        cmocka_unit_test(calls_an_entry_without_identity_foreign_where_names_are_public),
        cmocka_unit_test(calls_a_message_of_an_unknown_producer_misrouted),
        cmocka_unit_test(calls_nothing_lost_or_stranded_before_a_proven_drain),
        cmocka_unit_test(has_a_word_for_every_family),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
