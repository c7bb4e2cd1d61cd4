/* test_report_folder.c: report files are whole or absent, and say why. */
#include "reports/report.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/unit.h"

#include "support/sample_result.h"

static char place[] = "/tmp/gauntlet-test-XXXXXX";

static int make_place(void **state)
{
    (void)state;
    return mkdtemp(place) ? 0 : -1;
}

static void remove_files(const char *folder)
{
    DIR *directory = opendir(folder);
    struct dirent *entry;
    while (directory && (entry = readdir(directory)) != NULL) {
        char *path = memory_format("%s/%s", folder, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlink(path);
        free(path);
    }
    if (directory)
        closedir(directory);
}

static int remove_place(void **state)
{
    char *deep = memory_format("%s/a/b", place), *middle = memory_format("%s/a", place);
    (void)state;
    remove_files(deep);
    rmdir(deep);
    remove_files(middle);
    rmdir(middle);
    remove_files(place);
    free(deep);
    free(middle);
    return rmdir(place);
}

static size_t count_files(const char *folder)
{
    DIR *directory = opendir(folder);
    struct dirent *entry;
    size_t count = 0;
    assert_non_null(directory);
    while ((entry = readdir(directory)) != NULL)
        count += entry->d_type == DT_REG;
    closedir(directory);
    return count;
}

static bool exists(const char *folder, const char *name)
{
    char *path = memory_format("%s/%s", folder, name);
    bool found = access(path, F_OK) == 0;
    free(path);
    return found;
}

static void makes_the_folder_and_its_parents(void **state)
{
    struct result *result = sample_result();
    const struct result *const results[] = {result};
    struct error error = {0};
    char *folder = memory_format("%s/a/b", place);
    (void)state;
    assert_int_equal(report_write_single(folder, result, &error), 0);
    assert_true(exists(folder, "result.json"));
    assert_true(exists(folder, "summary.txt"));
    assert_true(exists(folder, "series.csv"));
    assert_true(exists(folder, "report.html"));
    assert_true(exists(folder, "latency.hlog"));
    assert_true(exists(folder, "publish.hgrm"));
    assert_true(exists(folder, "deliver.hgrm"));
    assert_false(exists(folder, "junit.xml"));
    assert_int_equal(report_write_joint(folder, results, 1, &error), 0);
    assert_true(exists(folder, "junit.xml"));
    assert_int_equal(report_write_single(folder, result, &error), 0); /* again, over the old ones */
    assert_int_equal(count_files(folder), 8);
    free(folder);
    sample_free(result);
}

static void a_file_in_the_way_is_named(void **state)
{
    struct result *result = sample_result();
    struct error error = {0};
    char *file = memory_format("%s/taken", place), *below = memory_format("%s/taken/x", place);
    FILE *stream = fopen(file, "w");
    (void)state;
    assert_non_null(stream);
    fclose(stream);
    assert_int_equal(report_write_single(file, result, &error), -1);
    assert_int_equal(error.kind, ERROR_SYSTEM);
    assert_non_null(strstr(error.message, "taken': Not a directory"));
    error = (struct error){0};
    assert_int_equal(report_write_single(below, result, &error), -1);
    assert_non_null(strstr(error.message, "Not a directory"));
    unlink(file);
    free(file);
    free(below);
    sample_free(result);
}

/* A limit on file size stands for a full disk: the write fails half way. */
static void a_full_disk_is_said_and_leaves_no_half_file(void **state)
{
    struct result *result = sample_result();
    struct error error = {0};
    struct rlimit old, tight = {.rlim_cur = 1000};
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    tight.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    int written = report_write_single(place, result, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(written, -1);
    assert_int_equal(error.kind, ERROR_SYSTEM);
    assert_non_null(strstr(error.message, "cannot write '"));
    assert_non_null(strstr(error.message, "result.json': File too large"));
    assert_int_equal(count_files(place), 0);
    sample_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_the_folder_and_its_parents),
        cmocka_unit_test(a_file_in_the_way_is_named),
        cmocka_unit_test(a_full_disk_is_said_and_leaves_no_half_file),
    };
    return cmocka_run_group_tests(tests, make_place, remove_place);
}
