/* search.h: `rate: max` and `while` of a producer: the highest rate that holds a goal. */
#ifndef SCENARIO_SEARCH_H
#define SCENARIO_SEARCH_H

#include "scenario/loader.h"

/* Once all actors are read: the goal of the producer whose rate is searched for, if there is one.
 */
int search_read(struct loader *loader);
void search_release(struct scenario_search *search);

#endif
