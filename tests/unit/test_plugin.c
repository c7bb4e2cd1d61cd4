/* test_plugin.c: which plugins are loaded, which are refused, and with what advice. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin.h"
#include "registry.h"

static const char *path_of(const char *name)
{
    static char path[512];
    const char *build = getenv("BUILD");

    (void)snprintf(path, sizeof(path), "%s/fakes/plugin_%s.so", build ? build : "build/release",
                   name);
    return path;
}

static void what_is_complete_is_loaded(void **state)
{
    static const char *const names[] = {"null", "other", "grown", "crash"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        struct error error = {0};

        if (!plugin_load(path_of(names[i]), &error))
            fail_msg("%s: %s", names[i], error.message);
    }
}

static void what_is_wrong_is_refused_with_what_to_do(void **state)
{
    static const struct {
        const char *name, *words;
    } cases[] = {
        {"newer", "is built for port 2, and this gauntlet speaks port 1: install a newer gauntlet"},
        {"older", "is built for port 0, and this gauntlet speaks port 1: set '.abi = BROKER_"},
        {"short", "its struct_size is 64, which ends before the required members: set"},
        {"incomplete", "leaves out what every adapter needs: close, abandon"},
        {"boastful", "does not have what it declares: read (for CONSUMER_GROUPS), ack (for "
                     "ACK_NACK), nack (for ACK_NACK): fill it in, or leave the capability out"},
        {"unknown", "declares capabilities 0x100000, which this gauntlet does not know"},
        {"options", "mode"},
        {"restless",
         "lists the disturbance 'restless': then it needs 'disturb', and 'restore' where"},
        {"vague", "disturbance vague"},
        {"nothing", "exports no 'broker_adapter': define"},
        {"function", "is a function there: it must be the object itself"},
        {"pointer", "too few to be a struct broker_adapter: is it a pointer to one?"},
        {"missing", "cannot be loaded: cannot open shared object file"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct error error = {0};

        assert_null(plugin_load(path_of(cases[i].name), &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        if (!strstr(error.message, cases[i].words))
            fail_msg("%s: %s", cases[i].name, error.message);
    }
}

static void plugins_in_one_process_keep_apart(void **state)
{
    struct error error = {0};
    char first_path[512];

    (void)state;
    (void)snprintf(first_path, sizeof(first_path), "%s", path_of("null"));
    const struct broker_adapter *first = registry_find(first_path, &error);
    const struct broker_adapter *second = registry_find(path_of("other"), &error);
    assert_non_null(first);
    assert_non_null(second);
    assert_string_equal(first->name, "null_plugin");
    assert_string_equal(second->name, "other_plugin");
    assert_ptr_not_equal(first->create, second->create);
    assert_ptr_equal(registry_find(first_path, &error), first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_complete_is_loaded),
        cmocka_unit_test(what_is_wrong_is_refused_with_what_to_do),
        cmocka_unit_test(plugins_in_one_process_keep_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
