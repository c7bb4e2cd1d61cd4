/* json.c: result.json, described field by field in RESULT.md. */
#include "reports/json.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
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

void json_put(json_t *object, const char *key, json_t *value)
{
    int result = json_object_set_new(object, key, value);
    assert(result == 0);
    (void)result;
}

/* --- Reasons and notes --------------------------------------------------------------------------
 */

static const struct json_field reason_fields[] = {
    {"verdict", &json_field_verdict, offsetof(struct result_message, verdict)},
    {"text", &json_field_word, offsetof(struct result_message, text)},
};
static const struct json_field_table reason_table =
    JSON_FIELDS(reason_fields, struct result_message);

static json_t *write_reasons(const void *member, const struct result *result)
{
    (void)member;
    return json_field_write_list(&reason_table, result->reasons, result->reason_count, result);
}

static int read_reasons(const json_t *value, void *member, const struct result *result,
                        struct error *reterr)
{
    struct result *into = member;
    return json_field_read_list(&reason_table, value, (void **)&into->reasons, &into->reason_count,
                                result, reterr);
}

static const struct json_field_kind reasons = {write_reasons, read_reasons};

static json_t *write_notes(const void *member, const struct result *result)
{
    json_t *array = json_array();
    (void)member;
    for (size_t i = 0; i < result->note_count; i++)
        json_array_append_new(array, json_text(result->notes[i].text));
    return array;
}

static int read_notes(const json_t *value, void *member, const struct result *result,
                      struct error *reterr)
{
    struct result *into = member;
    (void)result;
    if (!json_is_array(value))
        return json_field_refuse(value, "a list", reterr);
    into->notes = memory_new(json_array_size(value) + 1, sizeof(*into->notes));
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *note = json_array_get(value, i);
        if (!json_is_string(note))
            return json_field_refuse(note, "text", reterr);
        into->notes[into->note_count++].text = memory_string(json_string_value(note));
    }
    return 0;
}

static const struct json_field_kind notes = {write_notes, read_notes};

static json_t *write_failed(const void *member, const struct result *result)
{
    json_t *array = json_array();
    (void)member;
    for (size_t i = 0; i < result->failed_count; i++)
        json_array_append_new(array, json_text(result->failed[i]));
    return array;
}

static int read_failed(const json_t *value, void *member, const struct result *result,
                       struct error *reterr)
{
    struct result *into = member;
    (void)result;
    if (!json_is_array(value))
        return json_field_refuse(value, "a list", reterr);
    into->failed = memory_new(json_array_size(value) + 1, sizeof(*into->failed));
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *word = json_array_get(value, i);
        if (!json_is_string(word))
            return json_field_refuse(word, "text", reterr);
        into->failed[into->failed_count++] = memory_string(json_string_value(word));
    }
    return 0;
}

static const struct json_field_kind failed = {write_failed, read_failed};

/* --- The scenario and what it expects -----------------------------------------------------------
 */

static const struct json_field scenario_fields[] = {
    {"name", &json_field_word, offsetof(struct result, scenario_name)},
    {"path", &json_field_text, offsetof(struct result, scenario_path)},
    {"description", &json_field_text, offsetof(struct result, description)},
    {"text", &json_field_text, offsetof(struct result, scenario_text)},
};
static const struct json_field_table scenario_table = JSON_FIELDS(scenario_fields, struct result);

static json_t *write_scenario(const void *member, const struct result *result)
{
    return json_field_write(&scenario_table, member, result);
}

static int read_scenario(const json_t *value, void *member, const struct result *result,
                         struct error *reterr)
{
    return json_field_read(&scenario_table, value, member, result, reterr);
}

static const struct json_field_kind scenario = {write_scenario, read_scenario};

static const struct json_field expectation_fields[] = {
    {"text", &json_field_word, offsetof(struct result_expectation, text)},
    {"line", &json_field_integer, offsetof(struct result_expectation, line)},
    {"verdict", &json_field_verdict, offsetof(struct result_expectation, verdict)},
    {"measured", &json_field_text, offsetof(struct result_expectation, measured)},
    {"reason", &json_field_text, offsetof(struct result_expectation, reason)},
    {"known", &json_field_flag, offsetof(struct result_expectation, is_known)},
};
static const struct json_field_table expectation_table =
    JSON_FIELDS(expectation_fields, struct result_expectation);

static json_t *write_expectations(const void *member, const struct result *result)
{
    (void)member;
    return json_field_write_list(&expectation_table, result->expectations,
                                 result->expectation_count, result);
}

static int read_expectations(const json_t *value, void *member, const struct result *result,
                             struct error *reterr)
{
    struct result *into = member;
    return json_field_read_list(&expectation_table, value, (void **)&into->expectations,
                                &into->expectation_count, result, reterr);
}

static const struct json_field_kind expectations = {write_expectations, read_expectations};

