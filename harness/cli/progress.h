/* progress.h: what is said on stderr while a run lasts: a live block on a terminal, a plain line
   every few seconds elsewhere, and the log. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "run/run.h"

#define PROGRESS_LINES 3u /* of the block */

enum progress_flow {
    PROGRESS_SENT,
    PROGRESS_ACCEPTED,
    PROGRESS_DELIVERED,
    PROGRESS_SETTLED,
    PROGRESS_FLOWS
};

struct progress {
    bool is_live, is_silent;
    bool is_shown; /* a live block stands on the terminal */
    unsigned turns;
    uint64_t elapsed_ns, counts[PROGRESS_FLOWS]; /* when it was last said, for the rates */
    double rates[PROGRESS_FLOWS];
};

void progress_init(struct progress *progress, bool silent);
/* For run_options.progress; the context is a struct progress. */
void progress_update(void *context, const struct run_progress *state);
/* The same for a line of the caller's own; returns whether it would be shown, so that nobody need
   put it together in vain. */
bool progress_is_due(struct progress *progress);
void progress_say(struct progress *progress, const char *line);
/* Take the live block away. */
void progress_clear(struct progress *progress);

/* A log that writes to stderr, from any thread, one write for a line; keeps clear of the live
 * block.
 */
struct log progress_log(struct progress *progress, enum log_level level);

#endif
