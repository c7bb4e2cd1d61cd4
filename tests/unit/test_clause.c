/* test_clause.c: files of clauses, right and wrong, and written again. */
#include "scenario/clause.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "scenario/clause_file.h"
#include "scenario/scenario.h"
#include "support/unit.h"

#define FAMILY                                                                                     \
    "family: ACK\n"                                                                                \
    "title: Acknowledgement\n"                                                                     \
    "clauses:\n"

static int read_text(const char *text, struct clauses *clauses, struct error *error)
{
    return clause_file_read("a.yaml", text, strlen(text), clauses, error);
}

static void a_clause_has_everything_that_was_written(void **state)
{
    static const char text[] =
        FAMILY "  - clause: ACK-02\n"
               "    level: O\n"
               "    core: true\n"
               "    says: It can be acknowledged once.\n"
               "    needs: [ACK_NACK, BLOCKING_READ]\n"
               "    without: [REPLAY]\n"
               "    world: [server, tamper]\n"
               "    facts: [trims, dlq_populated_by=broker]\n"
               "    options: {retry_delay: 80ms, max_retries: 3}\n"
               "    rounds: 50\n"
               "    real: true\n"
               "    limit: 5s\n"
               "    steps:\n"
               "      - publish: {stream: s, message: {n: 1, t: \"1\"}, as: m}\n"
               "      - ack: {stream: s, group: g, id: $m, expect: true}\n";
    struct clauses clauses = {0};
    struct error error = {0};
    const struct clause *clause;
    const struct tree *message;

    (void)state;
    assert_int_equal(read_text(text, &clauses, &error), 0);
    assert_int_equal(clauses.count, 1);
    clause = &clauses.items[0];
    assert_string_equal(clause->id, "ACK-02");
    assert_string_equal(clause->family, "ACK");
    assert_string_equal(clause->says, "It can be acknowledged once.");
    assert_int_equal(clause->level, CLAUSE_OPTIONAL);
    assert_true(clause->is_core);
    assert_int_equal(clause->need_count, 2);
    assert_string_equal(clause->needs[1], "BLOCKING_READ");
    assert_string_equal(clause->without[0], "REPLAY");
    assert_string_equal(clause->world[1], "tamper");
    assert_string_equal(clause->facts[1], "dlq_populated_by=broker");
    assert_string_equal(clause->options[0].key, "retry_delay");
    assert_string_equal(clause->options[1].text, "3");
    assert_int_equal(clause->rounds, 50);
    assert_true(clause->is_real);
    assert_int_equal(clause->limit_ns, 5000000000u);
    assert_int_equal(clause->steps.count, 2);
    assert_int_equal(clause->place.line, 4);
    message = tree_get(tree_get(&clause->steps.children[0], "publish"), "message");
    assert_true(tree_get(message, "n")->is_plain);
    assert_false(tree_get(message, "t")->is_plain);
    assert_int_equal(tree_get(message, "n")->place.line, 17);
    clauses_release(&clauses);
}

static void what_is_not_written_has_its_default(void **state)
{
    struct clauses clauses = {0};
    struct error error = {0};

    (void)state;
    assert_int_equal(read_text("clause: MINE-1\nsays: x\nsteps: [{ping: {}}]\n", &clauses, &error),
                     0);
    assert_string_equal(clauses.items[0].family, "MINE");
    assert_int_equal(clauses.items[0].level, CLAUSE_REQUIRED);
    assert_false(clauses.items[0].is_core);
    assert_int_equal(clauses.items[0].rounds, 1);
    assert_int_equal(clauses.items[0].limit_ns, 30000000000u);
    assert_null(clauses.items[0].derive);
    clauses_release(&clauses);
}

static void a_text_may_hold_nul(void **state)
{
    struct clauses clauses = {0};
    struct error error = {0};
    const struct tree *says;

    (void)state;
    assert_int_equal(read_text("clause: A-1\nsays: x\nsteps: [{publish: {message: \"a\\0b\"}}]\n",
                               &clauses, &error),
                     0);
    says = tree_get(tree_get(&clauses.items[0].steps.children[0], "publish"), "message");
    assert_int_equal(says->size, 3);
    assert_memory_equal(says->text, "a\0b", 4);
    clauses_release(&clauses);
}

/* --- What is wrong --------------------------------------------------------------------------- */

