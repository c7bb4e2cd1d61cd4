/* option_scan.h: walks over a command line, one option or operand at a time. */
#ifndef CLI_OPTION_SCAN_H
#define CLI_OPTION_SCAN_H

#include "cli/options.h"

enum option_scan_kind {
    SCAN_OPERAND,
    SCAN_OPTION,
    SCAN_UNKNOWN,  /* no such option */
    SCAN_MISSING,  /* an option that needs a value, at the end */
    SCAN_EXCESSIVE /* a flag with a value */
};

struct option_scan {
    int argc;
    const char *const *argv;
    int index;           /* of the next argument */
    const char *letters; /* the rest of "-qv", NULL between words */
    bool operands_only;  /* after "--" */
    enum option_scan_kind kind;
    const char *word;            /* as it stands on the command line */
    const struct option *option; /* of SCAN_OPTION, SCAN_MISSING, SCAN_EXCESSIVE */
    const char *value;           /* "" for a flag */
};

struct option_scan option_scan_init(int argc, const char *const *argv);
/* False at the end. */
bool option_scan_next(const struct option_table *table, struct option_scan *scan);

#endif
