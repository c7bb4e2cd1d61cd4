/* payload.h: `payload` of a producer. */
#ifndef SCENARIO_PAYLOAD_H
#define SCENARIO_PAYLOAD_H

#include "scenario/fields.h"

/* Target: a struct scenario_producer. */
field_read payload_read;

/* Take "low-high" apart.  Gives both; false when there is no '-' or a side is missing. */
bool payload_split_range(const char *text, char **ret_low, char **ret_high);

#endif
