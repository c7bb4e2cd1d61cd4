/* metrics.c: one table of names. */
#include "run/metrics.h"

#include <jansson.h>
#include <string.h>

#include "base/text.h"

void metric_phase_latency(const struct stage *stage, const struct meter *meter,
                          struct phase_choice choice, const char *word, struct histogram *into)
{
    for (int i = 0; i < METER_METRICS; i++)
        if (strcmp(meter_metric_name((enum meter_metric)i), word) == 0)
            phases_latency(&stage->phases, meter, choice, (enum meter_metric)i, into);
}

/* Without consumers, what is sent is what goes through. */
enum meter_flow metric_flow(const struct stage *stage, const char *word)
{
    bool is_publish = word[0] == 'p' || stage->cast.consumer_count == 0;

    return is_publish ? METER_ACCEPTED : METER_DELIVERED;
}

double metric_phase_rate(const struct stage *stage, struct phase_choice choice, const char *word)
{
    uint64_t duration = phases_duration(&stage->phases, choice, stage->publish_end_ns);
    uint64_t count = phases_flow(&stage->phases, &stage->total, choice, metric_flow(stage, word));

    return duration > 0 ? (double)count * 1e9 / (double)duration : 0.0;
}

static uint64_t sum_groups(const struct ledger_report *report, size_t offset)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < report->group_count; i++) {
        const char *group = (const char *)&report->groups[i];
        uint64_t value;

        memcpy(&value, group + offset, sizeof(value));
        sum += value;
    }
    return sum;
}

#define GROUP(member)  offsetof(struct ledger_group_report, member)
#define REPORT(member) offsetof(struct ledger_report, member)

/* Counts of the ledger's report by the words of expectations. */
static const struct {
    const char *word;
    size_t offset;
    bool is_of_groups;
} counts[] = {
    {"sent", REPORT(attempted), false},
    {"accepted", REPORT(accepted), false},
    {"refused", REPORT(refused), false},
    {"unknown", REPORT(unknown), false},
    {"delivered", GROUP(first), true},
    {"redelivered", GROUP(again), true},
    {"acked", GROUP(settled), true},
    {"nacked", GROUP(nacked), true},
    {"dead_lettered", GROUP(dead_lettered), true},
};

static bool anomaly_value(const struct ledger_report *report, const char *word, double *ret_value)
{
    for (int i = 0; i < ANOMALY_FAMILIES; i++) {
        if (strcmp(anomaly_name((enum anomaly)i), word) == 0) {
            *ret_value = (double)report->anomalies[i].observed;
            return true;
        }
    }
    return false;
}

bool metric_value(const struct stage *stage, const char *word, double *ret_value)
{
    const struct ledger_report *report = stage->result->ledger;

    if (strcmp(word, "max_rate") == 0) {
        *ret_value = stage->scenario->search.found;
        return *ret_value >= 0.0;
    }
    if (strcmp(word, "throughput") == 0 || strcmp(word, "publish_rate") == 0) {
        *ret_value = metric_flow(stage, word) == METER_ACCEPTED ? stage->result->publish_rate
                                                                : stage->result->deliver_rate;
        return true;
    }
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        uint64_t value;

        if (strcmp(counts[i].word, word) != 0)
            continue;
        if (counts[i].is_of_groups)
            value = sum_groups(report, counts[i].offset);
        else
            memcpy(&value, (const char *)report + counts[i].offset, sizeof(value));
        *ret_value = (double)value;
        return true;
    }
    return anomaly_value(report, word, ret_value);
}

bool metric_broker_count(const struct result_broker *broker, const char *word, double *ret_value)
{
    json_t *health = broker->health ? json_loads(broker->health, 0, NULL) : NULL;
    const json_t *found = json_object_get(
        json_object_get(json_object_get(health, "details"), "message_counts"), word);
    bool is_found = json_is_number(found);

    if (is_found)
        *ret_value = json_number_value(found);
    json_decref(health);
    return is_found;
}

bool metric_broker_status(const struct result_broker *broker, char *status, size_t capacity)
{
    json_t *health = broker->health ? json_loads(broker->health, 0, NULL) : NULL;
    const char *found = json_string_value(json_object_get(health, "status"));

    if (found)
        text_copy(status, capacity, found);
    json_decref(health);
    return found != NULL;
}
