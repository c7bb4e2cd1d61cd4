/* world.h: what the real and the simulated loop have in common.  Private to this room. */
#ifndef LOOP_WORLD_H
#define LOOP_WORLD_H

#include <stdatomic.h>

#include "loop/loop.h"
#include "loop/posts.h"

/* What differs between the worlds. */
struct loop_world {
    bool is_simulated;
    uint64_t (*now_ns)(const struct loop *loop);
    uint64_t (*wall_ns)(void);
    int (*watch_set)(struct loop *loop, struct loop_watch *watch, unsigned events,
                     struct error *reterr);
    void (*post)(struct loop *loop, void (*function)(void *context), void *context);
    void (*run)(struct loop *loop);  /* until is_stopping */
    void (*wake)(struct loop *loop); /* is_stopping was set, perhaps by another thread */
    void (*free)(struct loop *loop);
};

/* First member of either loop. */
struct loop {
    const struct loop_world *world;
    uint64_t turn_ns; /* when this turn began; in simulation, the virtual clock itself */
    struct heap timers;
    struct post_queue posts;
    struct loop_tail tails; /* head of a ring */
    bool has_new_tails;     /* some have not had their turn: do not sleep */
    atomic_bool is_stopping;
    struct loop_load load;
};

void loop_init(struct loop *loop, const struct loop_world *world);
void loop_release(struct loop *loop);

/* Take the timer that is due first out of the heap and run it. */
void loop_run_timer(struct loop *loop);
void loop_run_post(struct loop *loop);
/* Run each tail once; those added meanwhile wait for the next turn. */
void loop_run_tails(struct loop *loop);

#endif
