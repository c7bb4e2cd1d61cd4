/* fault_words.h: the words of `do`, for the loader and for --help. */
#ifndef RUN_FAULT_WORDS_H
#define RUN_FAULT_WORDS_H

#include "scenario/scenario.h"

struct fault_word;

/* For scenario_rules. */
const struct scenario_fault_word *fault_word_for_loader(void *context, size_t index);

/* fault_broker.c: the words of brokers: those of a server, and those that adapters offer. */
const struct fault_word *fault_broker_word_at(size_t index);

#endif
