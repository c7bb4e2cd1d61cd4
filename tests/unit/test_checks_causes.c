/* test_checks_causes.c: what may come again, be missing or be late, and why. */
#include "support/ledger_world.h"

enum { NACK, CRASH, CONNECTION, EXPIRY, RETRY, UNKNOWN_ACK }; /* of duplicates_by_cause */

#define WITHOUT_GUARANTEES (ADAPTER_TIER_ENTERPRISE_STREAMING & ~ADAPTER_DELIVERY_GUARANTEES)

/* --- Duplicates
 * ------------------------------------------------------------------------------------- */

static void nack_it(struct world *world, struct ledger_delivery delivery)
{
    world_nack(world, BILLING_1, delivery);
}

static void nack_without_answer(struct world *world, struct ledger_delivery delivery)
{
    world_settle(world, BILLING_1, LEDGER_NACK, delivery, ADAPTER_UNKNOWN, false);
}

static void crash(struct world *world, struct ledger_delivery delivery)
{
    world_excuse(world, BILLING_1, LEDGER_CRASH, delivery);
}

static void lose_the_connection(struct world *world, struct ledger_delivery delivery)
{
    world_excuse(world, BILLING_1, LEDGER_CONNECTION, delivery);
}

static void close_it(struct world *world, struct ledger_delivery delivery)
{
    world_excuse(world, BILLING_1, LEDGER_CLOSE, delivery);
}

static void say_that_it_expired(struct world *world, struct ledger_delivery delivery)
{
    world_excuse(world, BILLING_1, LEDGER_EXPIRY, delivery);
}

static void hold_it_too_long(struct world *world, struct ledger_delivery delivery)
{
    (void)delivery;
    world->now_ns += SECOND;
}

static void retry_the_read(struct world *world, struct ledger_delivery delivery)
{
    world_excuse(world, BILLING_1, LEDGER_RETRY, delivery);
}

static void ack_without_answer(struct world *world, struct ledger_delivery delivery)
{
    world_settle(world, BILLING_1, LEDGER_ACK, delivery, ADAPTER_UNKNOWN, false);
}

static const struct {
    const char *name;
    void (*happen)(struct world *world, struct ledger_delivery delivery);
    int cause;
} causes[] = {
    {"a nack", nack_it, NACK},
    {"a nack without an answer", nack_without_answer, NACK},
    {"a crash", crash, CRASH},
    {"a lost connection", lose_the_connection, CONNECTION},
    {"a closed consumer", close_it, CONNECTION},
    {"an expiry that the actor knows of", say_that_it_expired, EXPIRY},
    {"an expiry", hold_it_too_long, EXPIRY},
    {"a retried read", retry_the_read, RETRY},
    {"an ack without an answer", ack_without_answer, UNKNOWN_ACK},
};

static void allows_what_comes_again_with_a_cause(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(causes); i++) {
        struct world world = world_begin(&(struct world_plan){.redelivery_time_ns = SECOND});

        world_send(&world, SHOP_1, 0, 1);
        causes[i].happen(&world, world_deliver(&world, BILLING_1, SHOP_1, 0));
        world_process(&world, BILLING_2, SHOP_1, 0, 1);
        world_judge(&world, true);
        if (world_anomalies(&world, ANOMALY_DUPLICATED).caused != 1 ||
            world.report->groups[BILLING].duplicates_by_cause[causes[i].cause] != 1)
            fail_msg("%s is not taken for the cause", causes[i].name);
        assert_int_equal(world_observed(&world), 1);
        assert_int_equal(world_disallowed(&world), 0);
        assert_true(world_witness(&world, ANOMALY_DUPLICATED)->is_allowed);
        world_end(&world);
    }
}

