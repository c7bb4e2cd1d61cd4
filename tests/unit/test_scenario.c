/* test_scenario.c: good documents, field by field. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scenario/load.h"
#include "support/scenario_rules.h"
#include "support/unit.h"

static struct scenario *load(const char *text)
{
    struct scenario_text source = {"tests/scenario/test.yaml", text, strlen(text)};
    struct scenario *scenario = NULL;
    struct error error = {0};

    if (scenario_load_text(&source, NULL, &TEST_RULES, &scenario, &error) != 0)
        fail_msg("%d:%d: %s", error.place.line, error.place.column, error.message);
    return scenario;
}

/* A document with one producer and one consumer, each with more keys. */
static struct scenario *load_actors(const char *producer, const char *consumer)
{
    struct text text = {0};
    struct scenario *scenario;

    text_appendf(&text,
                 "broker: inline\n"
                 "producers:\n  - {name: shop, stream: orders, %s}\n"
                 "consumers:\n  - {name: billing, stream: orders%s%s}\n",
                 producer, *consumer ? ", " : "", consumer);
    scenario = load(text_string(&text));
    text_release(&text);
    return scenario;
}

static void every_key_of_the_document_is_read(void **state)
{
    static const char document[] = "name: All of it\n"
                                   "description: |\n"
                                   "  two\n"
                                   "  lines\n"
                                   "broker: inline\n"
                                   "seed: 18446744073709551615\n"
                                   "names: exact\n"
                                   "keep: yes\n"
                                   "time: virtual\n"
                                   "workers: 2\n"
                                   "drain: 1m\n"
                                   "limit: 1h\n"
                                   "streams: [orders, payments]\n"
                                   "producers:\n"
                                   "  - {name: shop, stream: payments, count: 1}\n";
    struct scenario *scenario = load(document);

    (void)state;
    assert_string_equal(scenario->path, "tests/scenario/test.yaml");
    assert_string_equal(scenario->text, document);
    assert_string_equal(scenario->name, "All of it");
    assert_string_equal(scenario->description, "two\nlines\n");
    assert_true(scenario->has_seed);
    assert_true(scenario->seed == UINT64_MAX);
    assert_int_equal(scenario->names, SCENARIO_NAMES_EXACT);
    assert_true(scenario->keep);
    assert_true(scenario->has_time);
    assert_int_equal(scenario->time, SCENARIO_TIME_VIRTUAL);
    assert_int_equal(scenario->workers, 2);
    assert_int_equal(scenario->drain_ns, 60000000000);
    assert_int_equal(scenario->limit_ns, 3600000000000);
    assert_int_equal(scenario->stream_count, 2);
    assert_string_equal(scenario->streams[0].name, "orders");
    assert_int_equal(scenario->streams[0].broker, 0);
    assert_int_equal(scenario->producers[0].streams[0], 1);
    assert_int_equal(scenario->producers[0].place.line, 15);
    assert_ptr_equal(scenario->producers[0].place.file, scenario->path);
    assert_int_equal(scenario->expectation_count, 0);
    scenario_free(scenario);
}

static void what_is_not_written_has_its_documented_default(void **state)
{
    struct scenario *scenario = load_actors("count: 5", "");
    const struct scenario_producer *producer = &scenario->producers[0];
    const struct scenario_consumer *consumer = &scenario->consumers[0];

    (void)state;
    assert_string_equal(scenario->name, "test");
    assert_null(scenario->description);
    assert_false(scenario->has_seed);
    assert_false(scenario->has_time);
    assert_false(scenario->keep);
    assert_int_equal(scenario->names, SCENARIO_NAMES_PRIVATE);
    assert_int_equal(scenario->time, SCENARIO_TIME_REAL);
    assert_int_equal(scenario->workers, 0);
    assert_int_equal(scenario->drain_ns, 30000000000);
    assert_int_equal(scenario->limit_ns, 0);
    assert_string_equal(scenario->brokers[0].name, "default");
    assert_null(scenario->brokers[0].uri);
    assert_int_equal(producer->members, 1);
    assert_int_equal(producer->count, 5);
    assert_int_equal(producer->for_ns, 0);
    assert_true(producer->rate == 0);
    assert_int_equal(producer->arrival, SCENARIO_CONSTANT);
    assert_int_equal(producer->burst, 100);
    assert_int_equal(producer->payload_size_min, 200);
    assert_int_equal(producer->payload_size_max, 200);
    assert_null(producer->payload_body);
    assert_int_equal(producer->keys, 0);
    assert_int_equal(producer->in_flight, 64);
    assert_int_equal(producer->batch, 0);
    assert_int_equal(producer->timeout_ns, 5000000000);
    assert_string_equal(consumer->group, "billing");
    assert_int_equal(consumer->members, 1);
    assert_int_equal(consumer->batch, 100);
    assert_int_equal(consumer->prefetch, 0);
    assert_int_equal(consumer->ack, SCENARIO_ACK_BATCH);
    assert_int_equal(consumer->work, SCENARIO_WORK_FIXED);
    assert_int_equal(consumer->work_ns, 0);
    assert_true(consumer->work_sigma == 0.5);
    assert_true(consumer->nack == 0);
    assert_int_equal(consumer->max_retries, 3);
    assert_int_equal(consumer->start, SCENARIO_START_TOGETHER);
    assert_int_equal(consumer->start_gap_ns, 10000000);
    assert_int_equal(consumer->timeout_ns, 5000000000);
    scenario_free(scenario);
}

