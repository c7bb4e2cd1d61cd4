/* report.h: results in the forms that people and machines read.  A new format is one file and one
   line in the table of formats.c. */
#ifndef REPORTS_REPORT_H
#define REPORTS_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "run/result.h"

struct report_input {
    const struct result *const *results; /* one, unless the format is joint */
    size_t count;
    bool has_colour;    /* text only */
    const char *folder; /* text only: where the files are; NULL when none were written */
};

struct report_format {
    const char *name;      /* "json" */
    const char *file_name; /* "result.json" */
    bool is_joint;         /* one file for all scenarios of a command, beside their folders */
    bool is_source;        /* what the others can be drawn from again */
    void (*write)(const struct report_input *input, struct text *text);
    /* Instead of file_name and write: as many files as there are.  False past the last. */
    bool (*write_part)(const struct report_input *input, size_t index, struct text *name,
                       struct text *text);
};

/* In a stable order; NULL past the end. */
const struct report_format *report_format_at(size_t index);

/* Replace the password in everything that looks like scheme://user:password@host.  A reference to
   the environment (${NAME}) is no secret and stays. */
void report_scrub(struct text *text);

/* Write every format of its kind into a folder, which is made with its parents when it is not
   there. A file appears whole or not at all.  Fails (ERROR_SYSTEM) when a folder or file cannot be
   written. */
int report_write_single(const char *folder, const struct result *result, struct error *reterr);
/* All but what it was read from. */
int report_write_again(const char *folder, const struct result *result, struct error *reterr);
int report_write_joint(const char *folder, const struct result *const *results, size_t count,
                       struct error *reterr);

/* One file, whole or not at all; the folder is made when it is not there.  Scrubs the text. */
int report_write_file(const char *folder, const char *name, struct text *text,
                      struct error *reterr);

/* The formats. */
void report_text(const struct report_input *input, struct text *text);
void report_json(const struct report_input *input, struct text *text);
void report_junit(const struct report_input *input, struct text *text);
void report_html(const struct report_input *input, struct text *text);
void report_hlog(const struct report_input *input, struct text *text);
bool report_hgrm(const struct report_input *input, size_t index, struct text *name,
                 struct text *text);
void report_csv(const struct report_input *input, struct text *text);

#endif