static void takes_a_cause_for_one_redelivery_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(causes); i++) {
        struct world world = world_begin(&(struct world_plan){.redelivery_time_ns = SECOND});

        world_send(&world, SHOP_1, 0, 1);
        causes[i].happen(&world, world_deliver(&world, BILLING_1, SHOP_1, 0));
        world_deliver(&world, BILLING_2, SHOP_1, 0);
        world_process(&world, BILLING_1, SHOP_1, 0, 1);
        world_judge(&world, true);
        assert_int_equal(world_anomalies(&world, ANOMALY_DUPLICATED).observed, 2);
        assert_int_equal(world_anomalies(&world, ANOMALY_DUPLICATED).caused, 1);
        if (world_disallowed(&world) != 1)
            fail_msg("%s excuses more than one redelivery", causes[i].name);
        assert_false(world_witness(&world, ANOMALY_DUPLICATED)->is_allowed);
        world_end(&world);
    }
}

static void allows_any_number_of_copies_of_a_publish_that_may_have_left_them(void **state)
{
    static const struct {
        enum adapter_outcome outcome;
        uint32_t attempts;
        bool is_late; /* the answer comes after the deliveries */
        uint64_t recovered;
    } rows[] = {{ADAPTER_DONE, 2, false, 0},
                {ADAPTER_DONE, 2, true, 0},
                {ADAPTER_UNKNOWN, 1, false, 1},
                {ADAPTER_UNKNOWN, 1, true, 1}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct world world = world_begin(&(struct world_plan){0});

        world_attempt(&world, SHOP_1, 0, 1);
        if (!rows[i].is_late)
            world_ended(&world, SHOP_1, 0, 1, rows[i].outcome, rows[i].attempts);
        for (int copy = 0; copy < 3; copy++)
            world_deliver(&world, BILLING_1, SHOP_1, 0);
        if (rows[i].is_late)
            world_ended(&world, SHOP_1, 0, 1, rows[i].outcome, rows[i].attempts);
        world_process(&world, BILLING_1, SHOP_1, 0, 1);
        world_judge(&world, true);
        assert_int_equal(world.report->groups[BILLING].duplicates_by_cause[RETRY], 3);
        assert_int_equal(world_observed(&world), 3);
        assert_int_equal(world_disallowed(&world), 0);
        assert_int_equal(world.report->groups[BILLING].recovered, rows[i].recovered);
        world_end(&world);
    }
}

static void allows_copies_of_what_the_producer_itself_sent_again(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});

    (void)state;
    world_send(&world, SHOP_1, 0, 2);
    world_send(&world, SHOP_1, 1, 1);
    for (uint64_t i = 0; i < 2; i++) {
        world_deliver(&world, BILLING_1, SHOP_1, i);
        world_process(&world, BILLING_1, SHOP_1, i, 1);
    }
    world_judge(&world, true);
    assert_int_equal(world_anomalies(&world, ANOMALY_DUPLICATED).observed, 2);
    assert_int_equal(world.report->groups[BILLING].duplicates_by_cause[RETRY], 1);
    assert_int_equal(world_disallowed(&world), 1);
    world_end(&world);
}

static void looks_up_when_a_message_was_delivered_before(void **state)
{
    static const struct {
        uint64_t sent_before_ns, held_ns; /* before its first, and its second delivery */
        bool is_caused;
    } rows[] = {{0, SECOND / 2, false},
                {5 * SECOND, SECOND / 2, false}, /* old, but in other hands only a moment ago */
                {5 * SECOND, 2 * SECOND, true},
                {0, SECOND, true}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct world world = world_begin(&(struct world_plan){.redelivery_time_ns = SECOND});

        world_send(&world, SHOP_1, 0, 2);
        world.now_ns += rows[i].sent_before_ns;
        world_deliver(&world, BILLING_1, SHOP_1, 1);
        world.now_ns += rows[i].held_ns;
        world_process(&world, BILLING_2, SHOP_1, 0, 2);
        world_judge(&world, true);
        assert_int_equal(world_anomalies(&world, ANOMALY_DUPLICATED).observed, 1);
        assert_int_equal(world_anomalies(&world, ANOMALY_DUPLICATED).caused, rows[i].is_caused);
        assert_int_equal(world_disallowed(&world), !rows[i].is_caused);
        world_end(&world);
    }
}

