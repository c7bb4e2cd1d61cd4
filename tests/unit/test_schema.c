/* test_schema.c: options checked against their table. */
#include "base/schema.h"

#include <string.h>

#include "support/unit.h"

static const struct schema_option OPTIONS[] = {
    {.key = "prefix", .type = SCHEMA_TEXT, .default_text = "gauntlet", .help = "names"},
    {.key = "tls", .type = SCHEMA_BOOLEAN, .default_text = "no", .help = "encrypt"},
    {.key = "batch", .type = SCHEMA_INTEGER, .minimum = 1, .maximum = 1000, .default_text = "50"},
    {.key = "skew", .type = SCHEMA_NUMBER, .minimum = -1, .maximum = 1.5},
    {.key = "wait", .type = SCHEMA_DURATION, .minimum = 1e6, .maximum = 60e9, .default_text = "5s"},
    {.key = "buffer", .type = SCHEMA_SIZE, .maximum = 1048576.0, .default_text = "4KiB"},
    {.key = "rate", .type = SCHEMA_RATE, .minimum = 1, .maximum = 1e6},
    {.key = "share", .type = SCHEMA_PERCENT, .maximum = 0.5, .default_text = "1%"},
    {.key = "ack", .type = SCHEMA_CHOICE, .choices = "batch|each|none", .default_text = "each"},
};
static const struct schema SCHEMA = {"adapter redis", OPTIONS, ARRAY_SIZE(OPTIONS)};

static int make_values(void **state)
{
    *state = schema_values_new(&SCHEMA);
    return 0;
}

static int free_values(void **state)
{
    schema_values_free(*state, ARRAY_SIZE(OPTIONS));
    return 0;
}

static void fills_in_the_defaults(void **state)
{
    const struct schema_value *values = *state;

    assert_string_equal(schema_get(&SCHEMA, values, "prefix")->text, "gauntlet");
    assert_int_equal(schema_get(&SCHEMA, values, "tls")->number, 0);
    assert_int_equal(schema_get(&SCHEMA, values, "batch")->number, 50);
    assert_close(schema_get(&SCHEMA, values, "batch")->real, 50, 0);
    assert_int_equal(schema_get(&SCHEMA, values, "wait")->number, 5000000000);
    assert_int_equal(schema_get(&SCHEMA, values, "buffer")->number, 4096);
    assert_close(schema_get(&SCHEMA, values, "share")->real, 0.01, 1e-12);
    assert_int_equal(schema_get(&SCHEMA, values, "ack")->number, 1);
    for (size_t i = 0; i < ARRAY_SIZE(OPTIONS); i++) {
        assert_ptr_equal(values[i].option, &OPTIONS[i]);
        assert_int_equal(values[i].is_given, 0);
    }
}

static void what_has_no_default_is_absent_until_given(void **state)
{
    struct schema_value *values = *state;

    assert_null(schema_get(&SCHEMA, values, "skew")->text);
    assert_int_equal(schema_set(&SCHEMA, values, "skew", "-0.5", NULL), 0);
    assert_close(schema_get(&SCHEMA, values, "skew")->real, -0.5, 0);
    assert_string_equal(schema_get(&SCHEMA, values, "skew")->text, "-0.5");
    assert_int_equal(schema_get(&SCHEMA, values, "skew")->is_given, 1);
}

static void sets_every_type_and_takes_the_last_word(void **state)
{
    static const struct {
        const char *key, *text;
        double value;
    } CASES[] = {
        {"tls", "yes", 1},       {"batch", "1", 1},          {"batch", "1000", 1000},
        {"wait", "250ms", 25e7}, {"buffer", "1MiB", 0x1p20}, {"rate", "20k/s", 20000},
        {"share", "50%", 0.5},   {"ack", "batch", 0},        {"ack", "none", 2},
    };
    struct schema_value *values = *state;

    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        const struct schema_value *value = schema_get(&SCHEMA, values, CASES[i].key);

        assert_int_equal(schema_set(&SCHEMA, values, CASES[i].key, CASES[i].text, NULL), 0);
        assert_close(value->real, CASES[i].value, 1e-9);
        assert_int_equal(value->number, (int64_t)CASES[i].value);
        assert_string_equal(value->text, CASES[i].text);
    }
    assert_int_equal(
        schema_set(&SCHEMA, values, "ack", schema_get(&SCHEMA, values, "ack")->text, NULL),
        0); /* its own text given back to it */
    assert_string_equal(schema_get(&SCHEMA, values, "ack")->text, "none");
}

