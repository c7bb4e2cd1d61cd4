/* campaign.h: scenarios run one after another, each judged, reported and counted. */
#ifndef CLI_CAMPAIGN_H
#define CLI_CAMPAIGN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "cli/scenarios.h"
#include "cli/variant.h"

struct campaign_options {
    const char *folder; /* where reports go; NULL: none */
    uint64_t rounds;    /* how often to run them all, in turn; 0 is once */
    const volatile sig_atomic_t *stop;
    enum log_level log_level;
    bool is_destructive;
    bool is_quiet;
    bool is_unverified;
    uint64_t spin_ns;
    bool no_sleep;
};

/* All scenarios in one form. */
struct campaign_form {
    const struct variant *variant; /* NULL: there is one form only */
    struct scenarios scenarios;    /* the same ones in every form, in the same order */
    char *command_line;            /* what a result records */
};

/* Runs them all, the forms of each scenario in turn, compares what stands side by side, prints each
   summary and writes the reports.  Gives the worst exit code: fail outranks wrong, wrong outranks
   undecided, undecided outranks pass. */
int campaign_run(const struct campaign_options *options, const struct campaign_form *forms,
                 size_t form_count);

/* A folder name from a scenario's path ("a/b c.yaml": "b-c"), unlike the `count` names before it.
   Gives (free). */
char *campaign_name(const char *path, char *const *names, size_t count);
/* The same from any words: fit for any file system. */
char *campaign_folder(const char *title, char *const *names, size_t count);

#endif
