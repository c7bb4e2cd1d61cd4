/* heal.h: put right what a run that was killed has left on somebody's server. */
#ifndef RUN_HEAL_H
#define RUN_HEAL_H

#include "base/error.h"
#include "base/log.h"

struct undo_entry;

struct heal_options { /* borrowed */
    const char *folder;
    const char *uri; /* in place of the one on record; NULL: that one */
    struct log *log;
    /* One entry is done (reason NULL), or could not be. */
    void (*told)(void *context, const struct undo_entry *entry, const char *reason);
    void *context;
};

/* Undo everything that the folder's file speaks of, the last thing first.  The file is gone when
   all of it is healed; -1 when something is not, or there is no file. */
int heal(const struct heal_options *options, struct error *reterr);

#endif
