/* outcome.h: what becomes of one run's result: its summary on the terminal, its files. */
#ifndef CLI_OUTCOME_H
#define CLI_OUTCOME_H

#include <stdbool.h>

#include "base/error.h"
#include "run/result.h"
#include "scenario/scenario.h"

/* 0, 1 or 3. */
int outcome_code(enum verdict verdict);
/* An exit code becomes another that is worse: fail outranks wrong, wrong undecided, undecided pass.
 */
void outcome_worsen(int *code, int other);
/* Standard output is a terminal, and nobody has asked for no colour. */
bool outcome_wants_colour(void);
/* Print the summary; `folder` NULL when no files were written. */
void outcome_print(const struct result *result, const char *folder);
/* Write every report into the folder, and failure.yaml when the run failed; one of an earlier run
   is removed when it did not. */
int outcome_write(const struct scenario *scenario, const struct result *result, const char *folder,
                  struct error *reterr);

#endif