static const struct json_field known_fields[] = {
    {"because", &json_field_text, offsetof(struct result, known_because)},
    {"failed", &json_field_flag, offsetof(struct result, has_failed_as_known)},
};
static const struct json_field_table known_table = JSON_FIELDS(known_fields, struct result);

static json_t *write_known(const void *member, const struct result *result)
{
    return result->known_because ? json_field_write(&known_table, member, result) : json_null();
}

static int read_known(const json_t *value, void *member, const struct result *result,
                      struct error *reterr)
{
    return json_is_null(value) ? 0 : json_field_read(&known_table, value, member, result, reterr);
}

static const struct json_field_kind known = {write_known, read_known};

/* --- Single values that are more than their type ------------------------------------------------
 */

/* A seed has 64 bits, more than a JSON reader may keep: it is text. */
static json_t *write_seed(const void *member, const struct result *result)
{
    char digits[24];
    (void)result;
    snprintf(digits, sizeof(digits), "%llu", (unsigned long long)*(const uint64_t *)member);
    return json_text(digits);
}

static int read_seed(const json_t *value, void *member, const struct result *result,
                     struct error *reterr)
{
    const char *digits = json_string_value(value);
    char *end;
    (void)result;
    errno = 0;
    unsigned long long seed = digits ? strtoull(digits, &end, 10) : 0;
    if (!digits || digits[0] < '0' || digits[0] > '9' || *end || errno)
        return json_field_refuse(value, "text of decimal digits", reterr);
    *(uint64_t *)member = seed;
    return 0;
}

static const struct json_field_kind seed = {write_seed, read_seed};

static json_t *write_world(const void *member, const struct result *result)
{
    (void)result;
    return json_text(*(const bool *)member ? "virtual" : "real");
}

static int read_world(const json_t *value, void *member, const struct result *result,
                      struct error *reterr)
{
    const char *name = json_string_value(value);
    (void)result;
    if (!name || (strcmp(name, "virtual") != 0 && strcmp(name, "real") != 0))
        return error_set(reterr, ERROR_USAGE, "real or virtual is wanted");
    *(bool *)member = strcmp(name, "virtual") == 0;
    return 0;
}

static const struct json_field_kind world = {write_world, read_world};

/* --- The whole ----------------------------------------------------------------------------------
 */

#define AT(member) offsetof(struct result, member)

/* start_ns comes before all that counts from it. */
static const struct json_field result_fields[] = {
    {"verdict", &json_field_verdict, AT(verdict)},
    {"reasons", &reasons, 0},
    {"partial", &json_field_flag, AT(is_partial)},
    {"stop_reason", &json_field_word, AT(stop_reason)},
    {"scenario", &scenario, 0},
    {"command_line", &json_field_text, AT(command_line)},
    {"run_id", &json_field_text, AT(run_id)},
    {"seed", &seed, AT(seed)},
    {"time", &world, AT(is_virtual)},
    {"start_ns", &json_field_count, AT(start_ns)},
    {"elapsed_ns", &json_field_count, AT(elapsed_ns)},
    {"publish_ns", &json_field_count, AT(publish_ns)},
    {"drain_ns", &json_field_count, AT(drain_ns)},
    {"failed", &failed, 0},
    {"known", &known, 0},
    {"expectations", &expectations, 0},
    {"messages", &json_messages, 0},
    {"groups", &json_groups, 0},
    {"anomalies", &json_anomalies, 0},
    {"witnesses", &json_witnesses, 0},
    {"faults", &json_faults, 0},
    {"exchanges", &json_field_count, AT(exchange_count)},
    {"exchanges_irregular", &json_field_count, AT(exchanges_irregular)},
    {"exchanges_alike", &json_field_count, AT(exchanges_alike)},
    {"cuts", &json_cuts, 0},
    {"rates", &json_rates, 0},
    {"latencies", &json_latencies, 0},
    {"series", &json_series, 0},
    {"windows", &json_windows, 0},
    {"phases", &json_phases, 0},
    {"points", &json_points, 0},
    {"actors", &json_actors, 0},
    {"operations", &json_operations, 0},
    {"brokers", &json_brokers, 0},
    {"notes", &notes, 0},
    {"removal", &json_field_text, AT(removal)},
    {"environment", &json_environment, 0},
};

const struct json_field_table json_result_table = JSON_FIELDS(result_fields, struct result);

void report_json(const struct report_input *input, struct text *text)
{
    const struct result *result = input->results[0];
    json_t *root = json_object();
    json_put(root, "schema", json_text(RESULT_SCHEMA));
    json_put(root, "version", json_integer(RESULT_SCHEMA_VERSION));
    json_t *rest = json_field_write(&json_result_table, result, result);
    json_object_update(root, rest);
    json_lay_out(root, text);
    json_decref(rest);
    json_decref(root);
}
