/* work.h: `work` and `start` of a consumer. */
#ifndef SCENARIO_WORK_H
#define SCENARIO_WORK_H

#include "scenario/fields.h"

/* Target of both: a struct scenario_consumer. */
field_read work_read, work_read_start;

#endif
