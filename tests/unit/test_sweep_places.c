/* test_sweep_places.c: which places are cut: those that come in every run without a cut. */
#include "support/unit.h"

#include <string.h>

#include "run/sweep_places.h"

#define EDGES                                                                                      \
    (1u << SCENARIO_EDGE_REQUEST | 1u << SCENARIO_EDGE_REPLY | 1u << SCENARIO_EDGE_MID_REPLY)

/* "a" brings something, "." brings nothing: one read after the other on one link. */
static void read_along(struct sweep_count *count, const char *link, const char *course)
{
    struct link_exchange exchange = {
        .link = link, .command = "XREADGROUP", .op = "read", .number = 1, .turn = 1};

    for (; *course; course++) {
        exchange.index++;
        exchange.is_reply = exchange.delivers = false;
        sweep_count_exchange(count, &exchange);
        exchange.is_reply = true;
        exchange.delivers = *course == 'a';
        sweep_count_exchange(count, &exchange);
        exchange.number += exchange.delivers;
        exchange.turn = exchange.delivers ? 1 : exchange.turn + 1;
    }
}

static void add_run(struct sweep_places *places, const char *link, const char *course)
{
    const struct scenario scenario = {0};
    struct sweep_count count;

    sweep_count_init(&count);
    read_along(&count, link, course);
    sweep_places_add_run(places, &scenario, &count, EDGES);
    sweep_count_release(&count);
}

static size_t count_places(const struct sweep_places *places, uint64_t exchange, uint64_t empty)
{
    size_t count = 0;

    for (size_t i = 0; i < places->count; i++)
        count += places->items[i].exchange == exchange && places->items[i].empty == empty;
    return count;
}

static void idle_reads_more_or_less_change_nothing(void **state)
{
    struct sweep_places places = {0};
    struct sweep_left_out left_out;

    (void)state;
    add_run(&places, "billing-1.read", "..a....a...");
    add_run(&places, "billing-1.read", "...a..a..");
    add_run(&places, "billing-1.read", "..a.......a....");
    sweep_places_settle(&places, &left_out);
    assert_int_equal(left_out.places, 0);
    assert_int_equal(left_out.exchanges, 0);
    /* The request and the two replies of each that brings something, and of two that do not. */
    for (uint64_t exchange = 1; exchange <= 2; exchange++) {
        assert_int_equal(count_places(&places, exchange, 0), 3);
        assert_int_equal(count_places(&places, exchange, 1), 2);
        assert_int_equal(count_places(&places, exchange, 2), 3);
    }
    assert_int_equal(places.count, 22); /* and those that followed the last */
    assert_int_equal(places.alike_count, 3);
    sweep_places_release(&places);
}

static void what_did_not_come_every_time_is_left_out_and_named(void **state)
{
    struct sweep_places places = {0};
    struct sweep_left_out left_out;

    (void)state;
    add_run(&places, "billing-1.read", "aa");
    add_run(&places, "billing-1.read", "aaa");
    add_run(&places, "billing-1.read", ".aa");
    sweep_places_settle(&places, &left_out);
    assert_int_equal(places.count, 6);
    assert_int_equal(sweep_places_exchanges(&places), 2);
    /* The third one, the two replies of the empty one, and the request behind it. */
    assert_int_equal(left_out.exchanges, 3);
    assert_int_equal(left_out.places, 6);
    assert_string_equal(left_out.commands, "XREADGROUP 3");
    sweep_places_release(&places);
}

static void links_are_told_apart(void **state)
{
    struct sweep_places places = {0};
    struct sweep_left_out left_out;

    (void)state;
    add_run(&places, "billing-1.read", "a");
    add_run(&places, "billing-2.read", "a");
    sweep_places_settle(&places, &left_out);
    assert_int_equal(places.count, 0);
    assert_int_equal(left_out.exchanges, 2);
    sweep_places_release(&places);
}

static void the_harness_itself_is_not_cut(void **state)
{
    struct sweep_places places = {0};
    struct sweep_left_out left_out;

    (void)state;
    add_run(&places, "control-default.command", "aa");
    sweep_places_settle(&places, &left_out);
    assert_int_equal(places.count + left_out.places, 0);
    sweep_places_release(&places);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idle_reads_more_or_less_change_nothing),
        cmocka_unit_test(what_did_not_come_every_time_is_left_out_and_named),
        cmocka_unit_test(links_are_told_apart),
        cmocka_unit_test(the_harness_itself_is_not_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
