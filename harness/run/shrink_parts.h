/* shrink_parts.h: what the files of shrinking share. */
#ifndef RUN_SHRINK_PARTS_H
#define RUN_SHRINK_PARTS_H

#include "run/shrink.h"

#define SHRINK_DEPTH_MAX 12u

/* Where a value stands in the document: indices from the root. */
struct shrink_path {
    size_t at[SHRINK_DEPTH_MAX];
    size_t depth;
};

struct shrink {
    const struct shrink_options *options;
    struct failure failure; /* that is looked for */
    struct tree document;   /* the smallest so far, without its record */
    struct shrunk *best;
    struct scenario_rules rules;
    char *path;      /* of the scenario: what its files are relative to */
    uint64_t *known; /* digests of documents that were tried */
    size_t known_count;
    uint64_t deadline_ns;
    bool is_over; /* out of time, or stopped */
};

/* Does this document fail in the same way?  Then it is the smallest.  Takes it. */
bool shrink_try(struct shrink *shrink, struct tree *document, const char *what);
/* The value at a path of a document. */
struct tree *shrink_follow(struct tree *document, const struct shrink_path *path);
/* "consumers.1.batch". */
void shrink_name(const struct tree *document, const struct shrink_path *path, struct text *name);

/* shrink_passes.c: one round of everything that may be taken away; true when something was. */
bool shrink_round(struct shrink *shrink);

#endif
