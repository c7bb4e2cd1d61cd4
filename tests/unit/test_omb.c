/* test_omb.c: workloads of the OpenMessaging Benchmark as scenarios. */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenario/omb.h"
#include "support/scenario_rules.h"

static int load(const char *yaml, struct scenario **ret, struct error *reterr)
{
    static char path[] = "/tmp/gauntlet-omb-XXXXXX";
    int fd, result;

    memcpy(path + strlen(path) - 6, "XXXXXX", 6);
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, yaml, strlen(yaml)), (ssize_t)strlen(yaml));
    close(fd);
    result = scenario_load_omb(path, NULL, &TEST_RULES, ret, reterr);
    unlink(path);
    return result;
}

static struct scenario *loaded(const char *yaml)
{
    struct scenario *scenario = NULL;
    struct error error = {0};

    if (load(yaml, &scenario, &error) != 0)
        fail_msg("%d:%d: %s", error.place.line, error.place.column, error.message);
    return scenario;
}

/* As it stands in the benchmark's own folder. */
#define PLAIN                                                                                      \
    "name: 2 topics / 1 partition / 1Kb\n\ntopics: 2\npartitionsPerTopic: 1\n"                     \
    "keyDistributor: \"NO_KEY\"\nmessageSize: 1024\npayloadFile: \"payload/payload-1Kb.data\"\n"   \
    "subscriptionsPerTopic: 2\nconsumerPerSubscription: 3\nproducersPerTopic: 4\n"                 \
    "producerRate: 50000\nconsumerBacklogSizeGB: 0\ntestDurationMinutes: 15\n"

static void a_plain_workload_runs_as_it_is(void **state)
{
    struct scenario *scenario = loaded(PLAIN);
    const struct scenario_producer *producer = &scenario->producers[1];

    (void)state;
    assert_string_equal(scenario->name, "2 topics / 1 partition / 1Kb");
    assert_int_equal(scenario->stream_count, 2);
    assert_int_equal(scenario->producer_count, 2);
    assert_int_equal(producer->members, 4);
    assert_true(producer->rate > 24999.9 && producer->rate < 25000.1);
    assert_int_equal(producer->payload_size_max, 1024);
    assert_int_equal(producer->for_ns / 1000000000u, 16 * 60);
    assert_int_equal(scenario->warm_up_ns / 1000000000u, 60);
    assert_int_equal(scenario->consumer_count, 4);
    assert_int_equal(scenario->consumers[0].members, 3);
    assert_non_null(strstr(scenario->description, "Not honoured: payloadFile"));
    assert_null(strstr(scenario->description, "partitionsPerTopic"));
    scenario_free(scenario);
}

static void growing_backlogged_and_searching_workloads_keep_their_shape(void **state)
{
    struct scenario *growing =
        loaded("topics: 1\npartitionsPerTopic: 100\nmessageSize: 100\nproducerRate: 3000\n"
               "producerStartRate: 1000\nproducerIncrementRate: 1000\n"
               "producerIncrementSeconds: 30\ntestDurationMinutes: 5\n");
    struct scenario *backlogged =
        loaded("topics: 1\nmessageSize: 1000\nproducerRate: 100\nconsumerBacklogSizeGB: 2\n"
               "keyDistributor: KEY_ROUND_ROBIN\ntestDurationMinutes: 5\n");
    struct scenario *searching =
        loaded("topics: 3\nmessageSize: 1000\nproducerRate: 0\ntestDurationMinutes: 5\n");

    (void)state;
    assert_int_equal(growing->producers[0].stage_count, 3);
    assert_true(growing->producers[0].stages[1].end_rate > 1999.0);
    assert_non_null(strstr(growing->description, "partitionsPerTopic"));
    assert_int_equal(backlogged->consumers[0].start, SCENARIO_START_AFTER);
    assert_int_equal(backlogged->consumers[0].start_after, 2000000);
    assert_int_equal(backlogged->producers[0].keys, 10000);
    assert_int_equal(backlogged->producers[0].keys_pick, SCENARIO_ROUND_ROBIN);
    assert_true(searching->search.is_wanted && searching->search.is_stable);
    assert_int_equal(searching->producers[0].stream_count, 3);
    scenario_free(growing);
    scenario_free(backlogged);
    scenario_free(searching);
}

static void what_the_benchmark_does_not_know_is_refused_with_its_place(void **state)
{
    struct scenario *scenario = NULL;
    struct error error = {0};

    (void)state;
    assert_int_equal(load("topics: 1\nmesageSize: 5\n", &scenario, &error), -1);
    assert_int_equal(error.place.line, 2);
    assert_non_null(strstr(error.message, "did you mean 'messageSize'?"));
    assert_int_equal(load("topics: 1\nmessageSize: 100\n", &scenario, &error), -1);
    assert_non_null(strstr(error.message, "a workload needs 'producerRate'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_workload_runs_as_it_is),
        cmocka_unit_test(growing_backlogged_and_searching_workloads_keep_their_shape),
        cmocka_unit_test(what_the_benchmark_does_not_know_is_refused_with_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