static void counts_every_duplicate_when_there_are_too_many_to_remember(void **state)
{
    struct world world = world_begin(
        &(struct world_plan){.redelivery_time_ns = SECOND, .log_bytes_max = 8 * 48 * 10});

    (void)state;
    world_send(&world, SHOP_1, 0, 100);
    for (int turn = 0; turn < 3; turn++) {
        for (uint64_t i = 0; i < 100; i++)
            world_deliver(&world, turn == 1 ? BILLING_2 : BILLING_1, SHOP_1, i);
        world.now_ns += 2 * SECOND;
    }
    world_judge(&world, false);
    assert_int_equal(world_anomalies(&world, ANOMALY_DUPLICATED).observed, 200);
    assert_int_equal(world_anomalies(&world, ANOMALY_DUPLICATED).caused +
                         world_anomalies(&world, ANOMALY_DUPLICATED).disallowed,
                     200);
    assert_true(world_anomalies(&world, ANOMALY_DUPLICATED).disallowed > 0);
    assert_non_null(strstr(world_witness(&world, ANOMALY_DUPLICATED)->why, "too many"));
    world_end(&world);
}

static void needs_no_memory_for_duplicates_that_cannot_have_expired(void **state)
{
    struct world world =
        world_begin(&(struct world_plan){.redelivery_time_ns = SECOND, .log_bytes_max = 4096});

    (void)state;
    world_send(&world, SHOP_1, 0, 100);
    for (uint64_t i = 0; i < 100; i++)
        world_deliver(&world, BILLING_1, SHOP_1, i);
    world_process(&world, BILLING_2, SHOP_1, 0, 100);
    world_judge(&world, true);
    assert_int_equal(world_anomalies(&world, ANOMALY_DUPLICATED).disallowed, 100);
    for (size_t i = 0; i < world.report->witness_count; i++)
        assert_null(strstr(world.report->witnesses[i].why, "too many"));
    world_end(&world);
}

static void knows_an_expiry_although_the_log_has_forgotten_the_delivery(void **state)
{
    struct world world =
        world_begin(&(struct world_plan){.redelivery_time_ns = SECOND, .log_bytes_max = 4096});

    (void)state;
    world_send(&world, SHOP_1, 0, 2000);
    for (uint64_t i = 0; i < 2000; i++)
        world_deliver(&world, BILLING_1, SHOP_1, i);
    world.now_ns += 2 * SECOND;
    world_process(&world, BILLING_2, SHOP_1, 0, 2000);
    world_judge(&world, true);
    assert_int_equal(world.report->groups[BILLING].duplicates_by_cause[EXPIRY], 2000);
    assert_int_equal(world_disallowed(&world), 0);
    world_end(&world);
}

/* The redelivery comes 0.7 s after the first delivery arrived.  Only when that one had been asked
   for long before can it have been handed out a whole second ago. */
static void a_delivery_that_was_long_on_its_way_expires_from_when_it_was_asked_for(void **state)
{
    static const struct {
        uint64_t asked_before_ns, expired;
    } rows[] = {{0, 0}, {20000000, 0}, {400000000, 1}, {5 * SECOND, 1}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct world world = world_begin(&(struct world_plan){.redelivery_time_ns = SECOND});

        world.now_ns += 10 * SECOND; /* long after it was sent */
        world_send(&world, SHOP_1, 0, 1);
        if (rows[i].asked_before_ns > 0)
            ledger_read_started(world.members[BILLING_1], world.now_ns);
        world.now_ns += rows[i].asked_before_ns;
        world_deliver(&world, BILLING_1, SHOP_1, 0);
        world.now_ns += SECOND / 10 * 7;
        world_process(&world, BILLING_2, SHOP_1, 0, 1);
        world_judge(&world, true);
        assert_int_equal(world.report->groups[BILLING].duplicates_by_cause[EXPIRY],
                         rows[i].expired);
        assert_int_equal(world_disallowed(&world), 1 - rows[i].expired);
        world_end(&world);
    }
}

