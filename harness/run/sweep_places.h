/* sweep_places.h: the places to cut at, put together from several runs without a cut.

   A place is meant by what is exchanged there, not by how many reads happened to find nothing
   before it.  Which exchanges there are is still the broker's and the clock's choice now and then:
   what came in every run is cut, and what came in some of them only is left out, and counted. */
#ifndef RUN_SWEEP_PLACES_H
#define RUN_SWEEP_PLACES_H

#include "base/map.h"
#include "run/sweep_count.h"

struct sweep_place {
    char *link, *command;
    bool is_spoken;    /* `exchange` counts those of `command` that bring something; else all */
    uint64_t exchange; /* as in struct scenario_trigger */
    uint64_t empty;
    enum scenario_edge edge;
    char *message;           /* "shop-1#7": what it carried in every run; NULL: none, or another */
    unsigned seen, last_run; /* how many runs had it; the last of them, from 1 */
};

/* Zero-initialised is empty. */
struct sweep_places {
    struct sweep_place *items;
    size_t count;
    struct map indexes; /* a key of all that tells places apart -> its index */
    unsigned run_count;
    size_t alike_count; /* exchanges of the first run that found nothing, behind two that did so */
};

struct sweep_left_out {
    size_t places, exchanges;
    char commands[200]; /* "XREADGROUP 3, XPENDING 2": how many exchanges of which */
};

void sweep_places_release(struct sweep_places *places);
/* One run more.  edges: bits of enum scenario_edge.  Leaves out the harness's own links, last words
   of sessions that close, and what brings nothing behind the second in a row: one is like the
   other, and how many there are is chance. */
void sweep_places_add_run(struct sweep_places *places, const struct scenario *scenario,
                          const struct sweep_count *count, unsigned edges);
/* Keep those that came in every run; tells of the others. */
void sweep_places_settle(struct sweep_places *places, struct sweep_left_out *ret_left_out);
/* How many exchanges there are at these places. */
size_t sweep_places_exchanges(const struct sweep_places *places);

#endif
