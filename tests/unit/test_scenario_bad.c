/* test_scenario_bad.c: every document in tests/scenario is refused with the message beside it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/scenario_rules.h"
#include "support/unit.h"

#define FOLDER   "tests/scenario"
#define AT_LEAST 45

static size_t checked;

/* The first line of a file, "" when there is none. */
static void read_line(const char *path, char *line, int capacity)
{
    FILE *file = fopen(path, "r");

    line[0] = '\0';
    if (!file)
        return;
    if (!fgets(line, capacity, file))
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    (void)fclose(file);
}

/* What ends with "..." goes on in words of a library, which differ from version to version. */
static bool agrees(const char *expected, const char *actual)
{
    size_t size = strlen(expected);

    if (size > 3 && strcmp(expected + size - 3, "...") == 0)
        return strncmp(expected, actual, size - 3) == 0 && strlen(actual) > size - 3;
    return strcmp(expected, actual) == 0;
}

static bool check(const char *name)
{
    char yaml[300], text[300], expected[600], actual[600] = "it was accepted";
    struct scenario *scenario = NULL;
    struct error error = {0};

    (void)snprintf(yaml, sizeof(yaml), FOLDER "/%s", name);
    (void)snprintf(text, sizeof(text), FOLDER "/%.*s.txt", (int)strlen(name) - 5, name);
    read_line(text, expected, sizeof(expected));
    if (scenario_load(yaml, NULL, &TEST_RULES, &scenario, &error) != 0)
        (void)snprintf(actual, sizeof(actual), "%d:%d: %s", error.place.line, error.place.column,
                       error.message);
    scenario_free(scenario);
    checked++;
    if (agrees(expected, actual) && error.kind == ERROR_SCENARIO && error.place.file == yaml)
        return true;
    print_message("%s\n  expected %s\n  but got  %s\n", yaml, expected, actual);
    return false;
}

static void each_bad_document_is_refused_with_its_place_and_the_way_out(void **state)
{
    struct dirent **entries = NULL;
    int count = scandir(FOLDER, &entries, NULL, alphasort);
    size_t failed = 0;

    (void)state;
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        const char *ending = strrchr(entries[i]->d_name, '.');

        if (ending && strcmp(ending, ".yaml") == 0)
            failed += !check(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    assert_int_equal(failed, 0);
    assert_true(checked >= AT_LEAST);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bad_document_is_refused_with_its_place_and_the_way_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