/* --- After the ack
 * ------------------------------------------------------------------------------------ */

static void tells_a_delivery_under_way_from_a_resurrected_one(void **state)
{
    static const struct {
        bool is_under_way;
        enum anomaly anomaly;
    } rows[] = {{true, ANOMALY_DUPLICATED}, {false, ANOMALY_RESURRECTED}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct world world = world_begin(&(struct world_plan){.redelivery_time_ns = SECOND});
        struct ledger_delivery delivery;
        uint64_t started_ns;

        world_send(&world, SHOP_1, 0, 1);
        delivery = world_deliver(&world, BILLING_1, SHOP_1, 0);
        started_ns = world.now_ns += 2 * SECOND;
        world_ack(&world, BILLING_1, delivery);
        ledger_read_started(world.members[BILLING_2],
                            rows[i].is_under_way ? started_ns : world.now_ns + 1);
        world_deliver(&world, BILLING_2, SHOP_1, 0);
        world_judge(&world, true);
        assert_int_equal(world_observed(&world), 1);
        assert_int_equal(world_anomalies(&world, rows[i].anomaly).observed, 1);
        assert_int_equal(world_disallowed(&world), !rows[i].is_under_way);
        world_end(&world);
    }
}

static void allows_silence_and_return_after_an_ack_without_an_answer(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});
    struct ledger_delivery delivery;

    (void)state;
    world_send(&world, SHOP_1, 0, 2);
    for (uint64_t i = 0; i < 2; i++) {
        delivery = world_deliver(&world, BILLING_1, SHOP_1, i);
        world_settle(&world, BILLING_1, LEDGER_ACK, delivery, ADAPTER_UNKNOWN, false);
    }
    delivery = world_deliver(&world, BILLING_2, SHOP_1, 1);
    world_settle(&world, BILLING_2, LEDGER_ACK, delivery, ADAPTER_DONE, false);
    world_judge(&world, true);
    assert_int_equal(world_disallowed(&world), 0);
    assert_int_equal(world_anomalies(&world, ANOMALY_STRANDED).observed, 0);
    world_end(&world);
}

static void strands_what_was_acked_in_vain(void **state)
{
    static const enum adapter_outcome outcomes[] = {ADAPTER_DONE, ADAPTER_REFUSED,
                                                    ADAPTER_UNSUPPORTED};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(outcomes); i++) {
        struct world world = world_begin(&(struct world_plan){0});

        world_send(&world, SHOP_1, 0, 1);
        world_settle(&world, BILLING_1, LEDGER_ACK, world_deliver(&world, BILLING_1, SHOP_1, 0),
                     outcomes[i], false);
        world_judge(&world, true);
        assert_int_equal(world_anomalies(&world, ANOMALY_STRANDED).disallowed, 1);
        world_end(&world);
    }
}

/* It is found in the dead letter queue. */
static void bury(struct world *world, uint64_t sequence)
{
    struct identity identity = world_identity(world, SHOP_1, sequence);
    char payload[WORLD_PAYLOAD_MAX];
    size_t size = world_write(payload, &identity);

    ledger_dead_letter(world->ledger, ORDERS, BILLING, payload, size);
}

