/* expect.h: one expectation, read from its words. */
#ifndef SCENARIO_EXPECT_H
#define SCENARIO_EXPECT_H

#include "scenario/loader.h"
#include "scenario/phrase.h"
#include "scenario/tables.h"

/* Read the text of a node, whose place is set already. */
int expect_parse(struct loader *loader, const struct node *node,
                 struct scenario_expectation *expectation);
/* The part about brokers: `broker [NAME] ...`. */
int expect_parse_broker(struct loader *loader, const struct phrase *phrase,
                        struct scenario_expectation *expectation);
/* A comparison sign and a value, from `index` on, for a word of this unit. */
int expect_parse_comparison(struct loader *loader, const struct phrase *phrase, size_t index,
                            const struct scenario_word *word,
                            struct scenario_expectation *expectation);
/* A duration and nothing else, from `index` on: `within 10s`. */
int expect_parse_within(struct loader *loader, const struct phrase *phrase, size_t index,
                        const char *example, struct scenario_expectation *expectation);
/* Take `during faults`, `before faults`, `after faults` or `during stage 2` off the end. */
int expect_parse_when(struct loader *loader, struct phrase *phrase,
                      struct scenario_expectation *expectation);
/* `{expect: ..., abort: true}`: what is to be parsed of the node. */
int expect_parse_mapping(struct loader *loader, const struct node *node,
                         struct scenario_expectation *expectation, const struct node **ret_text);
/* Can it be looked at while the run lasts, if it is to end it? */
int expect_check_abort(struct loader *loader, const struct scenario_expectation *expectation);
/* The word of a name, or NULL. */
const struct scenario_word *expect_find_word(const char *name);

/* Refuse what can never be decided in this scenario: a need (of enum scenario_need) is not met. */
int expect_check_needs(struct loader *loader, unsigned needs, const char *text,
                       struct source_place place);
int expect_check(struct loader *loader, const struct scenario_expectation *expectation);

#endif