static const struct {
    const char *text;
    int line, column;
    const char *message;
} WRONG[] = {
    {"- a\n", 1, 1,
     "a file of clauses has the keys 'family' and 'clauses', or those of one clause; this is a "
     "list"},
    {"family: ACK\n", 1, 1, "a file of clauses needs 'clauses' (a list)"},
    {"clauses: []\n", 1, 1,
     "a file of clauses needs 'family' (what the ids of its clauses begin with)"},
    {"family: ACK\nclauses: []\n", 2, 10, "'clauses' takes a list of clauses"},
    {"family: ACK\nclauses: 3\n", 2, 10, "'clauses' takes a list of clauses"},
    {"family: ACK\ntitel: x\nclauses: [x]\n", 2, 1,
     "unknown key 'titel' in a file of clauses: did you mean 'title'?"},
    {"family: A C\nclauses: [x]\n", 1, 9,
     "'A C' is no name for a family: begin with a letter, go on with letters, digits, '-' and "
     "'_', 64 at most"},
    {FAMILY "  - x\n", 4, 5, "a clause is a mapping of keys to values, not text"},
    {FAMILY "  - says: x\n", 4, 5,
     "a clause needs 'clause' (its id: the family, a dash, and what follows)"},
    {FAMILY "  - clause: ACK-1\n    steps: [{ping: {}}]\n", 4, 5,
     "a clause needs 'says' (one sentence that can be true or false)"},
    {FAMILY "  - clause: ACK-1\n    says: x\n", 4, 5, "clause ACK-1 has no 'steps'"},
    {FAMILY "  - clause: NCK-1\n    says: x\n    steps: [{ping: {}}]\n", 4, 13,
     "'NCK-1' is no clause of the family ACK"},
    {FAMILY "  - clause: ACK1\n    says: x\n    steps: [{ping: {}}]\n", 4, 13,
     "'ACK1' is no id of a clause: say the family, a dash and a number, as in ACK-02"},
    {FAMILY "  - clause: ACK-\n    says: x\n    steps: [{ping: {}}]\n", 4, 13,
     "'ACK-' is no id of a clause: say the family, a dash and a number, as in ACK-02"},
    {FAMILY "  - clause: ACK-1\n    says: x\n    level: M\n    steps: [{ping: {}}]\n", 6, 12,
     "clause: level: 'M' is not one of the choices: say one of R|O|H"},
    {FAMILY "  - clause: ACK-1\n    says: x\n    needs: ACK_NACK\n    steps: [{ping: {}}]\n", 6, 12,
     "'needs' takes a list, not text"},
    {FAMILY "  - clause: ACK-1\n    says: x\n    world: [sever]\n    steps: [{ping: {}}]\n", 6, 13,
     "'world' knows no 'sever': did you mean 'server'?"},
    {FAMILY "  - clause: ACK-1\n    says: x\n    facts: [moon]\n    steps: [{ping: {}}]\n", 6, 13,
     "'facts' knows no 'moon': there are in_process, redelivery_time_ms, retry_budget, "
     "block_cap_ms, trim_granularity, trims, dlq_populated_by"},
    {FAMILY "  - clause: ACK-1\n    says: x\n    options: [a]\n    steps: [{ping: {}}]\n", 6, 14,
     "'options' takes a mapping, as {max_retries: 3}, not a list"},
    {FAMILY "  - clause: ACK-1\n    says: x\n    rounds: 0\n    steps: [{ping: {}}]\n", 6, 13,
     "clause: rounds: '0' is out of bounds: say 1 to 1000000"},
    {FAMILY "  - clause: ACK-1\n    says: x\n    limit: 30\n    steps: [{ping: {}}]\n", 6, 12,
     "clause: limit: '30' has no unit: say ns, us, ms, s, m or h (such as 30ms)"},
    {FAMILY "  - clause: ACK-1\n    says: x\n    steps: []\n", 6, 12,
     "there are no steps: a clause has some"},
    {FAMILY "  - clause: ACK-1\n    says: x\n    steps: {ping: {}}\n", 6, 12,
     "'steps' takes a list, not a mapping"},
    {FAMILY "  - clause: ACK-1\n    says: x\n    steps: [{ping: {}}]\n    derive: y\n", 7, 13,
     "'steps' and 'derive' exclude each other"},
    {FAMILY "  - clause: ACK-1\n    says: x\n    step: [{ping: {}}]\n", 6, 5,
     "unknown key 'step' in a clause: did you mean 'steps'?"},
    {FAMILY "  - clause: ACK-1\n    says: x\n    says: y\n", 6, 5,
     "key 'says' is given twice: it stands in line 5 already"},
};

