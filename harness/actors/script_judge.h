/* script_judge.h: what is made of the answer of a step. */
#ifndef ACTORS_SCRIPT_JUDGE_H
#define ACTORS_SCRIPT_JUDGE_H

#include "actors/script_parts.h"

enum script_judgement {
    SCRIPT_ACCEPTED,  /* on to the next step; names are bound */
    SCRIPT_TRY_AGAIN, /* within, never: the same call once more */
    SCRIPT_DECIDED,   /* the script is over */
};

enum script_judgement script_judge(struct script_flow *flow);

#endif
