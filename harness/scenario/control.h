/* control.h: `control: {start: ..., kill: ...}`: commands that drive a server, in scenarios and in
   profiles alike. */
#ifndef SCENARIO_CONTROL_H
#define SCENARIO_CONTROL_H

#include "base/schema.h"

/* Commands for a shell; NULL where there is none. */
struct scenario_control {
    char *start, *stop, *kill, *pause, *resume, *restart, *wipe;
};

/* Its keys, for texts that list them. */
const struct schema *scenario_schema_control(void);
/* The command of "kill" and so on; NULL when there is none, or no such word. */
const char *scenario_control_of(const struct scenario_control *control, const char *word);
void scenario_control_release(struct scenario_control *control);

#endif
