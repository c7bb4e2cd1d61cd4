/* script_frame.h: a list of steps being done, perhaps again and again. */
#ifndef ACTORS_SCRIPT_FRAME_H
#define ACTORS_SCRIPT_FRAME_H

#include "actors/script_parts.h"

/* Why a list of steps begins again at its end. */
struct script_loop {
    int64_t times;            /* rounds at most; -1: no limit */
    uint64_t until_ns;        /* no round begins after it; 0: no limit */
    uint64_t every_ns;        /* least time between the beginnings of two rounds */
    const struct tree *until; /* {value: ..., expect: ...}: no round begins once it holds */
    struct value *items;      /* one for each round; NULL: the round's number */
    const char *as;           /* the name it is bound to, or NULL */
    int64_t round;            /* the next one */
    uint64_t round_ns;        /* when the last one began */
};

struct script_frame {
    const struct tree *steps;
    size_t next;
    struct script_loop *loop; /* NULL: once */
};

enum script_round { SCRIPT_ROUND_BEGINS, SCRIPT_ROUND_WAITS, SCRIPT_ROUNDS_END };

/* What comes after the last step of a frame with a loop (or before its first round). */
enum script_round script_loop_next(struct script_flow *flow, struct script_frame *frame);
void script_loop_free(struct script_loop *loop);

#endif
