/* json.c: result.json, described field by field in RESULT.md. */
#include "reports/json.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/report.h"

json_t *json_text(const char *string)
{
    if (!string)
        return json_null();
    json_t *value = json_string(string);
    if (value)
        return value;
    struct text clean = {0}; /* not UTF-8 */
    text_append_json(&clean, string, strlen(string));
    value = json_loads(text_string(&clean), JSON_DECODE_ANY, NULL);
    text_release(&clean);
    return value ? value : json_null();
}

json_t *json_count(uint64_t count)
{
    return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count);
}

json_t *json_rate(double per_second)
{
    return isfinite(per_second) ? json_real(per_second) : json_null();
}

void json_put(json_t *object, const char *key, json_t *value)
{
    int result = json_object_set_new(object, key, value);
    assert(result == 0);
    (void)result;
}

static json_t *messages_of(const struct result_message *messages, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_text(messages[i].text));
    return array;
}

static json_t *reasons_of(const struct result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->reason_count; i++) {
        json_t *reason = json_object();
        json_put(reason, "verdict", json_text(verdict_name(result->reasons[i].verdict)));
        json_put(reason, "text", json_text(result->reasons[i].text));
        json_array_append_new(array, reason);
    }
    return array;
}

static json_t *scenario_of(const struct result *result)
{
    json_t *scenario = json_object();
    json_put(scenario, "name", json_text(result->scenario_name));
    json_put(scenario, "path", json_text(result->scenario_path));
    json_put(scenario, "description", json_text(result->description));
    json_put(scenario, "text", json_text(result->scenario_text));
    return scenario;
}

