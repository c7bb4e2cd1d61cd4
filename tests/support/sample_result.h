/* sample_result.h: one result with something in every corner, for the tests of reports. */
#ifndef SUPPORT_SAMPLE_RESULT_H
#define SUPPORT_SAMPLE_RESULT_H

#include <stdio.h>

#include "base/memory.h"
#include "run/result.h"

#define MS(n) ((uint64_t)(n)*1000000u)

static inline struct result_latency sample_latency(const char *metric, uint64_t count,
                                                   uint64_t step_ns)
{
    struct result_latency latency = {.metric = memory_string(metric)};
    histogram_init(&latency.histogram);
    for (uint64_t i = 1; i <= count; i++)
        histogram_record(&latency.histogram, i * step_ns);
    return latency;
}

/* Everything of a ledger's report is made in one piece, but for its arrays. */
static inline struct ledger_report *sample_ledger(void)
{
    struct ledger_report *ledger = memory_new(1, sizeof(*ledger));
    *ledger = (struct ledger_report){
        .is_drained = true,
        .attempted = 100000,
        .accepted = 99990,
        .refused = 3,
        .unknown = 7,
        .anomalies[ANOMALY_LOST] = {.observed = 1, .disallowed = 1},
        .anomalies[ANOMALY_DUPLICATED] = {.observed = 12, .caused = 12},
    };
    return ledger;
}

static inline void sample_add_groups(struct ledger_report *ledger)
{
    ledger->groups = memory_new(1, sizeof(*ledger->groups));
    ledger->group_count = 1;
    ledger->groups[0] = (struct ledger_group_report){
        .name = "billing",
        .anomalies[ANOMALY_LOST] = {.observed = 1, .disallowed = 1},
        .anomalies[ANOMALY_DUPLICATED] = {.observed = 12, .caused = 12},
        .expected = 99990,
        .first = 99991,
        .again = 12,
        .settled = 99991,
        .nacked = 8,
        .recovered = 2,
        .duplicates_by_cause = {8, 4, 0, 0, 0, 0},
    };
}

static inline void sample_add_witnesses(struct ledger_report *ledger)
{
    static struct witness_event lost[] = {
        {MS(1100), "shop-1", "sent", true},
        {MS(1101), "shop-1", "accepted", true},
    };
    static struct witness_event again[] = {
        {MS(1200), "shop-2", "sent", true},
        {MS(1210), "billing-1", "received", false},
        {MS(1250), "billing-1", "crashed", true},
        {MS(1400), "billing-2", "received", false},
    };
    ledger->witnesses = memory_new(2, sizeof(*ledger->witnesses));
    ledger->witness_count = 2;
    ledger->witnesses[0] = (struct witness){.anomaly = ANOMALY_DUPLICATED,
                                            .is_allowed = true,
                                            .producer = "shop-2",
                                            .sequence = 41,
                                            .stream = "orders",
                                            .group = "billing",
                                            .events = again,
                                            .event_count = 4,
                                            .is_history_complete = true,
                                            .why = "billing-1 crashed with it in hand"};
    ledger->witnesses[1] = (struct witness){.anomaly = ANOMALY_LOST,
                                            .producer = "shop-1",
                                            .sequence = 700,
                                            .stream = "orders",
                                            .group = "billing",
                                            .events = lost,
                                            .event_count = 2,
                                            .is_history_complete = false,
                                            .why = "accepted, and never delivered to this group"};
}

static inline void sample_add_broker(struct result *result)
{
    result->brokers = memory_new(1, sizeof(*result->brokers));
    result->broker_count = 1;
    result->brokers[0] = (struct result_broker){
        .name = memory_string("default"),
        .adapter = memory_string("redis"),
        .uri = memory_string("redis://:s3cret@127.0.0.1:6379/0"),
        .capabilities = 0x3FF,
        .tier = memory_string("ENTERPRISE_STREAMING"),
        .was_asked = true,
        .health = memory_string("{\"status\": \"healthy\", \"connected\": true, \"details\": "
                                "{\"info_refused\": \"NOPERM no permissions to run 'info'\", "
                                "\"message_counts\": {\"total_messages\": 5, \"in_flight\": 0}}}"),
        .stored = 99993,
    };
}

static inline void sample_add_actors(struct result *result)
{
    result->actors = memory_new(2, sizeof(*result->actors));
    result->actor_count = 2;
    result->actors[0] = (struct result_actor){
        .name = memory_string("shop-1"),
        .kind = memory_string("producer"),
        .calls = 1000,
        .messages = 100000,
        .bytes = 20000000,
        .done = 99990,
        .refused = 3,
        .unknown = 7,
        .last_error = memory_string("OOM command not allowed when used memory > 'maxmemory'.")};
    result->actors[1] = (struct result_actor){.name = memory_string("billing-1"),
                                              .kind = memory_string("consumer"),
                                              .group = memory_string("billing"),
                                              .calls = 1500,
                                              .messages = 100003,
                                              .done = 1400,
                                              .empty = 100,
                                              .acked = 99991,
                                              .nacked = 8};
}

