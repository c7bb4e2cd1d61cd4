/* filter.h: text through another program: its input, its output, and a limit on its time. */
#ifndef REPORTS_FILTER_H
#define REPORTS_FILTER_H

#include <stdint.h>

#include "base/text.h"

enum filter_end {
    FILTER_DONE,    /* it closed its output; whether that is whole is for the caller to see */
    FILTER_MISSING, /* no such program, or no process to be had */
    FILTER_LATE,    /* it took too long, or wrote without end, and was killed */
};

/* Run `program` (found on PATH) without arguments, give it `input`, and append what it prints.  Its
   errors are thrown away.  It lives in a process group of its own, which is gone when this returns,
   whatever happened.  Blocks for `limit_ns` at most. */
enum filter_end filter_run(const char *program, const struct text *input, uint64_t limit_ns,
                           struct text *ret_output);

#endif
