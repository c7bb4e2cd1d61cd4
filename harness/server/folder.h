/* folder.h: the folder of a server, and the words in its texts. */
#ifndef SERVER_FOLDER_H
#define SERVER_FOLDER_H

#include <stddef.h>

#include "base/error.h"

/* A fresh folder "gauntlet-NAME-..." below $TMPDIR, or /tmp.  Gives (free); NULL with an error. */
char *folder_new(const char *name, struct error *reterr);
/* It and all below it; NULL is fine. */
void folder_remove(const char *path);
/* All below it. */
int folder_empty(const char *path, struct error *reterr);
/* A whole file, in place of an older one. */
int folder_write(const char *path, const char *text, struct error *reterr);

struct folder_word {
    const char *word, *text; /* "{port}", "20123" */
};
/* The text with each word replaced.  Gives (free). */
char *folder_replace(const char *text, const struct folder_word *words, size_t count);

#endif