static inline void sample_add_expectations(struct result *result)
{
    static const struct {
        const char *text, *measured, *reason;
        int line;
        enum verdict verdict;
    } rows[] = {
        {"no lost", "1", "1 message was accepted and never delivered", 14, VERDICT_FAIL},
        {"duplicates only with cause", "0 without cause", NULL, 15, VERDICT_PASS},
        {"publish.p(99) < 5ms", "4.95 ms", NULL, 16, VERDICT_PASS},
        {"throughput > 100000/s", NULL, "the target rate was missed by 12 %", 17,
         VERDICT_INCONCLUSIVE},
    };
    result->expectation_count = sizeof(rows) / sizeof(rows[0]);
    result->expectations = memory_new(result->expectation_count, sizeof(*result->expectations));
    for (size_t i = 0; i < result->expectation_count; i++)
        result->expectations[i] =
            (struct result_expectation){.text = memory_string(rows[i].text),
                                        .line = rows[i].line,
                                        .verdict = rows[i].verdict,
                                        .measured = memory_string(rows[i].measured),
                                        .reason = memory_string(rows[i].reason)};
}

static inline void sample_add_series(struct result *result)
{
    struct series *const all[] = {&result->sent, &result->accepted, &result->delivered,
                                  &result->settled};
    for (size_t i = 0; i < 4; i++) {
        series_init(all[i], MS(1000), MS(100));
        series_record(all[i], MS(1000), 100 + i);
        series_record(all[i], MS(1250), 200 + i);
    }
}

static inline void sample_add_faults(struct result *result)
{
    result->fault_count = 2;
    result->faults = memory_new(2, sizeof(*result->faults));
    result->faults[0] = (struct result_fault){
        .name = memory_string("crash billing-1"),
        .text = memory_string("{when: {consumer: billing-1, count: {event: receive, reaches: "
                              "700}}, do: {crash: before_ack, restart_after: 150ms}}"),
        .fired = 2,
        .is_expected = true,
        .accepted = 300,
        .delivered = 200,
        .settled = 180,
        .refused = 2,
        .unknown = 1,
        .windows = memory_new(2, sizeof(*result->faults[0].windows)),
        .window_count = 2,
    };
    result->faults[0].windows[0] = (struct result_fault_window){.begin_ns = MS(1250),
                                                                .end_ns = MS(1400),
                                                                .recovery_ns = MS(35),
                                                                .is_recovered = true,
                                                                .hit = memory_string("billing-1")};
    result->faults[0].windows[1] = (struct result_fault_window){.begin_ns = MS(2100)};
    result->faults[1] = (struct result_fault){
        .name = memory_string("cut <billing> & co"),
        .text = memory_string("{when: {at: 10s}, do: {link: billing, cut: rst}}"),
    };
}

static inline void sample_add_cuts(struct result *result)
{
    result->exchange_count = 40;
    result->exchanges_irregular = 3;
    result->exchanges_alike = 5;
    result->cut_count = 2;
    result->cuts = memory_new(2, sizeof(*result->cuts));
    result->cuts[0] = (struct result_cut){.link = memory_string("billing-1.read"),
                                          .exchange = 17,
                                          .command = memory_string("XREADGROUP"),
                                          .message = memory_string("shop-1#7"),
                                          .edge_name = memory_string("reply"),
                                          .verdict = VERDICT_FAIL,
                                          .fired = 1,
                                          .reason = memory_string("no lost: 1 lost"),
                                          .elapsed_ns = MS(350)};
    result->cuts[1] = (struct result_cut){.link = memory_string("shop-1.command"),
                                          .exchange = 3,
                                          .empty = 2,
                                          .command = memory_string("XADD"),
                                          .edge_name = memory_string("request"),
                                          .elapsed_ns = MS(120)};
}

static inline struct result_quantiles sample_quantiles(uint64_t count, uint64_t p50_ns)
{
    return (struct result_quantiles){.count = count,
                                     .p50_ns = count ? p50_ns : 0,
                                     .p99_ns = count ? p50_ns * 3 : 0,
                                     .p999_ns = count ? p50_ns * 5 : 0,
                                     .max_ns = count ? p50_ns * 8 : 0};
}

static inline void sample_add_windows(struct result *result)
{
    result->window_count = 15;
    result->windows = memory_new(15, sizeof(*result->windows));
    for (uint64_t i = 0; i < 15; i++)
        result->windows[i] = (struct result_window){
            .begin_ns = MS(1000) + i * MS(100),
            .end_ns = MS(1100) + i * MS(100),
            .sent = 10000,
            .accepted = 9999,
            .delivered = i == 3 ? 0 : 9999,
            .settled = i < 3 ? 9000 : 9500,
            .backlog = i * 100,
            .publish = sample_quantiles(9999, 400000 + i * 10000),
            .deliver = sample_quantiles(i == 3 ? 0 : 9999, 900000 + i * 50000),
        };
}

