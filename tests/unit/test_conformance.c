/* test_conformance.c: a conformance result in every form, and beside an earlier one. */
#include "reports/conformance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "scenario/clause.h"
#include "support/sample_conformance.h"
#include "support/unit.h"

static char *write_as(conformance_format *format, const struct conformance *conformance)
{
    const struct conformance_input input = {.conformance = conformance, .folder = "out"};
    struct text text = {0};

    format(&input, &text);
    return text.data;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no %s in:\n%s", part, text);
}

/* --- Forms ----------------------------------------------------------------------------------- */

static void the_summary_says_what_did_not_pass_and_why(void **state)
{
    static const char *const parts[] = {
        "FAIL  redis at redis://u:secret@h:6379/0: 1 required clause failed\n",
        "declares more than it shows\n",
        "real time, seed 7, run 1a2b3c4d, took 2.50 s, max_retries=2\n",
        "ACK_NACK",
        "declared, and not kept\n",
        "passed by 1 of 4 clauses\n",
        "FAIL    ACK-02",
        "scenarios/conformance/ACK.yaml:34: expected true, got false\n",
        "| ack(stream s, id 1-0) answered false\n",
        "alone: gauntlet conform inline --clause ACK-02 --seed 7\n",
        "Optional or hardening, and not met",
        "needs the link: DLV-01\n",
        "REPLAY is not declared: DLV-02\n",
        "- a note\n",
        "Files: out\n",
    };
    struct conformance *sample = sample_conformance();
    char *text = write_as(conformance_text, sample);

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
        assert_has(text, parts[i]);
    assert_null(strstr(text, "ACK-01")); /* what passed needs no words */
    free(text);
    conformance_free(sample);
}

static void the_summary_begins_with_causes_and_ends_with_consequences(void **state)
{
    struct conformance *sample = sample_conformance();
    char *text = write_as(conformance_text, sample);

    (void)state;
    assert_null(strstr(text, "Begin with"));
    free(text);
    sample->clauses[0].verdict = CONFORMANCE_FAIL;
    sample->clauses[0].is_derived = true;
    sample->clauses[4].verdict = CONFORMANCE_FAIL;
    memcpy(sample->clauses[4].family, "SUB", 3);
    text = write_as(conformance_text, sample);
    assert_has(text, "Begin with DLV-02: others may rest on what it is about.\n");
    assert_true(strstr(text, "FAIL    ACK-02") < strstr(text, "FAIL    DLV-02"));
    assert_true(strstr(text, "FAIL    DLV-02") < strstr(text, "FAIL    ACK-01"));
    sample->clauses[4].is_known = true;
    free(text);
    text = write_as(conformance_text, sample);
    assert_has(text, "Begin with ACK-02: ");
    free(text);
    conformance_free(sample);
}

static void few_chosen_clauses_are_listed_one_by_one(void **state)
{
    struct conformance *sample = sample_conformance();
    char *text;

    (void)state;
    sample->is_chosen = true;
    text = write_as(conformance_text, sample);
    assert_has(text, "ok      ACK-01");
    assert_has(text, "n/a     DLV-02");
    assert_has(text, "; 6 clauses were chosen");
    assert_null(strstr(text, "Tiers"));
    free(text);
    conformance_free(sample);
}

static void junit_has_a_case_for_each_clause_and_typed_skips(void **state)
{
    static const char *const parts[] = {
        "<testsuites name=\"gauntlet conform\" tests=\"6\" failures=\"1\" errors=\"1\"",
        "<testsuite name=\"ACK\" tests=\"3\" failures=\"1\" errors=\"1\" skipped=\"0\"",
        "<testsuite name=\"DLV\" tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"3\"",
        "<testcase classname=\"redis\" name=\"ACK-01\" time=\"0.001500\">",
        "<failure type=\"fail\" message=\"expected true, got false\">",
        "answered &quot;1-0&quot;",
        "<error type=\"inconclusive\" message=\"nothing to see\">",
        "<skipped type=\"not_run\" message=\"needs the link\">",
        "<skipped type=\"not_applicable\" message=\"REPLAY is not declared\">",
        "<skipped type=\"optional_not_met\" message=\"too late\">",
        "with &lt;brackets&gt;",
    };
    struct conformance *sample = sample_conformance();
    char *text = write_as(conformance_junit, sample);

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
        assert_has(text, parts[i]);
    free(text);
    conformance_free(sample);
}

static void json_holds_every_clause(void **state)
{
    struct conformance *sample = sample_conformance();
    char *text = write_as(conformance_json, sample);
    json_t *root = json_loads(text, 0, NULL);
    const json_t *clauses = json_object_get(root, "clauses");
    const json_t *failed = json_array_get(clauses, 1);

    (void)state;
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "verdict")), "fail");
    assert_string_equal(json_string_value(json_object_get(json_object_get(root, "run"), "seed")),
                        "7");
    assert_int_equal(json_array_size(json_object_get(root, "declared")), 4);
    assert_int_equal(json_array_size(json_object_get(root, "demonstrated")), 3);
    assert_int_equal(json_array_size(clauses), 6);
    assert_string_equal(json_string_value(json_object_get(failed, "verdict")), "fail");
    assert_string_equal(json_string_value(json_object_get(failed, "level")), "R");
    assert_int_equal(json_array_size(json_object_get(failed, "evidence")), 2);
    assert_true(json_is_null(json_object_get(json_array_get(clauses, 0), "reason")));
    json_decref(root);
    free(text);
    conformance_free(sample);
}

