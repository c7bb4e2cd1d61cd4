/* conform_steps.h: what a run must know of steps before they run. */
#ifndef RUN_CONFORM_STEPS_H
#define RUN_CONFORM_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/tree.h"

/* Does a step, at any depth, use this operation or control word? */
bool conform_steps_use(const struct tree *steps, const char *word);
/* The next verb of a `server` step after the first `skip` ones; NULL past the last. */
const char *conform_steps_verb(const struct tree *steps, size_t skip);
/* The shortest time that the steps speak of, in ns; 0 when they speak of none. */
uint64_t conform_steps_shortest_ns(const struct tree *steps);
/* Take `raw: true` away: no call goes past the gate. */
void conform_steps_gate(struct tree *steps);

#endif