static void does_not_strand_what_was_dead_lettered(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});
    struct identity identity = world_identity(&world, SHOP_1, 0);
    char payload[WORLD_PAYLOAD_MAX];
    size_t size = world_write(payload, &identity);

    (void)state;
    world_send(&world, SHOP_1, 0, 1);
    world_nack(&world, BILLING_1, world_deliver(&world, BILLING_1, SHOP_1, 0));
    assert_int_equal(ledger_count(world.ledger, BILLING).outstanding, 1);
    ledger_dead_letter(world.ledger, ORDERS, BILLING, payload, size);
    ledger_dead_letter(world.ledger, ORDERS, BILLING, payload, size);
    ledger_dead_letter(world.ledger, REFUNDS, BILLING, payload, size);
    ledger_dead_letter(world.ledger, ORDERS, BILLING, "{}", 2);
    assert_int_equal(ledger_count(world.ledger, BILLING).outstanding, 0);
    world_judge(&world, true);
    assert_int_equal(world_observed(&world), 0);
    assert_int_equal(world.report->groups[BILLING].dead_lettered, 1);
    world_end(&world);
}

/* --- Losses
 * ------------------------------------------------------------------------------------------ */

static void allows_losses_that_unanswered_reads_explain(void **state)
{
    static const struct {
        uint32_t capabilities;
        uint64_t disallowed;
    } rows[] = {{WITHOUT_GUARANTEES, 1}, {ADAPTER_TIER_ENTERPRISE_STREAMING, 3}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct world world =
            world_begin(&(struct world_plan){.capabilities = rows[i].capabilities});

        world_send(&world, SHOP_1, 0, 10);
        ledger_read_unknown(world.members[BILLING_1], ORDERS, 2, world.now_ns);
        ledger_read_unknown(world.members[BILLING_1], REFUNDS, 5, world.now_ns);
        world_process(&world, BILLING_1, SHOP_1, 3, 7);
        world_judge(&world, true);
        assert_int_equal(world_anomalies(&world, ANOMALY_LOST).observed, 3);
        assert_int_equal(world_anomalies(&world, ANOMALY_LOST).caused, 2);
        assert_int_equal(world_anomalies(&world, ANOMALY_LOST).disallowed, rows[i].disallowed);
        assert_int_equal(world_disallowed(&world), rows[i].disallowed);
        world_end(&world);
    }
}

static void allows_what_a_crashed_consumer_held_to_be_gone_without_guarantees(void **state)
{
    struct world world = world_begin(&(struct world_plan){.capabilities = WITHOUT_GUARANTEES});

    (void)state;
    world_send(&world, SHOP_1, 0, 1);
    world_excuse(&world, BILLING_1, LEDGER_CRASH, world_deliver(&world, BILLING_1, SHOP_1, 0));
    world_judge(&world, true);
    assert_int_equal(world_anomalies(&world, ANOMALY_STRANDED).observed, 1);
    assert_int_equal(world_disallowed(&world), 0);
    world_end(&world);
}

static void expects_nothing_of_publishes_without_an_answer(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});

    (void)state;
    world_attempt(&world, SHOP_1, 0, 4);
    world_ended(&world, SHOP_1, 0, 3, ADAPTER_UNKNOWN, 1);
    world_ended(&world, SHOP_1, 3, 1, ADAPTER_REFUSED, 1);
    world_process(&world, BILLING_1, SHOP_1, 1, 1);
    world_judge(&world, true);
    assert_int_equal(world_observed(&world), 0);
    assert_int_equal(world.report->groups[BILLING].expected, 0);
    assert_int_equal(world.report->groups[BILLING].recovered, 1);
    assert_int_equal(world.report->unknown, 3);
    assert_int_equal(world.report->refused, 1);
    world_end(&world);
}

