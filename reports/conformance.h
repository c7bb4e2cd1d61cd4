/* conformance.h: what a conformance run found, in the forms that people and machines read. */
#ifndef REPORTS_CONFORMANCE_H
#define REPORTS_CONFORMANCE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "run/conformance.h"

struct conformance_input {
    const struct conformance *conformance;
    bool has_colour;    /* text only */
    const char *folder; /* text only: where the files are; NULL when none were written */
};

typedef void conformance_format(const struct conformance_input *input, struct text *text);

conformance_format conformance_text;     /* grouped by capability, for a terminal */
conformance_format conformance_json;     /* conformance.json, described in CONFORMANCE.md */
conformance_format conformance_junit;    /* a test case per clause */
conformance_format conformance_markdown; /* a table for a README */

/* Write every format into a folder, and for each clause that failed a file that holds it alone. */
int conformance_write(const char *folder, const struct conformance *conformance,
                      struct error *reterr);

/* Mark what failed in an earlier conformance.json too, and judge again.  Fails when the file is
   none. */
int conformance_apply_baseline(const char *path, struct conformance *conformance,
                               struct error *reterr);

#endif