static void every_key_of_a_producer_is_read(void **state)
{
    struct scenario *scenario =
        load_actors("members: 4, for: 2m, rate: 20k/s, arrival: {burst: 50}, keys: 12, "
                    "payload: {size: {min: 100, max: 4KiB}}, in_flight: 10, batch: 5, timeout: 1s",
                    "");
    const struct scenario_producer *producer = &scenario->producers[0];

    (void)state;
    assert_string_equal(producer->name, "shop");
    assert_int_equal(producer->members, 4);
    assert_int_equal(producer->count, 0);
    assert_int_equal(producer->for_ns, 120000000000);
    assert_true(producer->rate == 20000);
    assert_int_equal(producer->arrival, SCENARIO_BURST);
    assert_int_equal(producer->burst, 50);
    assert_int_equal(producer->keys, 12);
    assert_int_equal(producer->payload_size_min, 100);
    assert_int_equal(producer->payload_size_max, 4096);
    assert_int_equal(producer->in_flight, 10);
    assert_int_equal(producer->batch, 5);
    assert_int_equal(producer->timeout_ns, 1000000000);
    scenario_free(scenario);
}

static void every_key_of_a_consumer_is_read(void **state)
{
    struct scenario *scenario = load_actors(
        "count: 1", "group: accounts, members: 3, batch: 50, prefetch: 200, ack: each, work: "
                    "{uniform: 1ms-5ms}, nack: 2.5%, max_retries: 0, start: {ordered: 20ms}, "
                    "timeout: 500ms");
    const struct scenario_consumer *consumer = &scenario->consumers[0];

    (void)state;
    assert_string_equal(consumer->name, "billing");
    assert_string_equal(consumer->group, "accounts");
    assert_int_equal(consumer->members, 3);
    assert_int_equal(consumer->batch, 50);
    assert_int_equal(consumer->prefetch, 200);
    assert_int_equal(consumer->ack, SCENARIO_ACK_EACH);
    assert_int_equal(consumer->work, SCENARIO_WORK_UNIFORM);
    assert_int_equal(consumer->work_ns, 1000000);
    assert_int_equal(consumer->work_max_ns, 5000000);
    assert_true(consumer->nack == 0.025);
    assert_int_equal(consumer->max_retries, 0);
    assert_int_equal(consumer->start, SCENARIO_START_ORDERED);
    assert_int_equal(consumer->start_gap_ns, 20000000);
    assert_int_equal(consumer->timeout_ns, 500000000);
    scenario_free(scenario);
}

