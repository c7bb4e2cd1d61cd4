/* test_ledger_progress.c: what recovery waits for: everything that was sent until a moment, and
   nothing that came later. */
#include "ledger/progress.h"

#include "support/ledger_world.h"

static void everything_sent_before_must_be_finished_everywhere(void **state)
{
    struct world world = world_begin(&(struct world_plan){.has_audit = true});
    struct ledger_progress *progress;
    struct ledger_delivery held, late;

    (void)state;
    world_send(&world, SHOP_1, 0, 3);
    world_process(&world, BILLING_1, SHOP_1, 0, 2);
    held = world_deliver(&world, BILLING_2, SHOP_1, 2);
    progress = ledger_progress_new(world.ledger);
    assert_false(ledger_progress_is_done(progress)); /* one is held, and audit has nothing yet */
    world_ack(&world, BILLING_2, held);
    assert_false(ledger_progress_is_done(progress));
    world_process(&world, AUDIT_1, SHOP_1, 0, 3);
    assert_true(ledger_progress_is_done(progress));
    world_send(&world, SHOP_1, 3, 5); /* later: none of its business */
    late = world_deliver(&world, BILLING_1, SHOP_1, 3);
    (void)late;
    assert_true(ledger_progress_is_done(progress));
    ledger_progress_free(progress);
    world_end(&world);
}

static void a_publish_without_an_answer_is_waited_for_until_it_has_ended(void **state)
{
    static const struct {
        enum adapter_outcome outcome;
        bool is_done;
    } ENDS[] = {{ADAPTER_REFUSED, true}, {ADAPTER_UNKNOWN, true}, {ADAPTER_DONE, false}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ENDS); i++) {
        struct world world = world_begin(&(struct world_plan){0});
        struct ledger_progress *progress;

        world_attempt(&world, SHOP_1, 0, 1);
        progress = ledger_progress_new(world.ledger);
        assert_false(ledger_progress_is_done(progress));
        world_ended(&world, SHOP_1, 0, 1, ENDS[i].outcome, 1);
        assert_int_equal(ledger_progress_is_done(progress), ENDS[i].is_done);
        ledger_progress_free(progress);
        world_end(&world);
    }
}

static void an_ack_in_doubt_is_no_debt(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});
    struct ledger_progress *progress;
    struct ledger_delivery delivery;

    (void)state;
    world_send(&world, SHOP_1, 0, 1);
    delivery = world_deliver(&world, BILLING_1, SHOP_1, 0);
    progress = ledger_progress_new(world.ledger);
    world_settle(&world, BILLING_1, LEDGER_ACK, delivery, ADAPTER_REFUSED, false);
    assert_false(ledger_progress_is_done(progress));
    world_settle(&world, BILLING_1, LEDGER_ACK, delivery, ADAPTER_UNKNOWN, false);
    assert_true(ledger_progress_is_done(progress));
    ledger_progress_free(progress);
    world_end(&world);
}

static void many_messages_are_looked_at_once(void **state)
{
    struct world world = world_begin(&(struct world_plan){0});
    struct ledger_progress *progress;
    const uint64_t count = 70000; /* several pages */

    (void)state;
    world_send(&world, SHOP_1, 0, count);
    progress = ledger_progress_new(world.ledger);
    for (uint64_t first = 0; first < count; first += 500) {
        assert_false(ledger_progress_is_done(progress));
        world_process(&world, BILLING_1, SHOP_1, first, 500);
    }
    assert_true(ledger_progress_is_done(progress));
    ledger_progress_free(progress);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_sent_before_must_be_finished_everywhere),
        cmocka_unit_test(a_publish_without_an_answer_is_waited_for_until_it_has_ended),
        cmocka_unit_test(an_ack_in_doubt_is_no_debt),
        cmocka_unit_test(many_messages_are_looked_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
