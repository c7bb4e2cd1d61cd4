/* file.h: whole files into memory. */
#ifndef SCENARIO_FILE_H
#define SCENARIO_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Read a regular file of at most `size_max` bytes.  Gives the text, ended with a NUL that does not
   count. */
int file_read(const char *path, size_t size_max, char **ret_text, size_t *ret_size,
              struct error *reterr);
/* The path of `name` beside `path`: in the same folder unless `name` is absolute.  Gives. */
char *file_beside(const char *path, const char *name);

/* Does a line of the file begin with one of these keys ("jobs:")?  No, when it cannot be read. */
bool file_has_key(const char *path, const char *const *keys, size_t count);

#endif
