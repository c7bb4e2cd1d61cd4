/* test_report_read.c: a result.json is read back byte for byte, or refused with a reason. */
#include "reports/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "reports/report.h"
#include "support/unit.h"

#include "support/sample_result.h"

static char path[] = "/tmp/gauntlet-test-XXXXXX";

static int make_file(void **state)
{
    int fd = mkstemp(path);
    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void save(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void write_json(const struct result *result, struct text *text)
{
    const struct report_input input = {.results = &result, .count = 1};
    report_json(&input, text);
    report_scrub(text);
}

static void demand_round_trip(const struct result *result)
{
    struct text first = {0}, second = {0};
    struct result *read = NULL;
    struct error error = {0};
    write_json(result, &first);
    save(first.data, first.size);
    if (report_read(path, &read, &error))
        fail_msg("%s", error.message);
    write_json(read, &second);
    assert_string_equal(text_string(&first), text_string(&second));
    text_release(&first);
    text_release(&second);
    result_free(read);
}

static void everything_comes_back(void **state)
{
    struct result *result = sample_result();
    (void)state;
    demand_round_trip(result);
    result->is_virtual = true;
    demand_round_trip(result);
    result->known_because = memory_string("issue 12");
    result->has_failed_as_known = result->expectations[0].is_known = true;
    result->publish_rate = NAN;
    free(result->brokers[0].health);
    result->brokers[0].health = memory_string("just words");
    demand_round_trip(result);
    free(result->brokers[0].health);
    result->brokers[0].health = memory_string("\"123\"");
    demand_round_trip(result);
    sample_free(result);
}

static void a_run_that_never_began_comes_back(void **state)
{
    struct result *result = memory_new(1, sizeof(*result));
    (void)state;
    result->scenario_name = memory_string("never ran");
    result->stop_reason = memory_string("could not run");
    result_judge(result, VERDICT_INCONCLUSIVE, "could not run: no server");
    demand_round_trip(result);
    result_free(result);
}

static void histograms_keep_every_percentile(void **state)
{
    struct result *result = sample_result(), *read;
    struct text text = {0};
    struct error error = {0};
    (void)state;
    write_json(result, &text);
    save(text.data, text.size);
    assert_int_equal(report_read(path, &read, &error), 0);
    assert_int_equal(read->latency_count, result->latency_count);
    for (int i = 0; i <= 1000; i++)
        assert_int_equal(histogram_percentile(&read->latencies[0].histogram, i / 1000.0),
                         histogram_percentile(&result->latencies[0].histogram, i / 1000.0));
    assert_int_equal(read->faults[0].windows[1].end_ns, 0);
    assert_int_equal(read->faults[0].windows[0].begin_ns, MS(1250));
    text_release(&text);
    result_free(read);
    sample_free(result);
}

static void demand_refusal(const char *bytes, size_t size, const char *expected)
{
    struct result *read = NULL;
    struct error error = {0};
    save(bytes, size);
    assert_int_equal(report_read(path, &read, &error), -1);
    assert_null(read);
    assert_int_equal(error.kind, ERROR_USAGE);
    if (!strstr(error.message, expected))
        fail_msg("'%s' does not say '%s'", error.message, expected);
}

static void what_is_no_result_is_refused(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", "not JSON, or cut off"},
        {"\x7f\x45LF\x02\x01", "not JSON, or cut off"},
        {"[]", "not a result of gauntlet"},
        {"{}", "not a result of gauntlet"},
        {"{\"schema\": \"gauntlet-conformance\", \"version\": 1}", "not a result of gauntlet"},
        {"{\"schema\": \"gauntlet-result\"}", "'version' is missing"},
        {"{\"schema\": \"gauntlet-result\", \"version\": 1}",
         "of version 1: this gauntlet reads version 2"},
        {"{\"schema\": \"gauntlet-result\", \"version\": 3}", "of version 3"},
        {"{\"schema\": \"gauntlet-result\", \"version\": 2}", "'verdict' is missing"},
        {"{\"schema\": \"gauntlet-result\", \"version\": 2, \"verdict\": \"good\"}",
         "verdict: pass, inconclusive or fail is wanted, not good"},
        {"{\"schema\": \"gauntlet-result\", \"schema\": \"gauntlet-result\"}", "duplicate"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        demand_refusal(cases[i].text, strlen(cases[i].text), cases[i].expected);
    struct result *read = NULL;
    struct error error = {0};
    assert_int_equal(report_read("/nowhere/result.json", &read, &error), -1);
    assert_non_null(strstr(error.message, "cannot read '/nowhere/result.json': No such file"));
}

static void a_file_that_was_cut_off_is_refused(void **state)
{
    struct result *result = sample_result();
    struct text text = {0};
    (void)state;
    write_json(result, &text);
    for (size_t size = 1; size < text.size - 2; size += 211)
        demand_refusal(text.data, size, "not JSON, or cut off");
    text_release(&text);
    sample_free(result);
}

/* --- Every value replaced by another: refused or read, never a crash
 * ------------------------------
 */

struct twist {
    json_t *root;
    const json_t *instead;
    size_t refused;
};

static void read_twisted(struct twist *twist)
{
    char *dump = json_dumps(twist->root, 0);
    struct result *read = NULL;
    struct error error = {0};
    save(dump, strlen(dump));
    twist->refused += report_read(path, &read, &error) != 0;
    result_free(read);
    free(dump);
}

static void twist_all(struct twist *twist, json_t *value);

static void twist_key(struct twist *twist, json_t *object, const char *key)
{
    json_t *old = json_incref(json_object_get(object, key));
    json_object_set_new(object, key, json_deep_copy(twist->instead));
    read_twisted(twist);
    json_object_set(object, key, old);
    twist_all(twist, old);
    json_decref(old);
}

static void twist_entry(struct twist *twist, json_t *array, size_t index)
{
    json_t *old = json_incref(json_array_get(array, index));
    json_array_set_new(array, index, json_deep_copy(twist->instead));
    read_twisted(twist);
    json_array_set(array, index, old);
    twist_all(twist, old);
    json_decref(old);
}

static void twist_all(struct twist *twist, json_t *value)
{
    const char *key;
    void *next;
    json_t *ignored;
    json_object_foreach_safe(value, next, key, ignored) twist_key(twist, value, key);
    for (size_t i = 0; i < json_array_size(value) && i < 2; i++)
        twist_entry(twist, value, i);
}

static void a_value_of_another_form_does_no_harm(void **state)
{
    static const char *const values[] = {"true", "-1", "\"HISTFAAA\"", "[{}]", "1e99"};
    struct result *result = sample_result();
    struct text text = {0};
    (void)state;
    write_json(result, &text);
    for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
        json_t *instead = json_loads(values[i], JSON_DECODE_ANY, NULL);
        struct twist twist = {json_loads(text_string(&text), 0, NULL), instead, 0};
        twist_all(&twist, twist.root);
        assert_true(twist.refused > 100);
        json_decref(twist.root);
        json_decref(instead);
    }
    text_release(&text);
    sample_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_comes_back),
        cmocka_unit_test(a_run_that_never_began_comes_back),
        cmocka_unit_test(histograms_keep_every_percentile),
        cmocka_unit_test(what_is_no_result_is_refused),
        cmocka_unit_test(a_file_that_was_cut_off_is_refused),
        cmocka_unit_test(a_value_of_another_form_does_no_harm),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
