/* matrix.h: the suite of clauses, run against a broker that lies, in virtual time. */
#ifndef SUPPORT_MATRIX_H
#define SUPPORT_MATRIX_H

#include "base/error.h"
#include "fakes/liar.h"
#include "run/conformance.h"
#include "scenario/clause.h"

/* What comes with the harness; to be released with clauses_release. */
int matrix_clauses(struct clauses *ret_clauses, struct error *reterr);
/* Run some clauses (ids parted by spaces; NULL: all) against a built-in adapter, with a lie around
   it (NULL: none); the Redis adapters speak to the fake server.  Gives the result; NULL and an
   error when it could not run. */
struct conformance *matrix_run(const struct clauses *clauses, const char *adapter,
                               const struct lie *lie, const char *ids, struct error *reterr);
/* The adapter that a lie is told around. */
const char *matrix_adapter(const struct lie *lie);
/* Every lie of a family must be caught by each clause it is there for, a core clause among them.
   Stops the test when one is not. */
void matrix_hold(const struct lie *family);
/* An honest adapter fails no clause but those that it is known not to meet, and passes so many. */
void matrix_hold_honest(const char *adapter, size_t least);

#endif
