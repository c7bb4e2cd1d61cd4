/* undo.h: a file that says how to put right what faults have changed on servers that are not the
   run's; on disk before anything is changed, so that `gauntlet heal` can do it when the run cannot.
   It holds no secret: URIs as they were written, with ${...} and without passwords. */
#ifndef RUN_UNDO_H
#define RUN_UNDO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define UNDO_FILE_NAME "undo.json"
#define UNDO_STREAMS   "streams" /* in place of a fault: private streams, to be removed */

struct undo_book;

/* In this folder, which is made when it is needed, and removed again when it is `own`.  Refuses one
   that an earlier run has left something in.  Gives (undo_book_close); NULL with an error. */
struct undo_book *undo_book_open(const char *folder, bool own, const char *run_id,
                                 struct error *reterr);
/* The file is gone when everything was healed. */
void undo_book_close(struct undo_book *book);

struct undo_entry {
    const char *broker, *adapter;
    const char *uri;     /* as shown; NULL: none */
    const char *fault;   /* its word */
    const char *undo;    /* the adapter's: JSON text; NULL: none */
    const char *command; /* for a shell; NULL: none */
};

/* Write it down: on disk when this returns 0.  Copies. */
int undo_book_add(struct undo_book *book, const struct undo_entry *entry, uint32_t *ret_number,
                  struct error *reterr);
/* It is healed. */
void undo_book_strike(struct undo_book *book, uint32_t number);

/* Where undos are kept unless a folder was given: below $XDG_STATE_HOME, or ~/.local/state.  Gives
   (free). */
char *undo_state_folder(void);

/* The run that writes there is alive. */
bool undo_is_in_use(const char *folder);

/* Read a folder's file.  Gives entries
 * (undo_list_free), the oldest first. */
struct undo_list {
    const char *run; /* its id; NULL: not known */
    struct undo_entry *entries;
    size_t count;
    char **undos; /* the texts of the entries */
    void *document;
};
int undo_list_read(const char *folder, struct undo_list *ret_list, struct error *reterr);
void undo_list_free(struct undo_list *list);
/* All of it is healed. */
int undo_list_remove(const char *folder, struct error *reterr);

#endif
