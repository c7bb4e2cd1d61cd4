/* campaign.h: scenarios run one after another, each judged, reported and counted. */
#ifndef CLI_CAMPAIGN_H
#define CLI_CAMPAIGN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "cli/scenarios.h"

struct campaign_options {
    const char *folder; /* where reports go; NULL: none */
    const char *command_line;
    uint64_t rounds; /* how often to run them all, in turn; 0 is once */
    const volatile sig_atomic_t *stop;
    enum log_level log_level;
    bool is_destructive;
    bool is_quiet;
    bool is_unverified;
    uint64_t spin_ns;
    bool no_sleep;
};

/* Runs them all, prints each summary and writes the reports.  Gives the worst exit code: fail
   outranks wrong, wrong outranks undecided, undecided outranks pass. */
int campaign_run(const struct campaign_options *options, const struct scenarios *scenarios);

/* A folder name from a scenario's path ("a/b c.yaml": "b-c"), unlike the `count` names before it.
   Gives (free). */
char *campaign_name(const char *path, char *const *names, size_t count);

#endif
