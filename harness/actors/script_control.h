/* script_control.h: the words that steer a script instead of calling the broker. */
#ifndef ACTORS_SCRIPT_CONTROL_H
#define ACTORS_SCRIPT_CONTROL_H

#include "actors/script_parts.h"

typedef enum script_turn script_begin(struct script_flow *flow, const struct tree *arguments);

script_begin script_begin_repeat, script_begin_for_each; /* script_loop.c */
script_begin script_begin_parallel;                      /* script_parallel.c */
script_begin script_begin_wait, script_begin_let, script_begin_when, script_begin_check,
    script_begin_unless, script_begin_capabilities; /* script_control.c */
script_begin script_begin_open, script_begin_close, script_begin_crash, script_begin_reopen,
    script_begin_server;             /* script_world.c */
script_begin script_begin_link;      /* script_link.c */
script_begin script_begin_operation; /* script_operate.c */
script_begin script_begin_subscribe; /* script_subscribe.c */
script_begin script_begin_drain;     /* script_drain.c */

/* Does {value: ..., expect: ...} hold?  False when it makes no sense: the script is then over. */
bool script_condition(struct script_flow *flow, const struct tree *condition, bool *ret_holds);
/* A list of the capabilities an instance declares now (gives). */
struct value *script_capabilities(uint32_t capabilities);

#endif
