/* clause.h: one testable statement of a capability, as a document: who it binds, what it needs, and
   the steps that decide it.  The loader checks everything but the steps, whose words belong to the
   actors' room. */
#ifndef SCENARIO_CLAUSE_H
#define SCENARIO_CLAUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "base/tree.h"

enum clause_level { CLAUSE_REQUIRED, CLAUSE_OPTIONAL, CLAUSE_HARDENING }; /* R, O, H */

struct clause_option { /* an adapter option this clause wants, where the adapter has it */
    char *key, *text;
    struct source_place place;
};

struct clause {
    char *id;     /* "ACK-02" */
    char *family; /* "ACK" */
    char *says;
    enum clause_level level;
    bool is_core;
    char **needs; /* names of capabilities, all of them; none: every broker */
    size_t need_count;
    char **without; /* capabilities that must be undeclared (NEG) */
    size_t without_count;
    char **world; /* "server", "link", "tamper", "child" */
    size_t world_count;
    char **facts; /* keys of the adapter profile that must be known and true */
    size_t fact_count;
    struct clause_option *options;
    size_t option_count;
    uint64_t rounds;   /* of the steps, each with streams of its own; 1 */
    bool is_real;      /* must run on the real loop (races) */
    uint64_t limit_ns; /* longest time of one round; 30 s */
    struct tree steps; /* a list; empty when the clause is derived */
    struct source_place place;
    char *derive; /* what the run itself finds out instead of steps ("declares_tier"); NULL */
};

struct clauses {
    struct clause *items;
    size_t count;
    char **files; /* what the places point to */
    size_t file_count;
};

/* Load every *.yaml below a folder (or one file), in order of family file and appearance; ids must
   be unique.  Strict, like scenarios. */
int clauses_load(const char *path, struct clauses *ret_clauses, struct error *reterr);
void clauses_release(struct clauses *clauses);

/* Does the file look like one of clauses rather than a scenario? */
bool clause_is_file(const char *path);
/* Append the clause as a document of its own, which clauses_load reads. */
void clause_write(const struct clause *clause, struct text *text);

#endif