static void expects_only_what_is_sent_while_a_group_without_position_is_there(void **state)
{
    struct world_plan plan = {.capabilities = ADAPTER_TIER_BASIC_PUBSUB,
                              .keeps_no_position = true,
                              .never_settles = true};
    struct world world = {.ledger = world_ledger(&plan), .now_ns = 1000};
    struct ledger_delivery none = {.arrival = LEDGER_BROKEN};

    (void)state;
    world.senders[SHOP_1] = ledger_sender(world.ledger, SHOP_1);
    world_send(&world, SHOP_1, 0, 5); /* nobody is there */
    world.members[BILLING_1] = ledger_receiver_new(world.ledger, BILLING, "billing-1");
    world_send(&world, SHOP_1, 5, 5);
    world_deliver(&world, BILLING_1, SHOP_1, 5);
    world_deliver(&world, BILLING_1, SHOP_1, 7); /* 6 has no excuse */
    world_excuse(&world, BILLING_1, LEDGER_CONNECTION, none);
    world_send(&world, SHOP_1, 10, 5); /* 8 to 14 have */
    ledger_epoch(world.members[BILLING_1]);
    world_send(&world, SHOP_1, 15, 2);
    world_deliver(&world, BILLING_1, SHOP_1, 16); /* 15 has none */
    world_judge(&world, true);
    assert_int_equal(world.report->groups[BILLING].expected, 12);
    assert_int_equal(world_anomalies(&world, ANOMALY_LOST).observed, 9);
    assert_int_equal(world_anomalies(&world, ANOMALY_LOST).caused, 7);
    assert_int_equal(world_anomalies(&world, ANOMALY_LOST).disallowed, 2);
    assert_int_equal(world_observed(&world), 9);
    world_end(&world);
}

/* --- Order
 * ------------------------------------------------------------------------------------------- */

static void judges_order_within_an_epoch_of_one_member(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});

    (void)state;
    world_send(&world, SHOP_1, 0, 10);
    world_send(&world, SHOP_2, 0, 10);
    world_process(&world, BILLING_1, SHOP_1, 5, 1);
    world_process(&world, BILLING_2, SHOP_1, 4, 1); /* another member */
    world_process(&world, BILLING_1, SHOP_2, 0, 1); /* another producer */
    ledger_epoch(world.members[BILLING_1]);
    world_process(&world, BILLING_1, SHOP_1, 3, 1); /* another epoch */
    world_judge(&world, false);
    assert_int_equal(world_anomalies(&world, ANOMALY_REORDERED).observed, 0);
    world_process(&world, BILLING_1, SHOP_1, 2, 1);
    world_judge(&world, false);
    assert_int_equal(world_anomalies(&world, ANOMALY_REORDERED).observed, 1);
    world_end(&world);
}

static void forgives_the_lateness_of_what_was_retried_or_recovered(void **state)
{
    static const struct {
        enum adapter_outcome outcome;
        uint32_t attempts;
        bool is_pending; /* when it is delivered */
        uint64_t reordered;
    } rows[] = {{ADAPTER_UNKNOWN, 1, false, 0}, {ADAPTER_UNKNOWN, 1, true, 0},
                {ADAPTER_DONE, 2, false, 0},    {ADAPTER_DONE, 2, true, 0},
                {ADAPTER_DONE, 1, false, 1},    {ADAPTER_DONE, 1, true, 1}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct world world = world_begin(&(struct world_plan){0});

        world_attempt(&world, SHOP_1, 0, 1);
        world_send(&world, SHOP_1, 1, 1);
        world_process(&world, BILLING_1, SHOP_1, 1, 1);
        if (!rows[i].is_pending)
            world_ended(&world, SHOP_1, 0, 1, rows[i].outcome, rows[i].attempts);
        world_process(&world, BILLING_1, SHOP_1, 0, 1);
        if (rows[i].is_pending)
            world_ended(&world, SHOP_1, 0, 1, rows[i].outcome, rows[i].attempts);
        world_judge(&world, true);
        assert_int_equal(world_anomalies(&world, ANOMALY_REORDERED).disallowed, rows[i].reordered);
        assert_int_equal(world_observed(&world), rows[i].reordered);
        world_end(&world);
    }
}

