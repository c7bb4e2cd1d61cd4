/* clause.c: files of clauses, from a path to structs. */
#include "scenario/clause.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/memory.h"
#include "scenario/clause_file.h"
#include "scenario/file.h"
#include "scenario/list.h"

#define FILE_SIZE_MAX (4u << 20)

static void free_words(char **words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(words[i]);
    free(words);
}

void clause_release(struct clause *clause)
{
    free(clause->id);
    free(clause->family);
    free(clause->says);
    free(clause->derive);
    free_words(clause->needs, clause->need_count);
    free_words(clause->without, clause->without_count);
    free_words(clause->world, clause->world_count);
    free_words(clause->facts, clause->fact_count);
    for (size_t i = 0; i < clause->option_count; i++) {
        free(clause->options[i].key);
        free(clause->options[i].text);
    }
    free(clause->options);
    tree_release(&clause->steps);
    *clause = (struct clause){0};
}

void clauses_release(struct clauses *clauses)
{
    for (size_t i = 0; i < clauses->count; i++)
        clause_release(&clauses->items[i]);
    free(clauses->items);
    free_words(clauses->files, clauses->file_count);
    *clauses = (struct clauses){0};
}

static int load_file(const char *path, struct clauses *clauses, struct error *reterr)
{
    char *text = NULL;
    size_t size = 0;
    int result;

    clauses->files = memory_grow(clauses->files, clauses->file_count + 1, sizeof(char *));
    clauses->files[clauses->file_count++] = memory_string(path);
    if (file_read(path, FILE_SIZE_MAX, &text, &size, reterr) != 0)
        return -1;
    result = clause_file_read(clauses->files[clauses->file_count - 1], text, size, clauses, reterr);
    free(text);
    return result;
}

static int check_unique(const struct clauses *clauses, struct error *reterr)
{
    struct map ids = {0};
    int result = 0;

    for (size_t i = 0; i < clauses->count && result == 0; i++) {
        struct clause *clause = &clauses->items[i];
        const struct clause *earlier = map_get(&ids, clause->id, strlen(clause->id));

        if (earlier)
            result = error_set_at(reterr, clause->place, "clause %s is there already: %s, line %d",
                                  clause->id, earlier->place.file, earlier->place.line);
        else
            map_set(&ids, clause->id, strlen(clause->id), clause);
    }
    map_release(&ids);
    return result;
}

/* An error outlives the clauses that failed to load: its place may not point to their file names.
 */
static void detach_error(const char *path, struct error *reterr)
{
    if (!reterr || !reterr->place.file)
        return;
    if (strcmp(reterr->place.file, path) == 0) {
        reterr->place.file = path;
        return;
    }
    (void)error_prefix(reterr, "%s:%d:%d: ", reterr->place.file, reterr->place.line,
                       reterr->place.column);
    reterr->place = (struct source_place){0};
}

int clauses_load(const char *path, struct clauses *ret_clauses, struct error *reterr)
{
    struct clauses clauses = {0};
    char **paths = NULL;
    size_t count = 0;
    int result = list_files(path, LIST_CLAUSES, &paths, &count, reterr);

    for (size_t i = 0; i < count && result == 0; i++)
        result = load_file(paths[i], &clauses, reterr);
    free_words(paths, count);
    if (result == 0)
        result = check_unique(&clauses, reterr);
    if (result != 0) {
        detach_error(path, reterr);
        clauses_release(&clauses);
        return -1;
    }
    *ret_clauses = clauses;
    return 0;
}

bool clause_is_file(const char *path)
{
    static const char *const KEYS[] = {"family:", "clauses:", "clause:"};

    return file_has_key(path, KEYS, sizeof(KEYS) / sizeof(KEYS[0]));
}
