/* lane.h: bytes of one direction that have to wait: for their time, for the gap between slices, or
   for a rule to end.  Nothing overtakes.  Private to this room. */
#ifndef LINK_LANE_H
#define LINK_LANE_H

#include "link/way.h"
#include "loop/loop.h"

struct lane_piece;

struct lane {
    struct channel *channel;
    enum way way;
    struct lane_piece *first, **last;
    size_t size;      /* bytes that wait */
    uint64_t free_ns; /* when the gap after the last slice is over */
    struct loop_timer timer;
    bool is_full; /* its source is not read meanwhile */
};

void lane_init(struct lane *lane, struct channel *channel, enum way way);
/* Send it or let it wait; copies what waits. */
void lane_take(struct lane *lane, const struct piece *piece);
/* What the far side's end means for the near one, once all before it has passed. */
void lane_take_end(struct lane *lane, int error_number);
/* A filter has ended: what waited for it goes on. */
void lane_let_go(struct lane *lane, const struct filter *holder);
/* The near end leaves in order: send what only waits for its time. */
void lane_hurry(struct lane *lane);
void lane_release(struct lane *lane);

#endif
