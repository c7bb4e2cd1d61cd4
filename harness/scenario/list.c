/* list.c: the YAML files under a path. */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "scenario/clause.h"
#include "scenario/file.h"
#include "scenario/list.h"
#include "scenario/scenario.h"

struct paths {
    char **items;
    size_t count;
};

static void add_path(struct paths *paths, char *path)
{
    paths->items = memory_grow(paths->items, paths->count + 1, sizeof(*paths->items));
    paths->items[paths->count++] = path;
}

static void free_paths(struct paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free(paths->items[i]);
    free(paths->items);
    *paths = (struct paths){0};
}

static bool is_yaml(const char *name)
{
    const char *ending = strrchr(name, '.');

    return ending && (strcmp(ending, ".yaml") == 0 || strcmp(ending, ".yml") == 0);
}

static int refuse(const char *path, const char *why, struct error *reterr)
{
    return error_set(reterr, ERROR_USAGE, "cannot read '%.200s': %s", path, why);
}

/* Sort an entry of a folder into the files or the folders.  Links to folders are not followed: they
   could lead round in a circle. */
static void sort_entry(const char *folder, const char *name, struct paths *folders,
                       struct paths *files)
{
    size_t size = strlen(folder);
    char *path =
        memory_format("%s%s%s", folder, size > 0 && folder[size - 1] == '/' ? "" : "/", name);
    struct stat status, target;

    bool is_there = name[0] != '.' && lstat(path, &status) == 0 && stat(path, &target) == 0;

    if (is_there && S_ISDIR(status.st_mode))
        add_path(folders, path);
    else if (is_there && S_ISREG(target.st_mode) && is_yaml(name))
        add_path(files, path);
    else
        free(path);
}

static int read_folder(const char *folder, struct paths *folders, struct paths *files,
                       struct error *reterr)
{
    DIR *directory = opendir(folder);
    const struct dirent *entry;

    if (!directory)
        return refuse(folder, strerror(errno), reterr);
    while ((entry = readdir(directory)) != NULL)
        sort_entry(folder, entry->d_name, folders, files);
    (void)closedir(directory);
    return 0;
}

static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Of a CI system, which may well lie beside the scenarios it runs. */
static bool is_workflow(const char *path)
{
    static const char *const KEYS[] = {"jobs:"};

    return file_has_key(path, KEYS, 1);
}

static bool is_of_kind(const char *path, enum list_kind kind)
{
    if (clause_is_file(path))
        return kind == LIST_CLAUSES;
    return kind == LIST_SCENARIOS && !is_workflow(path);
}

/* Take out what is of another kind: a folder may hold several. */
static void sift(struct paths *files, enum list_kind kind)
{
    size_t kept = 0;

    for (size_t i = 0; i < files->count; i++)
        if (is_of_kind(files->items[i], kind))
            files->items[kept++] = files->items[i];
        else
            free(files->items[i]);
    files->count = kept;
}

static int read_tree(const char *path, enum list_kind kind, struct paths *files,
                     struct error *reterr)
{
    struct paths folders = {0};
    int result = 0;

    add_path(&folders, memory_string(path));
    for (size_t i = 0; i < folders.count && result == 0; i++)
        result = read_folder(folders.items[i], &folders, files, reterr);
    free_paths(&folders);
    sift(files, kind);
    if (result == 0 && files->count == 0)
        result = error_set(reterr, ERROR_USAGE,
                           "there is no %s in '%.200s': their names end in .yaml or .yml",
                           kind == LIST_CLAUSES ? "file of clauses" : "scenario", path);
    return result;
}

int list_files(const char *path, enum list_kind kind, char ***ret_paths, size_t *ret_count,
               struct error *reterr)
{
    struct paths files = {0};
    struct stat status;

    if (stat(path, &status) != 0)
        return refuse(path, strerror(errno), reterr);
    if (!S_ISDIR(status.st_mode)) {
        add_path(&files, memory_string(path));
    } else if (read_tree(path, kind, &files, reterr) != 0) {
        free_paths(&files);
        return -1;
    } else if (files.items) {
        qsort(files.items, files.count, sizeof(*files.items), compare_paths);
    }
    *ret_paths = files.items;
    *ret_count = files.count;
    return 0;
}

int scenario_list(const char *path, char ***ret_paths, size_t *ret_count, struct error *reterr)
{
    return list_files(path, LIST_SCENARIOS, ret_paths, ret_count, reterr);
}
