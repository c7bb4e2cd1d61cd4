/* test_registry.c: the built-in adapters can be found, and their options make sense as a schema. */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "registry.h"

static void every_adapter_is_found_by_its_own_name(void **state)
{
    struct error error;
    size_t count = 0;

    (void)state;
    for (const struct broker_adapter *adapter; (adapter = registry_at(count)); count++)
        assert_ptr_equal(registry_find(adapter->name, &error), adapter);
    assert_true(count >= 4);
    assert_null(registry_at(count));
    assert_null(registry_at(count + 1));
}

static void an_unknown_name_is_answered_with_what_would_be_right(void **state)
{
    static const struct {
        const char *name, *words;
    } cases[] = {
        {"rediss", "no adapter is called 'rediss': did you mean 'redis'?"},
        {"inlne", "no adapter is called 'inlne': did you mean 'inline'?"},
        {"kafka", "no adapter is called 'kafka': there are inline, redis, redis_pubsub, "},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct error error = {0};

        assert_null(registry_find(cases[i].name, &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        assert_memory_equal(error.message, cases[i].words, strlen(cases[i].words));
    }
}

static void options_become_a_schema_word_for_word(void **state)
{
    static const struct adapter_option options[] = {
        {"mode", ADAPTER_OPTION_CHOICE, "fast|safe", 0, 0, "safe", "how"},
        {"wait", ADAPTER_OPTION_DURATION, NULL, 1, 5e9, NULL, "how long"},
    };
    const struct broker_adapter adapter = {
        .name = "toy", .options = options, .option_count = ARRAY_SIZE(options)};
    struct schema_option *converted;
    struct schema schema = registry_schema(&adapter, &converted);

    (void)state;
    assert_string_equal(schema.subject, "adapter toy");
    assert_int_equal(schema.option_count, 2);
    assert_ptr_equal(schema.options, converted);
    assert_string_equal(converted[0].key, "mode");
    assert_int_equal(converted[0].type, SCHEMA_CHOICE);
    assert_string_equal(converted[0].choices, "fast|safe");
    assert_string_equal(converted[0].default_text, "safe");
    assert_string_equal(converted[1].help, "how long");
    assert_true(converted[1].minimum >= 1 && converted[1].minimum <= 1);
    assert_true(converted[1].maximum >= 5e9 && converted[1].maximum <= 5e9);
    assert_null(converted[1].default_text);
    free(converted);
}

/* Filling them in asserts that each default is one that the table itself allows. */
static void defaults_of_every_adapter_are_allowed_by_its_own_table(void **state)
{
    const struct broker_adapter *adapter;

    (void)state;
    for (size_t i = 0; (adapter = registry_at(i)); i++) {
        struct schema_option *options;
        struct schema schema = registry_schema(adapter, &options);
        struct schema_value *values = schema_values_new(&schema);

        assert_int_equal(schema.option_count, adapter->option_count);
        schema_values_free(values, schema.option_count);
        free(options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_adapter_is_found_by_its_own_name),
        cmocka_unit_test(an_unknown_name_is_answered_with_what_would_be_right),
        cmocka_unit_test(options_become_a_schema_word_for_word),
        cmocka_unit_test(defaults_of_every_adapter_are_allowed_by_its_own_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
