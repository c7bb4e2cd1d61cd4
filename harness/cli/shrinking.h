/* shrinking.h: a failing scenario is shrunk before the user's eyes; for `shrink` and `explore`. */
#ifndef CLI_SHRINKING_H
#define CLI_SHRINKING_H

#include "cli/progress.h"
#include "run/shrink.h"

struct shrinking {
    const struct scenario *scenario; /* as it failed; may have a record of its own */
    const struct result *result;     /* how; NULL: as the scenario's record says */
    struct run_options run;
    struct progress *progress;
    uint64_t tries, for_ns; /* 0: found out; no limit */
    bool is_quiet;
};

/* As shrink(), with a live line, and a summary of it at the end.  */
int shrinking_run(const struct shrinking *shrinking, struct shrunk *ret_shrunk,
                  struct error *reterr);
/* Write the smallest as a failure file. */
int shrinking_write(const struct shrunk *shrunk, const char *folder, const char *name,
                    struct error *reterr);
/* Print it without its record. */
void shrinking_print(const struct shrunk *shrunk);

#endif
