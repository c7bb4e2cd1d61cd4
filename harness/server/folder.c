/* folder.c: made, filled, emptied and removed. */
#include "server/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

#define OPEN_MAX_COUNT 8

char *folder_new(const char *name, struct error *reterr)
{
    const char *below = getenv("TMPDIR");
    char *path =
        memory_format("%s/gauntlet-%.40s-XXXXXX", below && below[0] ? below : "/tmp", name);

    if (mkdtemp(path))
        return path;
    (void)error_set(reterr, ERROR_SYSTEM, "no folder for %s: %.200s: %s", name, path,
                    strerror(errno));
    free(path);
    return NULL;
}

static int remove_any(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    (void)remove(path);
    return 0;
}

static int remove_below(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    return place->level == 0 ? 0 : remove_any(path, status, kind, place);
}

void folder_remove(const char *path)
{
    if (path)
        (void)nftw(path, remove_any, OPEN_MAX_COUNT, FTW_DEPTH | FTW_PHYS);
}

int folder_empty(const char *path, struct error *reterr)
{
    if (nftw(path, remove_below, OPEN_MAX_COUNT, FTW_DEPTH | FTW_PHYS) == 0)
        return 0;
    return error_set(reterr, ERROR_SYSTEM, "cannot empty %.200s: %s", path, strerror(errno));
}

int folder_write(const char *path, const char *text, struct error *reterr)
{
    FILE *file = fopen(path, "we");
    bool is_written = file && fputs(text, file) >= 0;

    if (file && fclose(file) != 0)
        is_written = false;
    if (is_written)
        return 0;
    return error_set(reterr, ERROR_SYSTEM, "cannot write %.200s: %s", path, strerror(errno));
}

static const struct folder_word *word_at(const char *text, const struct folder_word *words,
                                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(text, words[i].word, strlen(words[i].word)) == 0)
            return &words[i];
    return NULL;
}

char *folder_replace(const char *text, const struct folder_word *words, size_t count)
{
    struct text whole = {0};
    const struct folder_word *word;
    char *copy;

    while (*text) {
        word = word_at(text, words, count);
        if (word)
            text_append_string(&whole, word->text);
        else
            text_append(&whole, text, 1);
        text += word ? strlen(word->word) : 1;
    }
    copy = memory_string(text_string(&whole));
    text_release(&whole);
    return copy;
}