static inline void sample_add_phases(struct result *result)
{
    result->phase_count = 2;
    result->phases = memory_new(2, sizeof(*result->phases));
    result->phases[0] = (struct result_phase){.name = memory_string("before faults"),
                                              .duration_ns = MS(250),
                                              .sent = 25000,
                                              .accepted = 24990,
                                              .delivered = 24980,
                                              .settled = 24000,
                                              .publish = sample_quantiles(24990, 400000),
                                              .deliver = sample_quantiles(24980, 900000)};
    result->phases[1] = (struct result_phase){.name = memory_string("during crash billing-1"),
                                              .duration_ns = MS(150)};
}

static inline void sample_add_points(struct result *result)
{
    static const double rates[] = {20000, 60000, 90000, 100000};
    result->point_count = 4;
    result->points = memory_new(4, sizeof(*result->points));
    for (uint64_t i = 0; i < 4; i++)
        result->points[i] = (struct result_point){
            .rate = rates[i],
            .achieved = i < 3 ? rates[i] : 93500.5,
            .backlog = i < 3 ? 10 * i : 70000,
            .holds = i < 3,
            .publish = sample_quantiles(1000, 300000u << i),
            .deliver = sample_quantiles(i < 3 ? 1000 : 0, 500000u << i),
        };
}

static inline void sample_add_environment(struct result *result)
{
    result->environment.version = memory_string("0.1.0");
    result->environment.host = memory_string("example");
    result->environment.kernel = memory_string("Linux 6.1");
    result->environment.started = memory_string("2024-01-02T03:04:05Z");
    result->environment.cores = 2;
    result->environment.workers = 1;
    result->environment.cpu_share = 0.5;
    result->environment.cpu_ns = MS(750);
    result->environment.rss_bytes = 12u << 20;
    result->environment.ping_ns = 40000;
    result->environment.gap_ns_max = MS(3);
    result->environment.overshoot_ns = 55000;
    result->environment.others = 0.25;
}

static inline void sample_add_operations(struct result *result)
{
    result->operations = memory_new(2, sizeof(*result->operations));
    result->operations[result->operation_count++] = (struct result_operation){
        .name = memory_string("publish"), .done = 990, .refused = 3, .unknown = 7};
    result->operations[result->operation_count++] =
        (struct result_operation){.name = memory_string("read"), .done = 100};
}

/* Release with sample_free. */
static inline struct result *sample_result(void)
{
    struct result *result = memory_new(1, sizeof(*result));
    result->scenario_name = memory_string("Quick start");
    result->scenario_path = memory_string("scenarios/quickstart.yaml");
    result->scenario_text = memory_string("name: Quick start\nbroker: {uri: "
                                          "redis://:s3cret@127.0.0.1:6379/0}\n");
    result->description = memory_string("One shop sends orders, one group bills them.");
    result->command_line = memory_string("gauntlet run scenarios/quickstart.yaml");
    result->run_id = memory_string("1a2b3c4d");
    result->seed = UINT64_MAX;
    result->stop_reason = memory_string("all messages accounted for");
    result->failed = memory_new(1, sizeof(*result->failed));
    result->failed[result->failed_count++] = memory_string("lost");
    result->start_ns = MS(1000);
    result->elapsed_ns = MS(1500);
    result->publish_ns = MS(1000);
    result->drain_ns = MS(300);
    result->publish_rate = 99990;
    result->deliver_rate = 98765.4321;
    sample_add_expectations(result);
    sample_add_broker(result);
    sample_add_actors(result);
    sample_add_operations(result);
    result->latencies = memory_new(2, sizeof(*result->latencies));
    result->latency_count = 2;
    result->latencies[0] = sample_latency("publish", 1000, 5000);
    result->latencies[1] = sample_latency("deliver", 50, 1000000);
    result->ledger = sample_ledger();
    sample_add_groups(result->ledger);
    sample_add_witnesses(result->ledger);
    sample_add_series(result);
    sample_add_faults(result);
    sample_add_cuts(result);
    sample_add_windows(result);
    sample_add_phases(result);
    sample_add_points(result);
    sample_add_environment(result);
    result_judge(result, VERDICT_INCONCLUSIVE, "throughput > 100000/s: the rate was missed");
    result_judge(result, VERDICT_FAIL, "no lost: 1 message was lost");
    result_note(result, "The server denied INFO: health is not known.");
    result->removal = memory_string("redis-cli -u redis://:s3cret@127.0.0.1:6379/0 DEL "
                                    "gauntlet:1a2b3c4d:orders");
    return result;
}

/* The sample's ledger has parts that are not its own. */
static inline void sample_free(struct result *result)
{
    if (result->ledger) {
        free(result->ledger->groups);
        free(result->ledger->witnesses);
        free(result->ledger);
    }
    result->ledger = NULL;
    result_free(result);
}

#endif
