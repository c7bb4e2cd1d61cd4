/* result_list.c: results found in folders. */
#include "cli/result_list.h"

#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "reports/read.h"

/* The error's place speaks of the file by its path, which may not outlive it: the path goes into
   the message. */
static int say_place(struct error *reterr)
{
    struct source_place place = reterr->place;
    reterr->place = (struct source_place){0};
    return place.file ? error_prefix(reterr, "%s:%d:%d: ", place.file, place.line, place.column)
                      : -1;
}

static int add_file(struct result ***results, size_t *count, const char *path, struct error *reterr)
{
    struct result *result;
    if (report_read(path, &result, reterr))
        return say_place(reterr);
    *results = memory_grow(*results, *count + 1, sizeof(**results));
    (*results)[(*count)++] = result;
    return 0;
}

static int compare_names(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool is_result(const FTSENT *entry)
{
    return entry->fts_info == FTS_F && strcmp(entry->fts_name, "result.json") == 0;
}

static int add_folder(struct result ***results, size_t *count, const char *path,
                      struct error *reterr)
{
    char *copy = memory_string(path);
    char *const paths[] = {copy, NULL};
    FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, compare_names);
    size_t before = *count;
    int failed = 0;
    FTSENT *entry;
    while (!failed && walk && (entry = fts_read(walk)) != NULL)
        if (is_result(entry))
            failed = add_file(results, count, entry->fts_path, reterr);
    if (walk)
        fts_close(walk);
    free(copy);
    if (!failed && *count == before)
        return error_set(reterr, ERROR_USAGE, "there is no result.json in '%s'", path);
    return failed;
}

int result_list_add(struct result ***results, size_t *count, const char *path, struct error *reterr)
{
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return add_folder(results, count, path, reterr);
    return add_file(results, count, path, reterr);
}