static json_t *expectations_of(const struct result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->expectation_count; i++) {
        const struct result_expectation *expectation = &result->expectations[i];
        json_t *object = json_object();
        json_put(object, "text", json_text(expectation->text));
        json_put(object, "line", json_integer(expectation->line));
        json_put(object, "verdict", json_text(verdict_name(expectation->verdict)));
        json_put(object, "measured", json_text(expectation->measured));
        json_put(object, "reason", json_text(expectation->reason));
        json_put(object, "known", json_boolean(expectation->is_known));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *capabilities_of(const struct result_broker *broker)
{
    json_t *array = json_array();
    const char *name;
    for (unsigned bit = 0; (name = result_capability_name(bit)) != NULL; bit++)
        if (broker->capabilities & (1u << bit))
            json_array_append_new(array, json_text(name));
    return array;
}

/* The broker's own document as it is when it is one, else as text. */
static json_t *health_of(const struct result_broker *broker)
{
    json_t *health = broker->health ? json_loads(broker->health, JSON_DECODE_ANY, NULL) : NULL;
    return health ? health : json_text(broker->health);
}

static json_t *brokers_of(const struct result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->broker_count; i++) {
        const struct result_broker *broker = &result->brokers[i];
        json_t *object = json_object();
        json_put(object, "name", json_text(broker->name));
        json_put(object, "adapter", json_text(broker->adapter));
        json_put(object, "uri", json_text(broker->uri));
        json_put(object, "tier", json_text(broker->tier));
        json_put(object, "capabilities", capabilities_of(broker));
        json_put(object, "was_asked", json_boolean(broker->was_asked));
        json_put(object, "health", health_of(broker));
        json_put(object, "stored", broker->stored < 0 ? json_null() : json_integer(broker->stored));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *actors_of(const struct result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->actor_count; i++) {
        const struct result_actor *actor = &result->actors[i];
        json_t *object = json_object();
        json_put(object, "name", json_text(actor->name));
        json_put(object, "kind", json_text(actor->kind));
        json_put(object, "group", json_text(actor->group));
        json_put(object, "calls", json_count(actor->calls));
        json_put(object, "messages", json_count(actor->messages));
        json_put(object, "bytes", json_count(actor->bytes));
        json_put(object, "done", json_count(actor->done));
        json_put(object, "refused", json_count(actor->refused));
        json_put(object, "unknown", json_count(actor->unknown));
        json_put(object, "empty", json_count(actor->empty));
        json_put(object, "acked", json_count(actor->acked));
        json_put(object, "nacked", json_count(actor->nacked));
        json_put(object, "reconnects", json_count(actor->reconnects));
        json_put(object, "last_error", json_text(actor->last_error));
        json_array_append_new(array, object);
    }
    return array;
}

/* Empty in virtual time, where no machine may leave a trace. */
static json_t *environment_of(const struct result *result)
{
    json_t *object = json_object();
    if (result->is_virtual || !result->environment.version)
        return object;
    json_put(object, "version", json_text(result->environment.version));
    json_put(object, "host", json_text(result->environment.host));
    json_put(object, "kernel", json_text(result->environment.kernel));
    json_put(object, "started", json_text(result->environment.started));
    json_put(object, "cores", json_integer(result->environment.cores));
    json_put(object, "workers", json_integer(result->environment.workers));
    json_put(object, "cpu_share", json_rate(result->environment.cpu_share));
    json_put(object, "cpu_ns", json_count(result->environment.cpu_ns));
    json_put(object, "rss_bytes", json_count(result->environment.rss_bytes));
    json_put(object, "ping_ns", json_count(result->environment.ping_ns));
    json_put(object, "gap_ns_max", json_count(result->environment.gap_ns_max));
    return object;
}

static json_t *known_of(const struct result *result)
{
    if (!result->known_because)
        return json_null();
    json_t *known = json_object();
    json_put(known, "because", json_text(result->known_because));
    json_put(known, "failed", json_boolean(result->has_failed_as_known));
    return known;
}

/* A seed has 64 bits, more than a JSON reader may keep: it is text. */
static json_t *seed_of(const struct result *result)
{
    struct text digits = {0};
    text_appendf(&digits, "%llu", (unsigned long long)result->seed);
    json_t *seed = json_text(text_string(&digits));
    text_release(&digits);
    return seed;
}

static json_t *document_of(const struct result *result)
{
    json_t *root = json_object();
    json_put(root, "schema", json_text("gauntlet-result"));
    json_put(root, "version", json_integer(RESULT_SCHEMA_VERSION));
    json_put(root, "verdict", json_text(verdict_name(result->verdict)));
    json_put(root, "reasons", reasons_of(result));
    json_put(root, "partial", json_boolean(result->is_partial));
    json_put(root, "stop_reason", json_text(result->stop_reason));
    json_put(root, "scenario", scenario_of(result));
    json_put(root, "command_line", json_text(result->command_line));
    json_put(root, "run_id", json_text(result->run_id));
    json_put(root, "seed", seed_of(result));
    json_put(root, "time", json_text(result->is_virtual ? "virtual" : "real"));
    json_put(root, "start_ns", json_count(result->start_ns));
    json_put(root, "elapsed_ns", json_count(result->elapsed_ns));
    json_put(root, "publish_ns", json_count(result->publish_ns));
    json_put(root, "drain_ns", json_count(result->drain_ns));
    json_put(root, "known", known_of(result));
    json_put(root, "expectations", expectations_of(result));
    json_put_ledger(root, result);
    json_put_measures(root, result);
    json_put(root, "actors", actors_of(result));
    json_put(root, "brokers", brokers_of(result));
    json_put(root, "notes", messages_of(result->notes, result->note_count));
    json_put(root, "removal", json_text(result->removal));
    json_put(root, "environment", environment_of(result));
    return root;
}

void report_json(const struct report_input *input, struct text *text)
{
    json_t *root = document_of(input->results[0]);
    /* 12 digits are more than any rate is worth, and read the same everywhere. */
    char *dump = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    assert(dump);
    text_append_string(text, dump ? dump : "");
    text_append_string(text, "\n");
    free(dump);
    json_decref(root);
}
