/* read.h: a result.json back into the result it was written from. */
#ifndef REPORTS_READ_H
#define REPORTS_READ_H

#include "base/error.h"
#include "run/result.h"

/* Read and check a whole file.  Gives a result (result_free) that is written back byte for byte.
   Fails (ERROR_USAGE) when it cannot be read, is no JSON, another document, of another version, or
   has a field that is missing or unfit: the message says which. */
int report_read(const char *path, struct result **ret_result, struct error *reterr);
/* The same of a text, which messages call by this name. */
int report_read_text(const char *name, const char *text, size_t size, struct result **ret_result,
                     struct error *reterr);

#endif
