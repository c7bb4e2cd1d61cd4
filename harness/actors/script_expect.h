/* script_expect.h: what an answer must be: a literal, or words such as {count: 3} that judge it.

   A word says in `why` what it expected when it does not hold: "expected 3 items, got 2". */
#ifndef ACTORS_SCRIPT_EXPECT_H
#define ACTORS_SCRIPT_EXPECT_H

#include "actors/script_sight.h"
#include "actors/value.h"
#include "base/error.h"
#include "base/text.h"
#include "base/tree.h"

struct script_ask {
    struct script_sight sight;
    const struct value *answer; /* the whole of it: told by the caller, and not again in `why` */
    struct text why;            /* filled in when something does not hold */
    struct value *about;        /* then: the message that did not fit, the first; NULL: none */
    bool is_broken;             /* the expectation itself makes no sense */
    struct error error;         /* then: why not */
};

/* Does the answer do?  False also when the expectation is broken. */
bool script_expect(struct script_ask *ask, const struct tree *expectation, struct value *answer);
void script_ask_release(struct script_ask *ask);

/* --- For the words --------------------------------------------------------------------------- */

struct script_matcher {
    const char *name;
    bool (*holds)(struct script_ask *ask, const struct tree *argument, struct value *answer);
    /* What stands behind it: for the check before the run. */
    enum script_matcher_takes {
        MATCHER_TAKES_VALUE,
        MATCHER_TAKES_EXPECTATION,
        MATCHER_TAKES_EXPECTATIONS, /* a list */
        MATCHER_TAKES_FIELDS,       /* a map of paths to expectations */
        MATCHER_TAKES_CHOICES,      /* a word, or a list of words */
    } takes;
    const char *const *choices;
};

const struct script_matcher *script_matcher_find(const char *name);
const struct script_matcher *script_matcher_at(size_t index); /* NULL past the end */
/* Is it a map of matchers only? */
bool script_expect_has_matchers(const struct tree *expectation);

/* Say why not; gives false. */
bool script_ask_why(struct script_ask *ask, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same, and the answer behind it: "expected a list, got 3". */
bool script_ask_got(struct script_ask *ask, const struct value *answer, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* It is about this message, or list of them, unless something was before; keeps it. */
void script_ask_about(struct script_ask *ask, struct value *value);
/* Take back what was said since `why` had this size. */
void script_ask_cut(struct script_ask *ask, size_t size);
/* The expectation makes no sense; gives false. */
bool script_ask_broken(struct script_ask *ask, const struct tree *tree, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The argument as a value (gives); NULL when it is broken. */
struct value *script_ask_value(struct script_ask *ask, const struct tree *argument);

typedef bool script_match(struct script_ask *ask, const struct tree *argument,
                          struct value *answer);

/* script_match.c */
script_match match_equal, match_type, match_empty, match_error, match_outcome, match_at_least,
    match_at_most, match_between, match_begins;
extern const char *const script_match_types[], *const script_match_errors[],
                                                   *const script_match_outcomes[];
/* script_match_list.c */
script_match match_set, match_subset, match_prefix, match_subsequence, match_count, match_contains,
    match_distinct, match_increasing, match_each, match_first, match_last;

#endif
