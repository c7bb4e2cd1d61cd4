/* script_story.h: of many calls, those that tell how it came to the verdict. */
#ifndef ACTORS_SCRIPT_STORY_H
#define ACTORS_SCRIPT_STORY_H

#include <stdbool.h>

struct script_evidence;

/* Mark up to SCRIPT_EVIDENCE_MAX of evidence->count; `chosen` is as long, and false everywhere. */
void script_story_choose(struct script_evidence *evidence, bool *chosen);

#endif