static void forgives_the_lateness_of_what_an_unanswered_read_may_have_taken(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});

    (void)state;
    world_send(&world, SHOP_1, 0, 10);
    ledger_read_unknown(world.members[BILLING_2], ORDERS, 2, world.now_ns);
    world_process(&world, BILLING_1, SHOP_1, 3, 7);
    world_process(&world, BILLING_1, SHOP_1, 0, 3);
    world_judge(&world, true);
    assert_int_equal(world_anomalies(&world, ANOMALY_REORDERED).observed, 3);
    assert_int_equal(world_anomalies(&world, ANOMALY_REORDERED).caused, 2);
    assert_int_equal(world_disallowed(&world), 1);
    world_end(&world);
}

static void does_not_judge_the_order_of_what_the_broker_hands_out_again(void **state)
{
    static const struct adapter_entry kinds[] = {
        {.attempt = 2}, {.flags = ADAPTER_ENTRY_OWN_PENDING}, {.flags = ADAPTER_ENTRY_RECLAIMED}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        struct world world = world_begin(&(struct world_plan){0});
        static const uint64_t sequences[] = {3, 9}; /* behind 5, and before 6 */
        struct adapter_entry entry = kinds[i];
        struct ledger_delivery delivery;

        world_send(&world, SHOP_1, 0, 10);
        world_process(&world, BILLING_1, SHOP_1, 5, 1);
        for (size_t k = 0; k < ARRAY_SIZE(sequences); k++) {
            struct identity identity = world_identity(&world, SHOP_1, sequences[k]);
            char payload[WORLD_PAYLOAD_MAX];

            entry.payload = (struct adapter_text){payload, world_write(payload, &identity)};
            ledger_receive(world.members[BILLING_1], ORDERS, &entry, 1, world.now_ns, &delivery);
            assert_int_equal(delivery.arrival, LEDGER_FIRST);
        }
        world_process(&world, BILLING_1, SHOP_1, 6, 1);
        world_judge(&world, false);
        assert_int_equal(world_anomalies(&world, ANOMALY_REORDERED).observed, 0);
        world_end(&world);
    }
}

static void another_copy_after_the_ack_is_a_duplicate_by_retry(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});

    (void)state;
    world_attempt(&world, SHOP_1, 0, 1);
    world_ended(&world, SHOP_1, 0, 1, ADAPTER_DONE, 2);
    world_process(&world, BILLING_1, SHOP_1, 0, 1);
    world.now_ns += SECOND;
    ledger_read_started(world.members[BILLING_1], world.now_ns - 1);
    world_process(&world, BILLING_1, SHOP_1, 0, 1);
    world_judge(&world, true);
    assert_int_equal(world_anomalies(&world, ANOMALY_RESURRECTED).observed, 0);
    assert_int_equal(world.report->groups[BILLING].duplicates_by_cause[RETRY], 1);
    assert_int_equal(world_disallowed(&world), 0);
    world_end(&world);
}

/* A nack is announced before it is sent: its effect may come before its answer, and a refusal takes
   the excuse back. */
static void an_announced_nack_excuses_once_and_not_when_refused(void **state)
{
    static const struct {
        enum adapter_outcome outcome;
        uint64_t disallowed;
    } rows[] = {{ADAPTER_DONE, 0}, {ADAPTER_UNKNOWN, 0}, {ADAPTER_REFUSED, 1}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct world world = world_begin(&(struct world_plan){0});
        struct ledger_delivery delivery;

        world_send(&world, SHOP_1, 0, 1);
        delivery = world_deliver(&world, BILLING_1, SHOP_1, 0);
        world_excuse(&world, BILLING_1, LEDGER_NACKING, delivery);
        world_settle(&world, BILLING_1, LEDGER_NACK, delivery, rows[i].outcome, true);
        world_process(&world, BILLING_2, SHOP_1, 0, 1);
        world_judge(&world, true);
        assert_int_equal(world_anomalies(&world, ANOMALY_DUPLICATED).disallowed,
                         rows[i].disallowed);
        world_end(&world);
    }
}

