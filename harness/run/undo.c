/* undo.c: a JSON file, written anew and synced at each change. */
#include "run/undo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/memory.h"

#define VERSION 1

struct undo_book {
    char *folder, *path;
    json_t *document, *entries;
    uint32_t count;
    bool is_own; /* the folder is this run's alone */
    int lock;    /* the folder, locked while the run lives; -1: not yet */
};

/* --- The file -------------------------------------------------------------------------------- */

static int fail(struct error *reterr, const char *path)
{
    return error_set(reterr, ERROR_SYSTEM, "cannot write down how to undo a fault: %.200s: %s",
                     path, strerror(errno));
}

/* mkdir -p. */
static int make_folders(const char *folder)
{
    char *path = memory_string(folder);
    int result;

    for (char *at = path + 1; *at; at++)
        if (*at == '/') {
            *at = '\0';
            (void)mkdir(path, 0700);
            *at = '/';
        }
    result = mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : -1;
    free(path);
    return result;
}

/* The name in its folder is on disk too. */
static int sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = fd < 0 ? -1 : fsync(fd);

    if (fd >= 0)
        (void)close(fd);
    return result;
}

/* Whoever dies lets go of it. */
static int lock_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

static int dump(const char *path, const json_t *document)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int result;

    if (fd < 0)
        return -1;
    result = json_dumpfd(document, fd, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (result == 0)
        result = fsync(fd);
    if (close(fd) != 0)
        result = -1;
    return result;
}

static int save(struct undo_book *book, struct error *reterr)
{
    char *part = memory_format("%s.part", book->path);
    int result = make_folders(book->folder);

    if (result == 0 && book->lock < 0)
        book->lock = lock_folder(book->folder);
    if (result == 0)
        result = dump(part, book->document);
    if (result == 0)
        result = rename(part, book->path);
    if (result == 0)
        result = sync_folder(book->folder);
    if (result != 0)
        (void)fail(reterr, book->path);
    free(part);
    return result;
}

/* --- Writing --------------------------------------------------------------------------------- */

struct undo_book *undo_book_open(const char *folder, bool own, const char *run_id,
                                 struct error *reterr)
{
    struct undo_book *book;
    char *path = memory_format("%s/%s", folder, UNDO_FILE_NAME);

    if (access(path, F_OK) == 0) {
        (void)error_set(reterr, ERROR_USAGE,
                        "%.200s is left from an earlier run: say 'gauntlet heal %.100s' first",
                        path, folder);
        free(path);
        return NULL;
    }
    book = memory_new(1, sizeof(*book));
    book->folder = memory_string(folder);
    book->path = path;
    book->is_own = own;
    book->lock = -1;
    book->entries = json_array();
    book->document =
        json_pack("{s:i, s:s, s:o}", "version", VERSION, "run", run_id, "undos", book->entries);
    return book;
}

void undo_book_close(struct undo_book *book)
{
    if (!book)
        return;
    if (book->lock >= 0)
        (void)close(book->lock);
    json_decref(book->document);
    free(book->folder);
    free(book->path);
    free(book);
}

int undo_book_add(struct undo_book *book, const struct undo_entry *entry, uint32_t *ret_number,
                  struct error *reterr)
{
    json_t *written = json_pack(
        "{s:i, s:s, s:s, s:s, s:s*, s:o*, s:s*}", "number", (int)book->count + 1, "broker",
        entry->broker, "adapter", entry->adapter, "fault", entry->fault, "uri", entry->uri, "undo",
        entry->undo ? json_loads(entry->undo, 0, NULL) : NULL, "command", entry->command);

    if (!written || json_array_append_new(book->entries, written) != 0)
        return error_set(reterr, ERROR_SYSTEM, "cannot write down how to undo '%.60s'",
                         entry->fault);
    if (save(book, reterr) < 0)
        return -1;
    *ret_number = ++book->count;
    return 0;
}

void undo_book_strike(struct undo_book *book, uint32_t number)
{
    struct error ignored = {0};

    for (size_t i = 0; i < json_array_size(book->entries); i++)
        if (json_integer_value(json_object_get(json_array_get(book->entries, i), "number")) ==
            (json_int_t)number) {
            json_array_remove(book->entries, i);
            break;
        }
    if (json_array_size(book->entries) > 0) {
        (void)save(book, &ignored);
        return;
    }
    if (unlink(book->path) == 0 && book->is_own)
        (void)rmdir(book->folder);
    if (book->lock >= 0)
        (void)close(book->lock);
    book->lock = -1; /* the folder may be another one next time */
}

char *undo_state_folder(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

    if (state && state[0])
        return memory_format("%s/gauntlet", state);
    return memory_format("%s/.local/state/gauntlet", home && home[0] ? home : "/tmp");
}

/* --- Reading --------------------------------------------------------------------------------- */

static int refuse(struct error *reterr, const char *path, const char *why)
{
    return error_set(reterr, ERROR_USAGE, "%.200s: %.150s", path, why);
}

static const char *text_at(const json_t *entry, const char *key)
{
    return json_string_value(json_object_get(entry, key));
}

static int read_entry(json_t *written, struct undo_entry *entry, char **ret_undo)
{
    json_t *undo = json_object_get(written, "undo");

    *ret_undo = undo ? json_dumps(undo, JSON_COMPACT) : NULL;

    *entry = (struct undo_entry){.broker = text_at(written, "broker"),
                                 .adapter = text_at(written, "adapter"),
                                 .fault = text_at(written, "fault"),
                                 .uri = text_at(written, "uri"),
                                 .command = text_at(written, "command"),
                                 .undo = *ret_undo};
    return entry->broker && entry->adapter && entry->fault && (entry->undo || entry->command) ? 0
                                                                                              : -1;
}

bool undo_is_in_use(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_locked = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK;

    if (fd >= 0)
        (void)close(fd);
    return is_locked;
}

int undo_list_read(const char *folder, struct undo_list *ret_list, struct error *reterr)
{
    char *path = memory_format("%s/%s", folder, UNDO_FILE_NAME);
    json_error_t problem;
    json_t *document = json_load_file(path, 0, &problem);
    json_t *entries = json_object_get(document, "undos");
    struct undo_list list = {.run = text_at(document, "run"), .document = document};
    int result = 0;

    if (!document)
        result = refuse(reterr, path,
                        access(path, F_OK) == 0 ? problem.text : "there is nothing to heal");
    else if (!json_is_array(entries) ||
             json_integer_value(json_object_get(document, "version")) != VERSION)
        result = refuse(reterr, path, "this is not what a run of this version has left behind");
    list.entries = memory_new(json_array_size(entries) + 1, sizeof(*list.entries));
    list.undos = memory_new(json_array_size(entries) + 1, sizeof(*list.undos));
    for (size_t i = 0; result == 0 && i < json_array_size(entries); i++) {
        if (read_entry(json_array_get(entries, i), &list.entries[i], &list.undos[i]) < 0)
            result = refuse(reterr, path, "an entry says not how to undo it");
        list.count++;
    }
    free(path);
    if (result == 0)
        *ret_list = list;
    else
        undo_list_free(&list);
    return result;
}

void undo_list_free(struct undo_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->undos[i]);
    free(list->undos);
    free(list->entries);
    json_decref(list->document);
    *list = (struct undo_list){0};
}

int undo_list_remove(const char *folder, struct error *reterr)
{
    char *path = memory_format("%s/%s", folder, UNDO_FILE_NAME);
    int result = unlink(path) == 0
                     ? 0
                     : error_set(reterr, ERROR_SYSTEM, "%.200s: %s", path, strerror(errno));

    free(path);
    return result;
}
