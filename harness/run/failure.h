/* failure.h: a run that failed, as one scenario that needs no other file and can be run again. */
#ifndef RUN_FAILURE_H
#define RUN_FAILURE_H

#include <stdbool.h>

#include "base/text.h"
#include "base/tree.h"
#include "run/result.h"
#include "scenario/scenario.h"

#define FAILURE_FILE_NAME      "failure.yaml"
#define FAILURE_SCHEMA_VERSION 1

/* Append the scenario of a failed run: overrides resolved, its seed, the faults it came to, and
   under `failure` how it failed and where.  Secrets are not in it. */
void failure_write(const struct scenario *scenario, const struct result *result, struct text *text);
/* The same as a tree, without the comments.  Gives (tree_release). */
void failure_compose(const struct scenario *scenario, const struct result *result,
                     struct tree *ret_document);

/* The brokers of a run as its record has them: a list of name, adapter, uri (but of a server of the
   run's own, which has a new one each time) and version.  Gives (tree_release). */
struct tree failure_brokers(const struct scenario *scenario, const struct result *result);

/* What a failure file says about the run it came from; points into the scenario. */
struct failure {
    const struct scenario *scenario;
    const struct tree *record; /* the mapping under `failure` */
    const char **failed;       /* as in struct result */
    size_t failed_count;
};

/* Read the record of a scenario.  Fails (ERROR_SCENARIO) when it has none, or one of a version that
   is not understood.  Gives (failure_release). */
int failure_read(const struct scenario *scenario, struct failure *ret_failure,
                 struct error *reterr);
void failure_release(struct failure *failure);

/* Did the run fail in the same way?  The same anomaly where the record has anomalies, the same
   expectation otherwise. */
bool failure_is_same(const struct failure *failure, const struct result *result);

/* Append what is different from the environment on record, one indented line each; nothing when all
   is alike. */
void failure_differences(const struct failure *failure, const struct result *result,
                         struct text *lines);

#endif
