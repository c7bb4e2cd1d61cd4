/* upkeep.h: what a long run does for its brokers while it lasts: streams are trimmed to what is to
   be retained, and the sending ends before a broker's memory is full. */
#ifndef RUN_UPKEEP_H
#define RUN_UPKEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stage;
struct upkeep_chore;

struct upkeep {
    struct upkeep_chore *chores; /* calls that come again; NULL: nothing to do */
    size_t count;
    uint64_t trimmed;  /* messages */
    char *stop_reason; /* why no more is sent; NULL: go on */
};

/* Once the actors are there. */
void upkeep_open(struct stage *stage);
/* Now and then, on the run's thread. */
void upkeep_turn(struct stage *stage, uint64_t now_ns);
/* After the brokers' sessions, which end what is under way. */
void upkeep_close(struct upkeep *upkeep);

#endif
