/* options.h: command-line options as tables, from which both the parser and --help live. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"

enum option_type {
    OPTION_FLAG,  /* bool; no value */
    OPTION_TEXT,  /* const char *; the last one stands */
    OPTION_LIST,  /* struct option_list; may be repeated */
    OPTION_WORDS, /* struct option_list; takes all words up to the next option */
    OPTION_COUNT, /* struct option_count: a whole number from 0 to 2^64 - 1 */
    OPTION_TIME,  /* uint64_t nanoseconds: "50us" */
};

struct option_count {
    bool is_given;
    uint64_t value;
};

struct option_list {
    const char **values; /* the array is the list's, the strings the command line's */
    size_t count;
};

enum option_flag {
    OPTION_HIDDEN = 1u << 0,       /* not in --help */
    OPTION_PRESENTATION = 1u << 1, /* does not shape the run: left out of its recorded command */
    OPTION_SECRET = 1u << 2        /* a value that may hold a password */
};

struct option {
    const char *name; /* "seed", without dashes */
    char letter;      /* 'q', or 0 */
    enum option_type type;
    const char *value;   /* "N", for --help; NULL for a flag */
    const char *choices; /* "real|virtual", or NULL */
    size_t offset;       /* of the member it fills in */
    unsigned flags;      /* of enum option_flag */
    const char *help;
};

struct option_table {
    const char *command; /* "run", for messages */
    const struct option *options;
    size_t option_count;
};

/* Fill in `target` from the arguments; what is no option is gathered in `ret_operands`.  "--" ends
   the options.  Fails (ERROR_USAGE) on an unknown option (with a suggestion), a missing or an unfit
   value. */
int options_parse(const struct option_table *table, int argc, const char *const *argv, void *target,
                  struct option_list *ret_operands, struct error *reterr);
void option_list_add(struct option_list *list, const char *value);
void option_list_release(struct option_list *list);

/* The list of options for --help, wrapped. */
void options_show(const struct option_table *table, FILE *out);

/* The command line as a result may record it: what shaped the run, quoted for a shell, without
   passwords.  Gives (free). */
char *options_record(const struct option_table *table, int argc, const char *const *argv);
/* Add a setting to such a command line, as if --set had said it. */
void options_record_setting(struct text *line, const char *setting);
/* A value without the secret that stands in it alone or after "key=". */
void option_redact(const char *value, char *shown, size_t capacity);

#endif