/* Once it is finished after all, it excuses no other message's silence. */
static void doubts_no_longer_what_was_acked_or_dead_lettered_after_all(void **state)
{
    for (int is_dead = 0; is_dead < 2; is_dead++) {
        struct world world = world_begin(&(struct world_plan){0});
        struct ledger_delivery delivery;

        world_send(&world, SHOP_1, 0, 2);
        delivery = world_deliver(&world, BILLING_1, SHOP_1, 0);
        world_settle(&world, BILLING_1, LEDGER_ACK, delivery, ADAPTER_UNKNOWN, false);
        world_settle(&world, BILLING_1, LEDGER_ACK, delivery, ADAPTER_UNKNOWN, false);
        assert_int_equal(ledger_count(world.ledger, -1).doubtful, 1);
        if (is_dead)
            bury(&world, 0);
        else
            world_process(&world, BILLING_2, SHOP_1, 0, 1);
        assert_int_equal(ledger_count(world.ledger, -1).doubtful, 0);
        assert_int_equal(ledger_count(world.ledger, -1).outstanding, 1);
        world_end(&world);
    }
    (void)state;
}

static void counts_the_acks_that_nobody_answered(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});
    struct ledger_delivery delivery;

    (void)state;
    world_send(&world, SHOP_1, 0, 1);
    delivery = world_deliver(&world, BILLING_1, SHOP_1, 0);
    world_settle(&world, BILLING_1, LEDGER_ACK, delivery, ADAPTER_UNKNOWN, false);
    assert_int_equal(ledger_count(world.ledger, -1).doubtful, 1);
    assert_int_equal(ledger_count(world.ledger, -1).outstanding, 1);
    world_judge(&world, true);
    assert_int_equal(world_disallowed(&world), 0);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_copy_after_the_ack_is_a_duplicate_by_retry),
        cmocka_unit_test(an_announced_nack_excuses_once_and_not_when_refused),
        cmocka_unit_test(counts_the_acks_that_nobody_answered),
        cmocka_unit_test(doubts_no_longer_what_was_acked_or_dead_lettered_after_all),
        cmocka_unit_test(allows_what_comes_again_with_a_cause),
        cmocka_unit_test(takes_a_cause_for_one_redelivery_only),
        cmocka_unit_test(allows_any_number_of_copies_of_a_publish_that_may_have_left_them),
        cmocka_unit_test(allows_copies_of_what_the_producer_itself_sent_again),
        cmocka_unit_test(looks_up_when_a_message_was_delivered_before),
        cmocka_unit_test(counts_every_duplicate_when_there_are_too_many_to_remember),
        cmocka_unit_test(needs_no_memory_for_duplicates_that_cannot_have_expired),
        cmocka_unit_test(knows_an_expiry_although_the_log_has_forgotten_the_delivery),
        cmocka_unit_test(a_delivery_that_was_long_on_its_way_expires_from_when_it_was_asked_for),
        cmocka_unit_test(tells_a_delivery_under_way_from_a_resurrected_one),
        cmocka_unit_test(allows_silence_and_return_after_an_ack_without_an_answer),
        cmocka_unit_test(strands_what_was_acked_in_vain),
        cmocka_unit_test(does_not_strand_what_was_dead_lettered),
        cmocka_unit_test(allows_losses_that_unanswered_reads_explain),
        cmocka_unit_test(allows_what_a_crashed_consumer_held_to_be_gone_without_guarantees),
        cmocka_unit_test(expects_nothing_of_publishes_without_an_answer),
        cmocka_unit_test(expects_only_what_is_sent_while_a_group_without_position_is_there),
        cmocka_unit_test(judges_order_within_an_epoch_of_one_member),
        cmocka_unit_test(forgives_the_lateness_of_what_was_retried_or_recovered),
        cmocka_unit_test(forgives_the_lateness_of_what_an_unanswered_read_may_have_taken),
        cmocka_unit_test(does_not_judge_the_order_of_what_the_broker_hands_out_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
