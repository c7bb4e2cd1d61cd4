/* loop.h: time and readiness.  Two worlds behind one interface: the real one (epoll,
   CLOCK_MONOTONIC) and a simulated one (virtual clock, events totally ordered by due time and
   serial number).  Nobody else reads a clock, sleeps or waits. */
#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/heap.h"

struct loop;

/* Embedded in its owner; zero-initialised is stopped. */
struct loop_timer {
    struct heap_node node; /* first member */
    void (*expired)(void *context);
    void *context;
};

/* One file descriptor being watched; embedded in its owner. */
struct loop_watch {
    int fd;
    void (*ready)(void *context, unsigned events); /* of enum loop_event */
    void *context;
    unsigned events; /* 0 when not watched */
};

enum loop_event { LOOP_READABLE = 1u << 0, LOOP_WRITABLE = 1u << 1, LOOP_HANGUP = 1u << 2 };

/* The real loop.  spin_ns: instead of sleeping, poll when the next timer is due within it (0:
   always sleep).  Gives (loop_free). */
struct loop *loop_real_new(uint64_t spin_ns, struct error *reterr);
/* The simulated loop, at time 1 s (so that 0 stays "never").  No descriptors can be watched. */
struct loop *loop_simulated_new(void);
void loop_free(struct loop *loop);

bool loop_is_simulated(const struct loop *loop);
/* Nanoseconds on the loop's clock.  The real clock is read at each call (21 ns). */
uint64_t loop_now_ns(struct loop *loop);

/* Expire once at `due_ns` (at once when past; in simulation never before now).  Restarting moves
 * it. */
void loop_timer_start(struct loop *loop, struct loop_timer *timer, uint64_t due_ns,
                      void (*expired)(void *context), void *context);
void loop_timer_stop(struct loop *loop, struct loop_timer *timer); /* fine when stopped */
bool loop_timer_is_started(const struct loop_timer *timer);

/* Watch a descriptor for events; calling again changes them, 0 ends it.  Real loop only. */
int loop_watch_set(struct loop *loop, struct loop_watch *watch, unsigned events,
                   struct error *reterr);

/* Run `function` on this loop soon.  Legal from any thread; in simulation, from the one thread. */
void loop_post(struct loop *loop, void (*function)(void *context), void *context);

/* Called at the end of every turn of the loop, after all events of the turn (write what was
   queued). Embedded in its owner. */
struct loop_tail {
    struct loop_tail *next, *previous;
    void (*run)(void *context);
    void *context;
};
void loop_tail_add(struct loop *loop, struct loop_tail *tail, void (*run)(void *context),
                   void *context);
void loop_tail_remove(struct loop *loop, struct loop_tail *tail);

/* Run until loop_stop.  In simulation also returns when no event is left. */
void loop_run(struct loop *loop);
/* From any thread: loop_run returns after the current turn. */
void loop_stop(struct loop *loop);

/* Time spent working and waiting inside loop_run, all its calls together (real loop), and the
   longest time one turn took. */
struct loop_load {
    uint64_t busy_ns, idle_ns, gap_ns_max, event_count;
};
struct loop_load loop_load(const struct loop *loop);

/* The wall clock, for reports only: nanoseconds since 1970; 0 in simulation. */
uint64_t loop_wall_ns(const struct loop *loop);
/* The clocks that real loops go by, where no loop is left. */
uint64_t loop_real_now_ns(void);
uint64_t loop_real_wall_ns(void);
/* Entropy from the system: 64 bits.  Real worlds only; simulations take theirs from the seed. */
uint64_t loop_entropy(void);

#endif
