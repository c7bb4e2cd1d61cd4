/* script_link.h: what the step `link` asks for. */
#ifndef ACTORS_SCRIPT_LINK_H
#define ACTORS_SCRIPT_LINK_H

#include "actors/script_parts.h"
#include "link/fault.h"

struct script_link_plan {
    bool heals; /* ends what was done to the session's links */
    struct link_rule rule;
    char *session, *op, *carries; /* texts of the match; NULL when not said */
};

/* sight: NULL when values are not known yet.  Release it also after a failure. */
int script_link_read(const struct tree *arguments, const struct script_sight *sight,
                     struct script_link_plan *plan, struct error *reterr);
void script_link_release(struct script_link_plan *plan);
/* The step of a fault that never came about; NULL when there is none. */
const struct tree *script_link_idle(const struct script *script);

#endif
