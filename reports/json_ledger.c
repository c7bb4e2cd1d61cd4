/* json_ledger.c: counts, anomalies and witnesses in result.json. */
#include "reports/json.h"

static json_t *anomalies_of(const struct anomaly_count *counts)
{
    json_t *object = json_object();
    for (int family = 0; family < ANOMALY_FAMILIES; family++) {
        json_t *count = json_object();
        json_put(count, "observed", json_count(counts[family].observed));
        json_put(count, "disallowed", json_count(counts[family].disallowed));
        json_put(count, "caused", json_count(counts[family].caused));
        json_put(object, anomaly_name((enum anomaly)family), count);
    }
    return object;
}

static json_t *causes_of(const struct ledger_group_report *group)
{
    static const char *const names[] = {"nack",   "crash", "connection",
                                        "expiry", "retry", "unknown_ack"};
    json_t *object = json_object();
    for (size_t cause = 0; cause < sizeof(names) / sizeof(names[0]); cause++)
        json_put(object, names[cause], json_count(group->duplicates_by_cause[cause]));
    return object;
}

static json_t *group_of(const struct ledger_group_report *group)
{
    json_t *object = json_object();
    json_put(object, "name", json_text(group->name));
    json_put(object, "expected", json_count(group->expected));
    json_put(object, "first", json_count(group->first));
    json_put(object, "again", json_count(group->again));
    json_put(object, "settled", json_count(group->settled));
    json_put(object, "nacked", json_count(group->nacked));
    json_put(object, "dead_lettered", json_count(group->dead_lettered));
    json_put(object, "recovered", json_count(group->recovered));
    json_put(object, "again_by_cause", causes_of(group));
    json_put(object, "anomalies", anomalies_of(group->anomalies));
    return object;
}

static json_t *event_of(const struct witness_event *event, uint64_t start_ns)
{
    json_t *object = json_object();
    json_put(object, "time_ns", json_integer((json_int_t)(event->time_ns - start_ns)));
    json_put(object, "actor", json_text(event->actor));
    json_put(object, "what", json_text(event->what));
    json_put(object, "exact", json_boolean(event->is_exact));
    return object;
}

static json_t *witness_of(const struct witness *witness, uint64_t start_ns)
{
    json_t *object = json_object(), *events = json_array();
    for (size_t i = 0; i < witness->event_count; i++)
        json_array_append_new(events, event_of(&witness->events[i], start_ns));
    json_put(object, "anomaly", json_text(anomaly_name(witness->anomaly)));
    json_put(object, "allowed", json_boolean(witness->is_allowed));
    json_put(object, "producer", json_text(witness->producer));
    json_put(object, "sequence", witness->producer ? json_count(witness->sequence) : json_null());
    json_put(object, "stream", json_text(witness->stream));
    json_put(object, "group", json_text(witness->group));
    json_put(object, "why", json_text(witness->why));
    json_put(object, "complete", json_boolean(witness->is_history_complete));
    json_put(object, "events", events);
    return object;
}

static json_t *messages_of(const struct ledger_report *ledger)
{
    json_t *object = json_object();
    json_put(object, "attempted", json_count(ledger->attempted));
    json_put(object, "accepted", json_count(ledger->accepted));
    json_put(object, "refused", json_count(ledger->refused));
    json_put(object, "unknown", json_count(ledger->unknown));
    json_put(object, "drained", json_boolean(ledger->is_drained));
    return object;
}

void json_put_ledger(json_t *root, const struct result *result)
{
    static const struct ledger_report nothing;
    const struct ledger_report *ledger = result->ledger ? result->ledger : &nothing;
    json_t *groups = json_array(), *witnesses = json_array();
    for (size_t i = 0; i < ledger->group_count; i++)
        json_array_append_new(groups, group_of(&ledger->groups[i]));
    for (size_t i = 0; i < ledger->witness_count; i++)
        json_array_append_new(witnesses, witness_of(&ledger->witnesses[i], result->start_ns));
    json_put(root, "messages", result->ledger ? messages_of(ledger) : json_null());
    json_put(root, "groups", groups);
    json_put(root, "anomalies", result->ledger ? anomalies_of(ledger->anomalies) : json_null());
    json_put(root, "witnesses", witnesses);
}
