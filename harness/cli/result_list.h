/* result_list.h: results that a command line names, by file or by folder. */
#ifndef CLI_RESULT_LIST_H
#define CLI_RESULT_LIST_H

#include <stddef.h>

#include "base/error.h"
#include "run/result.h"

/* Read a result, or every result.json in a folder and below, in the order of their paths, and add
   what was read to the list, which the caller frees (result_free, and free).  Fails (ERROR_USAGE)
   when a file is no result, or a folder has none. */
int result_list_add(struct result ***results, size_t *count, const char *path,
                    struct error *reterr);

#endif
