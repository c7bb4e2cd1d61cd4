/* top.h: the keys of the document itself, and what concerns all of it. */
#ifndef SCENARIO_TOP_H
#define SCENARIO_TOP_H

#include "scenario/loader.h"

/* Read the top mapping and all below it. */
int top_read(struct loader *loader);

#endif