static void says_what_is_wrong_and_leaves_the_value_alone(void **state)
{
    static const struct {
        const char *key, *text, *message;
    } CASES[] = {
        {"bacth", "5", "adapter redis has no option 'bacth': did you mean 'batch'?"},
        {"colour", "5",
         "adapter redis has no option 'colour': it takes prefix, tls, batch, skew, wait, buffer, "
         "rate, share, ack"},
        {"batch", "0", "adapter redis: batch: '0' is out of bounds: say 1 to 1000"},
        {"batch", "1001", "adapter redis: batch: '1001' is out of bounds: say 1 to 1000"},
        {"batch", "five", "adapter redis: batch: 'five' is not a whole number: say such as 1000"},
        {"skew", "2", "adapter redis: skew: '2' is out of bounds: say -1 to 1.5"},
        {"wait", "2m", "adapter redis: wait: '2m' is out of bounds: say 1.00 ms to 60.0 s"},
        {"wait", "7",
         "adapter redis: wait: '7' has no unit: say ns, us, ms, s, m or h (such as 7ms)"},
        {"buffer", "2MiB", "adapter redis: buffer: '2MiB' is out of bounds: say 0 B to 1.0 MiB"},
        {"rate", "2M/s", "adapter redis: rate: '2M/s' is out of bounds: say 1/s to 1000000/s"},
        {"share", "51%", "adapter redis: share: '51%' is out of bounds: say 0% to 50%"},
        {"ack", "eac",
         "adapter redis: ack: 'eac' is not one of the choices: say one of batch|each|none"},
        {"ack", "", "adapter redis: ack: '' is not one of the choices: say one of batch|each|none"},
        {"tls", "2", "adapter redis: tls: '2' is neither true nor false: say true or false"},
    };
    struct schema_value *values = *state;

    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        struct error error = {0};

        assert_int_equal(schema_set(&SCHEMA, values, CASES[i].key, CASES[i].text, &error), -1);
        assert_string_equal(error.message, CASES[i].message);
        assert_int_equal(error.kind, ERROR_SCENARIO);
    }
    fills_in_the_defaults(state);
}

static void an_empty_table_takes_nothing(void **state)
{
    static const struct schema EMPTY = {"adapter inline", NULL, 0};
    struct schema_value *values = schema_values_new(&EMPTY);
    struct error error = {0};

    (void)state;
    assert_int_equal(schema_set(&EMPTY, values, "x", "1", &error), -1);
    assert_string_equal(error.message, "adapter inline has no option 'x': it takes none");
    schema_values_free(values, 0);
    schema_values_free(NULL, 5);
}

static void a_table_that_contradicts_itself_is_found_out(void **state)
{
    static const struct {
        struct schema_option option;
        const char *complaint;
    } CASES[] = {
        {{.type = SCHEMA_TEXT}, "plugin: an option has no key"},
        {{.key = "", .type = SCHEMA_TEXT}, "plugin: an option has no key"},
        {{.key = "a", .type = (enum schema_type)99}, "plugin: a: there is no type 99"},
        {{.key = "a", .type = SCHEMA_CHOICE}, "plugin: a: a choice with nothing to choose from"},
        {{.key = "a", .type = SCHEMA_INTEGER, .default_text = "x"},
         "plugin: a: its own default is wrong: 'x' is not a whole number: say such as 1000"},
        {{.key = "a", .type = SCHEMA_INTEGER, .minimum = 1, .maximum = 2, .default_text = "3"},
         "plugin: a: its own default is wrong: '3' is out of bounds: say 1 to 2"},
    };
    struct error error = {0};

    (void)state;
    assert_int_equal(schema_check(&SCHEMA, &error), 0);
    assert_int_equal(error.kind, ERROR_NONE);
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        const struct schema schema = {"plugin", &CASES[i].option, 1};

        assert_int_equal(schema_check(&schema, &error), -1);
        assert_string_equal(error.message, CASES[i].complaint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_that_contradicts_itself_is_found_out),
        cmocka_unit_test_setup_teardown(fills_in_the_defaults, make_values, free_values),
        cmocka_unit_test_setup_teardown(what_has_no_default_is_absent_until_given, make_values,
                                        free_values),
        cmocka_unit_test_setup_teardown(sets_every_type_and_takes_the_last_word, make_values,
                                        free_values),
        cmocka_unit_test_setup_teardown(says_what_is_wrong_and_leaves_the_value_alone, make_values,
                                        free_values),
        cmocka_unit_test(an_empty_table_takes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