static void says_what_is_wrong_where_and_what_would_be_right(void **state)
{
    size_t failed = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(WRONG); i++) {
        struct clauses clauses = {0};
        struct error error = {0};
        int result = read_text(WRONG[i].text, &clauses, &error);

        clauses_release(&clauses);
        if (result == -1 && error.kind == ERROR_SCENARIO &&
            strcmp(error.message, WRONG[i].message) == 0 && error.place.line == WRONG[i].line &&
            error.place.column == WRONG[i].column)
            continue;
        print_message("%zu: expected %d:%d: %s\n       but got %d:%d: %s\n", i, WRONG[i].line,
                      WRONG[i].column, WRONG[i].message, error.place.line, error.place.column,
                      error.message);
        failed++;
    }
    assert_int_equal(failed, 0);
}

static void aliases_of_aliases_end_somewhere(void **state)
{
    char *text = memory_string("clause: A-1\nsays: x\nsteps:\n  - &a0 {ping: {}}\n");
    struct clauses clauses = {0};
    struct error error = {0};

    (void)state;
    for (int i = 1; i < 12; i++) {
        char *more = memory_format("%s  - &a%d [*a%d, *a%d, *a%d, *a%d]\n", text, i, i - 1, i - 1,
                                   i - 1, i - 1);

        free(text);
        text = more;
    }
    assert_int_equal(read_text(text, &clauses, &error), -1);
    assert_string_equal(error.message, "the steps of a clause hold at most 100000 values");
    clauses_release(&clauses);
    free(text);
}

/* --- Folders --------------------------------------------------------------------------------- */

static void put(const char *folder, const char *name, const char *text)
{
    char path[200];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    char *folder = memory_string("/tmp/gauntlet-clauses-XXXXXX");

    *state = folder;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"b.yaml", "a.yaml", "scenario.yaml", "notes.txt"};
    char path[200];

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", (char *)*state, names[i]);
        (void)remove(path);
    }
    (void)rmdir(*state);
    free(*state);
    return 0;
}

#define ONE(id) "clause: " id "\nsays: x\nsteps: [{ping: {}}]\n"

static void a_folder_gives_its_clauses_in_order_and_leaves_scenarios_alone(void **state)
{
    struct clauses clauses = {0};
    struct error error = {0};
    char **paths = NULL;
    size_t count = 0;

    put(*state, "b.yaml",
        "# a comment\nfamily: B\nclauses:\n  - {clause: B-2, says: x, steps: "
        "[{ping: {}}]}\n  - {clause: B-1, says: x, steps: [{ping: {}}]}\n");
    put(*state, "a.yaml", ONE("A-1"));
    put(*state, "scenario.yaml", "name: x\nproducers: []\n");
    put(*state, "notes.txt", "clause: no\n");
    assert_int_equal(clauses_load(*state, &clauses, &error), 0);
    assert_int_equal(clauses.count, 3);
    assert_string_equal(clauses.items[0].id, "A-1");
    assert_string_equal(clauses.items[1].id, "B-2");
    assert_string_equal(clauses.items[2].id, "B-1");
    assert_non_null(strstr(clauses.items[1].place.file, "/b.yaml"));
    clauses_release(&clauses);
    assert_int_equal(scenario_list(*state, &paths, &count, &error), 0);
    assert_int_equal(count, 1);
    assert_non_null(strstr(paths[0], "/scenario.yaml"));
    free(paths[0]);
    free(paths);
}

static void an_id_stands_for_one_clause(void **state)
{
    struct clauses clauses = {0};
    struct error error = {0};

    put(*state, "a.yaml", ONE("A-1"));
    put(*state, "b.yaml", ONE("A-1"));
    assert_int_equal(clauses_load(*state, &clauses, &error), -1);
    assert_null(error.place.file); /* the name of the file dies with the clauses */
    assert_non_null(strstr(error.message, "/b.yaml:1:1: clause A-1 is there already: "));
    assert_non_null(strstr(error.message, "/a.yaml, line 1"));
}

static void an_error_in_one_file_points_to_the_callers_name(void **state)
{
    struct clauses clauses = {0};
    struct error error = {0};
    char path[200];

    put(*state, "a.yaml", "clause: A-1\n");
    (void)snprintf(path, sizeof(path), "%s/a.yaml", (char *)*state);
    assert_int_equal(clauses_load(path, &clauses, &error), -1);
    assert_ptr_equal(error.place.file, path);
    assert_int_equal(error.place.line, 1);
    assert_null(clauses.items);
}