static void a_payload_is_a_size_or_a_range_or_the_content_of_a_file(void **state)
{
    static const struct {
        const char *text;
        uint64_t min, max;
        const char *body;
    } cases[] = {
        {"78", 78, 78, NULL},
        {"4KiB", 4096, 4096, NULL},
        {"100-4KiB", 100, 4096, NULL},
        {"{size: 1kB}", 1000, 1000, NULL},
        {"{size: 100 - 200}", 100, 200, NULL},
        {"{size: {min: 90, max: 90}}", 90, 90, NULL},
        {"{file: files/order.json}", 0, 0,
         "{\"customer\":{\"name\":\"Ada\"},\"items\":[\"a\",\"b\"],\"total\":12.5}"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        char producer[100];
        struct scenario *scenario;

        (void)snprintf(producer, sizeof(producer), "count: 1, payload: %s", cases[i].text);
        scenario = load_actors(producer, "");
        assert_int_equal(scenario->producers[0].payload_size_min, cases[i].min);
        assert_int_equal(scenario->producers[0].payload_size_max, cases[i].max);
        if (cases[i].body)
            assert_string_equal(scenario->producers[0].payload_body, cases[i].body);
        else
            assert_null(scenario->producers[0].payload_body);
        scenario_free(scenario);
    }
}

static void rates_arrivals_work_and_starts_have_short_and_long_forms(void **state)
{
    struct scenario *scenario = load_actors("count: 1, rate: unlimited, arrival: constant",
                                            "work: {lognormal: 2ms, sigma: 0.8}, start: ordered");
    const struct scenario_consumer *consumer = &scenario->consumers[0];

    (void)state;
    assert_true(scenario->producers[0].rate == 0);
    assert_int_equal(consumer->work, SCENARIO_WORK_LOGNORMAL);
    assert_int_equal(consumer->work_ns, 2000000);
    assert_true(consumer->work_sigma == 0.8);
    assert_int_equal(consumer->start, SCENARIO_START_ORDERED);
    assert_int_equal(consumer->start_gap_ns, 10000000);
    scenario_free(scenario);
    scenario = load_actors("count: 1, rate: 300/m, arrival: poisson",
                           "work: {exponential: 3ms}, ack: none");
    consumer = &scenario->consumers[0];
    assert_true(scenario->producers[0].rate == 5);
    assert_int_equal(scenario->producers[0].arrival, SCENARIO_POISSON);
    assert_int_equal(consumer->work, SCENARIO_WORK_EXPONENTIAL);
    assert_int_equal(consumer->work_ns, 3000000);
    assert_int_equal(consumer->ack, SCENARIO_ACK_NONE);
    scenario_free(scenario);
}

static void several_brokers_each_have_their_streams(void **state)
{
    struct scenario *scenario =
        load("brokers:\n"
             "  default: inline\n"
             "  analytics: {adapter: redis, uri: 'redis://127.0.0.1:6379/1', reclaim_after: 5s}\n"
             "producers:\n"
             "  - {name: shop, stream: orders, count: 1}\n"
             "  - {name: clicks, streams: [views, carts], broker: analytics, count: 1}\n"
             "consumers:\n"
             "  - {name: billing, stream: orders}\n"
             "  - {name: counter, streams: [carts, views], broker: analytics}\n");

    (void)state;
    assert_int_equal(scenario->broker_count, 2);
    assert_string_equal(scenario->brokers[0].name, "default");
    assert_string_equal(scenario->brokers[1].name, "analytics");
    assert_string_equal(scenario->brokers[1].adapter, "redis");
    assert_string_equal(scenario->brokers[1].uri, "redis://127.0.0.1:6379/1");
    assert_string_equal(scenario->brokers[1].uri_shown, "redis://127.0.0.1:6379/1");
    assert_int_equal(scenario->brokers[1].option_count, 1);
    assert_string_equal(scenario->brokers[1].options[0].key, "reclaim_after");
    assert_string_equal(scenario->brokers[1].options[0].text, "5s");
    assert_int_equal(scenario->brokers[1].options[0].place.line, 3);
    assert_int_equal(scenario->stream_count, 3);
    assert_int_equal(scenario->streams[0].broker, 0);
    assert_int_equal(scenario->streams[1].broker, 1);
    assert_int_equal(scenario->streams[2].broker, 1);
    assert_int_equal(scenario->consumers[1].streams[0], 2);
    assert_int_equal(scenario->consumers[1].streams[1], 1);
    scenario_free(scenario);
}

static void consumers_of_different_speed_may_share_a_group(void **state)
{
    struct scenario *scenario = load("broker: inline\n"
                                     "consumers:\n"
                                     "  - {name: fast, stream: orders, group: billing}\n"
                                     "  - {name: slow, stream: orders, group: billing, work: 5ms}\n"
                                     "  - {name: other, stream: parcels, group: billing, ack: "
                                     "none}\n");

    (void)state;
    assert_int_equal(scenario->consumer_count, 3);
    assert_string_equal(scenario->consumers[1].group, "billing");
    scenario_free(scenario);
}

static void aliases_stand_for_what_they_name(void **state)
{
    struct scenario *scenario = load("broker: inline\n"
                                     "producers:\n"
                                     "  - {name: shop, stream: &s orders, count: &n 1_000}\n"
                                     "  - {name: web, stream: *s, count: *n, payload: &p {size: "
                                     "300}}\n"
                                     "  - {name: app, stream: *s, count: 1e3, payload: *p}\n");

    (void)state;
    assert_int_equal(scenario->stream_count, 1);
    assert_int_equal(scenario->producers[1].count, 1000);
    assert_int_equal(scenario->producers[2].count, 1000);
    assert_int_equal(scenario->producers[2].payload_size_max, 300);
    scenario_free(scenario);
}

static void many_aliases_cost_no_more_than_they_take_to_write(void **state)
{
    struct text text = {0};
    struct scenario_text source = {.path = "laughs.yaml"};
    struct scenario *scenario = NULL;
    struct error error = {0};

    (void)state;
    text_append_string(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 50; i++)
        text_appendf(&text, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1,
                     i - 1, i - 1);
    source.text = text_string(&text);
    source.size = text.size;
    assert_int_equal(scenario_load_text(&source, NULL, NULL, &scenario, &error), -1);
    assert_non_null(strstr(error.message, "unknown key 'a0'"));
    text_release(&text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_of_the_document_is_read),
        cmocka_unit_test(what_is_not_written_has_its_documented_default),
        cmocka_unit_test(every_key_of_a_producer_is_read),
        cmocka_unit_test(every_key_of_a_consumer_is_read),
        cmocka_unit_test(a_payload_is_a_size_or_a_range_or_the_content_of_a_file),
        cmocka_unit_test(rates_arrivals_work_and_starts_have_short_and_long_forms),
        cmocka_unit_test(several_brokers_each_have_their_streams),
        cmocka_unit_test(consumers_of_different_speed_may_share_a_group),
        cmocka_unit_test(aliases_stand_for_what_they_name),
        cmocka_unit_test(many_aliases_cost_no_more_than_they_take_to_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
