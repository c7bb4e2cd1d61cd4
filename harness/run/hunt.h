/* hunt.h: which rate a search tries next, from what the tries before it showed.  Plain logic: it
   runs nothing.

   Machines hiccup and drift, so that no single try proves anything: a rate holds, or is missed, by
   the majority of its tries.  First the rate rises by leaps, in short tries, until one is missed at
   full length; then the gap between the highest rate that holds and the lowest one above it that is
   missed is halved; and then these two are tried again, in turn, until the lower one has two votes
   more for it than against it and the higher one three against it, or five in all: what disturbs a
   machine makes a rate be missed, and never makes it hold.  Where that overturns an earlier vote
   the gap is a new one, and is closed again. */
#ifndef RUN_HUNT_H
#define RUN_HUNT_H

#include <stdbool.h>
#include <stddef.h>

#define HUNT_TRIES_MAX    60u
#define HUNT_CLOSE_ENOUGH 1.05 /* the rate that was missed, against the one that holds */

enum hunt_answer {
    HUNT_HELD,
    HUNT_MISSED,
    HUNT_DOUBTFUL, /* missed, and it may have been the machine: no vote, twice at most */
};

struct hunt_rate {
    double rate; /* per second */
    unsigned held, missed, doubted;
    bool is_own_limit; /* when it was last missed, it was missed by this program */
};

struct hunt { /* = {0} */
    struct hunt_rate rates[HUNT_TRIES_MAX];
    size_t rate_count; /* in no order */
    size_t try_count;
};

struct hunt_try {
    double rate;
    bool
        is_short; /* a part of the time will do: it is far from the limit, or will be tried again */
};

/* False when the hunt is over. */
bool hunt_next(const struct hunt *hunt, struct hunt_try *ret_try);
/* What came of it.  A caller may have made a short try a full one.  Gives the rate's votes. */
const struct hunt_rate *hunt_tell(struct hunt *hunt, const struct hunt_try *tried,
                                  enum hunt_answer answer, bool is_own_limit);

/* The highest rate that holds; NULL when none does. */
const struct hunt_rate *hunt_held(const struct hunt *hunt);
/* The lowest one above it that was missed; NULL when none was. */
const struct hunt_rate *hunt_missed(const struct hunt *hunt);

#endif
