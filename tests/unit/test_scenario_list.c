/* test_scenario_list.c: files and folders of scenarios, and files that cannot be read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scenario/scenario.h"
#include "support/unit.h"

struct folder {
    char path[64];
};

static void touch(const struct folder *folder, const char *name)
{
    char path[200];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s", folder->path, name);
    file = fopen(path, "w");
    assert_non_null(file);
    (void)fclose(file);
}

static void touch_with(const struct folder *folder, const char *name, const char *text)
{
    char path[200];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s", folder->path, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    (void)fclose(file);
}

static void make(const struct folder *folder, const char *name)
{
    char path[200];

    (void)snprintf(path, sizeof(path), "%s/%s", folder->path, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static int set_up(void **state)
{
    struct folder *folder = calloc(1, sizeof(*folder));

    (void)snprintf(folder->path, sizeof(folder->path), "/tmp/gauntlet-list-XXXXXX");
    *state = folder;
    return mkdtemp(folder->path) ? 0 : -1;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"b/c/z.yaml", "b/c",       "b/y.yml",   "b/w.yml",
                                        "b/k.yaml",   "b/.x.yaml", "b/circle",  "b",
                                        "a.yaml",     "c.yaml",    "notes.txt", "empty"};
    struct folder *folder = *state;
    char path[200];

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", folder->path, names[i]);
        (void)remove(path);
    }
    (void)rmdir(folder->path);
    free(folder);
    return 0;
}

static void a_folder_gives_its_scenarios_sorted_and_nothing_else(void **state)
{
    static const char *const expected[] = {"a.yaml", "b/c/z.yaml", "b/y.yml", "c.yaml"};
    const struct folder *folder = *state;
    char **paths = NULL;
    size_t count = 0;
    struct error error = {0};
    char link[200];

    make(folder, "b");
    make(folder, "b/c");
    touch(folder, "c.yaml");
    touch(folder, "a.yaml");
    touch(folder, "notes.txt");
    touch(folder, "b/y.yml");
    touch_with(folder, "b/w.yml", "# of a CI system\nname: x\njobs:\n  a: b\n");
    touch_with(folder, "b/k.yaml", "family: ACK\n");
    touch(folder, "b/.x.yaml");
    touch(folder, "b/c/z.yaml");
    (void)snprintf(link, sizeof(link), "%s/b/circle", folder->path);
    assert_int_equal(symlink(folder->path, link), 0);
    assert_int_equal(scenario_list(folder->path, &paths, &count, &error), 0);
    assert_int_equal(count, ARRAY_SIZE(expected));
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(paths[i] + strlen(folder->path) + 1, expected[i]);
        free(paths[i]);
    }
    free(paths);
}

static void a_file_gives_itself_whatever_its_name(void **state)
{
    const struct folder *folder = *state;
    char path[200];
    char **paths = NULL;
    size_t count = 0;
    struct error error = {0};

    touch(folder, "notes.txt");
    (void)snprintf(path, sizeof(path), "%s/notes.txt", folder->path);
    assert_int_equal(scenario_list(path, &paths, &count, &error), 0);
    assert_int_equal(count, 1);
    assert_string_equal(paths[0], path);
    free(paths[0]);
    free(paths);
}

static void what_is_not_there_is_said(void **state)
{
    const struct folder *folder = *state;
    char path[200], expected[300];
    char **paths = NULL;
    size_t count = 7;
    struct error error = {0};
    struct scenario *scenario = NULL;

    (void)snprintf(path, sizeof(path), "%s/empty", folder->path);
    assert_int_equal(scenario_list(path, &paths, &count, &error), -1);
    (void)snprintf(expected, sizeof(expected), "cannot read '%s': No such file or directory", path);
    assert_string_equal(error.message, expected);
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_int_equal(scenario_load(path, NULL, NULL, &scenario, &error), -1);
    assert_string_equal(error.message, expected);
    assert_int_equal(error.kind, ERROR_SCENARIO);
    make(folder, "empty");
    assert_int_equal(scenario_list(path, &paths, &count, &error), -1);
    (void)snprintf(expected, sizeof(expected),
                   "there is no scenario in '%s': their names end in .yaml or .yml", path);
    assert_string_equal(error.message, expected);
    assert_int_equal(scenario_load(path, NULL, NULL, &scenario, &error), -1);
    (void)snprintf(expected, sizeof(expected), "cannot read '%s': it is a folder", path);
    assert_string_equal(error.message, expected);
    assert_int_equal(scenario_load("/dev/zero", NULL, NULL, &scenario, &error), -1);
    assert_string_equal(error.message, "cannot read '/dev/zero': it is no regular file");
    assert_int_equal(count, 7);
    assert_null(paths);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_folder_gives_its_scenarios_sorted_and_nothing_else,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_gives_itself_whatever_its_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_there_is_said, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