static void markdown_cells_stay_in_their_columns(void **state)
{
    struct conformance *sample = sample_conformance();
    char *text = write_as(conformance_markdown, sample);

    (void)state;
    assert_has(text, "# Conformance of redis\n");
    assert_has(text, "| ACK_NACK | yes | refuted | 1 of 4 | 1 | 0 of 1 |\n");
    assert_has(text, "| ACK-02 \xE2\x97\x8F | R | What ACK-02 says, with <brackets> \\| and "
                     "\"quotes\". | **fail** | expected true, got false |\n");
    assert_has(text, "| DLV-03 | O | ");
    free(text);
    conformance_free(sample);
}

/* --- Files ----------------------------------------------------------------------------------- */

static int set_up(void **state)
{
    char *folder = memory_string("/tmp/gauntlet-conformance-XXXXXX");

    *state = folder;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"conformance.json",    "conformance.md",
                                        "junit.xml",           "summary.txt",
                                        "failure-ACK-02.yaml", "failure-DLV-03.yaml"};
    char path[200];

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", (char *)*state, names[i]);
        (void)remove(path);
    }
    (void)rmdir(*state);
    free(*state);
    return 0;
}

static char *path_of(void **state, const char *name)
{
    return memory_format("%s/%s", (char *)*state, name);
}

static void each_failure_is_left_as_a_file_that_loads(void **state)
{
    struct conformance *sample = sample_conformance();
    struct clauses clauses = {0};
    struct error error = {0};
    char *path = path_of(state, "failure-ACK-02.yaml");

    free(sample->clauses[1].document);
    sample->clauses[1].document =
        memory_string("clause: ACK-02\nsays: \"x\"\nsteps:\n  - ping: {expect: true}\n");
    assert_int_equal(conformance_write(*state, sample, &error), 0);
    if (clauses_load(path, &clauses, &error) != 0)
        fail_msg("%s", error.message);
    assert_string_equal(clauses.items[0].id, "ACK-02");
    clauses_release(&clauses);
    free(path);
    conformance_free(sample);
}

static void no_password_reaches_a_file(void **state)
{
    static const char *const names[] = {"conformance.json", "summary.txt", "junit.xml"};
    struct conformance *sample = sample_conformance();
    struct error error = {0};

    assert_int_equal(conformance_write(*state, sample, &error), 0);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        char *path = path_of(state, names[i]), text[40000] = "";
        FILE *file = fopen(path, "r");

        assert_non_null(file);
        text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
        assert_int_equal(fclose(file), 0);
        assert_null(strstr(text, "secret"));
        free(path);
    }
    conformance_free(sample);
}

/* --- Baseline -------------------------------------------------------------------------------- */

static void only_what_is_worse_than_before_fails(void **state)
{
    struct conformance *before = sample_conformance(), *now = sample_conformance();
    char *path = path_of(state, "conformance.json");
    struct error error = {0};
    char *junit;

    assert_int_equal(conformance_write(*state, before, &error), 0);
    assert_int_equal(conformance_apply_baseline(path, now, &error), 0);
    assert_int_equal(now->verdict, VERDICT_PASS);
    assert_true(now->clauses[1].is_known);
    assert_true(now->clauses[2].is_known);
    assert_false(now->clauses[0].is_known);
    junit = write_as(conformance_junit, now);
    assert_has(junit, "<skipped type=\"known\" message=\"expected true, got false\">");
    free(junit);

    now->clauses[2].verdict = CONFORMANCE_FAIL; /* was inconclusive */
    assert_int_equal(conformance_apply_baseline(path, now, &error), 0);
    assert_int_equal(now->verdict, VERDICT_FAIL);
    assert_string_equal(now->verdict_reason, "1 required clause failed");
    conformance_free(before);
    conformance_free(now);
    free(path);
}

static void what_is_no_result_is_no_baseline(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"{}", "' is no baseline: say a conformance.json of an earlier run"},
        {"{", "cannot read the baseline '"},
    };
    struct conformance *sample = sample_conformance();
    char *path = path_of(state, "conformance.json");

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct error error = {0};
        FILE *file = fopen(path, "w");

        assert_non_null(file);
        assert_true(fputs(cases[i].text, file) >= 0);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(conformance_apply_baseline(path, sample, &error), -1);
        assert_int_equal(error.kind, ERROR_USAGE);
        assert_has(error.message, cases[i].message);
    }
    free(path);
    conformance_free(sample);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_summary_says_what_did_not_pass_and_why),
        cmocka_unit_test(the_summary_begins_with_causes_and_ends_with_consequences),
        cmocka_unit_test(few_chosen_clauses_are_listed_one_by_one),
        cmocka_unit_test(junit_has_a_case_for_each_clause_and_typed_skips),
        cmocka_unit_test(json_holds_every_clause),
        cmocka_unit_test(markdown_cells_stay_in_their_columns),
        cmocka_unit_test_setup_teardown(each_failure_is_left_as_a_file_that_loads, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(no_password_reaches_a_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_what_is_worse_than_before_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_result_is_no_baseline, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
