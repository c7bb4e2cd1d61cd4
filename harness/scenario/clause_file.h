/* clause_file.h: what the files that read clauses share. */
#ifndef SCENARIO_CLAUSE_FILE_H
#define SCENARIO_CLAUSE_FILE_H

#include "scenario/clause.h"
#include "scenario/document.h"

/* Read every clause of a document; `file` is what their places point to. */
int clause_file_read(const char *file, const char *text, size_t size, struct clauses *clauses,
                     struct error *reterr);
void clause_release(struct clause *clause);

#endif