static void a_folder_without_clauses_is_refused(void **state)
{
    struct clauses clauses = {0};
    struct error error = {0};

    put(*state, "scenario.yaml", "name: x\n");
    assert_int_equal(clauses_load(*state, &clauses, &error), -1);
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_non_null(strstr(error.message, "there is no file of clauses in '"));
}

/* --- Written again --------------------------------------------------------------------------- */

static void assert_same(const struct tree *left, const struct tree *right)
{
    assert_int_equal(left->kind, right->kind);
    assert_int_equal(left->count, right->count);
    assert_int_equal(left->size, right->size);
    assert_int_equal(left->is_plain, right->is_plain);
    if (left->text)
        assert_memory_equal(left->text, right->text, left->size);
    for (size_t i = 0; i < left->count; i++) {
        if (left->children[i].key)
            assert_string_equal(left->children[i].key, right->children[i].key);
        assert_same(&left->children[i], &right->children[i]);
    }
}

static void check_written(const struct clause *clause)
{
    struct clauses again = {0};
    struct error error = {0};
    struct text text = {0};

    clause_write(clause, &text);
    if (read_text(text_string(&text), &again, &error) != 0)
        fail_msg("%d:%d: %s in\n%s", error.place.line, error.place.column, error.message,
                 text_string(&text));
    assert_string_equal(again.items[0].id, clause->id);
    assert_string_equal(again.items[0].says, clause->says);
    assert_int_equal(again.items[0].level, clause->level);
    assert_int_equal(again.items[0].rounds, clause->rounds);
    assert_int_equal(again.items[0].limit_ns, clause->limit_ns);
    assert_int_equal(again.items[0].need_count, clause->need_count);
    assert_int_equal(again.items[0].option_count, clause->option_count);
    assert_same(&again.items[0].steps, &clause->steps);
    clauses_release(&again);
    text_release(&text);
}

static void what_is_written_reads_the_same(void **state)
{
    static const char text[] =
        "clause: PAY-02\n"
        "says: 'It says: \"strings\" survive, # exactly'\n"
        "needs: [PUBLISH]\n"
        "options: {retry_delay: 1.5ms}\n"
        "limit: 1500us\n"
        "steps:\n"
        "  - publish: {stream: \"{s}:dlq\", message: {a: \"\\0\\x01\\u0085\\u2028\\U0001F430\", "
        "b: \"\\\\ \\\" \\n\", '': '', c: null, d: ~, e: 'null', f: -1.0, g: '', h: [], i: {}}}\n"
        "  - parallel:\n"
        "      - - publish: {stream: a, message: {long: "
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}}\n"
        "        - wait: 300ms\n"
        "      - - check: {value: '$all[3]', expect: {one_of: [a, \"b, c\"]}}\n"
        "        - let:\n"
        "            one: $held[0]\n"
        "            two: p$i of {m.id}, and [more]\n"
        "  - ping: {expect: true}\n";
    struct clauses clauses = {0};
    struct error error = {0};

    (void)state;
    assert_int_equal(read_text(text, &clauses, &error), 0);
    check_written(&clauses.items[0]);
    clauses_release(&clauses);
}

static void the_suite_loads_and_reads_the_same_when_written(void **state)
{
    struct clauses clauses = {0};
    struct error error = {0};

    (void)state;
    if (clauses_load("scenarios/conformance", &clauses, &error) != 0)
        fail_msg("%s:%d: %s", error.place.file ? error.place.file : "", error.place.line,
                 error.message);
    assert_true(clauses.count > 0);
    for (size_t i = 0; i < clauses.count; i++)
        check_written(&clauses.items[i]);
    clauses_release(&clauses);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clause_has_everything_that_was_written),
        cmocka_unit_test(what_is_not_written_has_its_default),
        cmocka_unit_test(a_text_may_hold_nul),
        cmocka_unit_test(says_what_is_wrong_where_and_what_would_be_right),
        cmocka_unit_test(aliases_of_aliases_end_somewhere),
        cmocka_unit_test_setup_teardown(
            a_folder_gives_its_clauses_in_order_and_leaves_scenarios_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_id_stands_for_one_clause, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_error_in_one_file_points_to_the_callers_name, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_folder_without_clauses_is_refused, set_up, tear_down),
        cmocka_unit_test(what_is_written_reads_the_same),
        cmocka_unit_test(the_suite_loads_and_reads_the_same_when_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
