/* match.h: does a rule mean this request, this reply?  Private to this room. */
#ifndef LINK_MATCH_H
#define LINK_MATCH_H

#include "link/rules.h"
#include "link/way.h"

/* Does the rule's link address mean this link? */
bool match_link(const struct rule *rule, const char *link);
/* Everything but skip and times; counts attempts. */
bool match_frame(struct link_faults *faults, struct rule *rule, const struct frame *frame);
/* The message to tell of: the one that the rule names, or the first one in the frame. */
bool match_first_message(const struct frame *frame, uint32_t *ret_track, uint64_t *ret_sequence);

#endif
