/* test_readme.c: the README names every key, word and option that there is. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "registry.h"
#include "run/run.h"
#include "scenario/tables.h"
#include "support/unit.h"

static char *read_readme(void)
{
    FILE *file = fopen("README.md", "rb");
    struct text text = {0};
    char buffer[4096];
    size_t size;
    assert_non_null(file);
    while ((size = fread(buffer, 1, sizeof(buffer), file)) > 0)
        text_append(&text, buffer, size);
    fclose(file);
    return text.data;
}

/* As a word inside some code span: "`batch`", "{burst: 50}", "`--seed N`". */
static bool is_named(const char *readme, const char *word)
{
    static const char *const around[][2] = {{"`", "`"}, {"{", ":"}, {", ", ":"},      {"`no ", "`"},
                                            {"`", "."}, {"`", " "}, {"`broker ", " "}};
    for (size_t i = 0; i < ARRAY_SIZE(around); i++) {
        struct text text = {0};
        text_appendf(&text, "%s%s%s", around[i][0], word, around[i][1]);
        bool found = strstr(readme, text_string(&text)) != NULL;
        text_release(&text);
        if (found)
            return true;
    }
    return false;
}

static void every_key_of_a_scenario_is_explained(void **state)
{
    const struct schema *const schemas[] = {
        scenario_schema_top(),         scenario_schema_broker(),  scenario_schema_producer(),
        scenario_schema_consumer(),    scenario_schema_payload(), scenario_schema_payload_size(),
        scenario_schema_arrival(),     scenario_schema_work(),    scenario_schema_start(),
        scenario_schema_expectation(), scenario_schema_stage(),   scenario_schema_keys(),
        scenario_schema_spawn(),       scenario_schema_control(), scenario_schema_fault(),
        scenario_schema_trigger(),     scenario_schema_chaos(),
    };
    char *readme = read_readme();
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(schemas); i++)
        for (size_t key = 0; key < schemas[i]->option_count; key++)
            if (!is_named(readme, schemas[i]->options[key].key))
                fail_msg("the README does not name the %s key '%s'", schemas[i]->subject,
                         schemas[i]->options[key].key);
    free(readme);
}

static void every_word_of_expectations_is_explained(void **state)
{
    char *readme = read_readme();
    const struct scenario_word *word;
    (void)state;
    for (size_t i = 0; (word = scenario_word_at(i)) != NULL; i++)
        if (!is_named(readme, word->name))
            fail_msg("the README does not name '%s'", word->name);
    for (size_t i = 0; (word = scenario_broker_word_at(i)) != NULL; i++)
        if (!is_named(readme, word->name))
            fail_msg("the README does not name 'broker %s'", word->name);
    free(readme);
}

static void everything_that_can_be_done_on_purpose_is_explained(void **state)
{
    char *readme = read_readme();
    const struct scenario_fault_word *word;
    struct scenario_rules rules;
    (void)state;
    run_rules(&rules);
    for (size_t i = 0; (word = rules.fault_word(rules.context, i)) != NULL; i++)
        if (!is_named(readme, word->word))
            fail_msg("the README does not name the fault '%s'", word->word);
    run_rules_release(&rules);
    free(readme);
}

static void every_command_and_option_is_explained(void **state)
{
    char *readme = read_readme();
    const struct command *command;
    (void)state;
    for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
        for (size_t option = 0; option < command->table.option_count; option++) {
            struct text name = {0};
            text_appendf(&name, "--%s", command->table.options[option].name);
            if (!(command->table.options[option].flags & OPTION_HIDDEN) &&
                !is_named(readme, text_string(&name)))
                fail_msg("the README does not name %s", text_string(&name));
            text_release(&name);
        }
        struct text usage = {0};
        text_appendf(&usage, "\ngauntlet %s ", command->table.command);
        assert_non_null(strstr(readme, text_string(&usage)));
        text_release(&usage);
    }
    free(readme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_of_a_scenario_is_explained),
        cmocka_unit_test(every_word_of_expectations_is_explained),
        cmocka_unit_test(everything_that_can_be_done_on_purpose_is_explained),
        cmocka_unit_test(every_command_and_option_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
