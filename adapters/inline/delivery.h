/* delivery.h: messages that were handed out and are not settled: how they were, and what comes
   next.

   A read makes one *run* for all its messages.  A message that goes its own way (nacked, or handed
   out again) leaves its run and gets a *single* of its own.  So the usual message costs two bits in
   the window, and only the unusual one costs memory. */
#ifndef INLINE_DELIVERY_H
#define INLINE_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/inline/window.h"
#include "base/heap.h"
#include "base/map.h"

struct inline_member;

enum inline_delivery_state {
    INLINE_IN_FLIGHT, /* in a consumer's hands until its deadline */
    INLINE_WAITING,   /* nacked, until its retry is due */
    INLINE_RESERVED,  /* its session ended; kept for the same consumer name for a while */
    INLINE_OWN,       /* that consumer came back and is served it first */
    INLINE_READY,     /* for whoever reads next */
    INLINE_PARKED     /* retries are used up and there is no dead-letter queue: kept, not served */
};

struct inline_delivery {
    struct heap_node node; /* first member */
    struct heap *heap;     /* that it is in, or NULL */
    uint64_t from, to;     /* of a run: its open positions in [from, to) */
    uint64_t left;         /* how many those are */
    uint64_t delivered_ns;
    uint64_t session;  /* serial number of the session that holds it */
    uint64_t lost_by;  /* of the one in whose hands it expired last; 0: none */
    uint32_t attempts; /* deliveries so far */
    uint32_t failures; /* nacks and expiries so far: what the retry budget counts */
    enum inline_delivery_state state;
    bool is_single, is_late; /* late: it expired, so that an ack would come too late */
    struct inline_member *member;
    struct inline_delivery *next_free;
};

struct inline_deliveries {
    struct inline_delivery **runs; /* [run_first, run_first + run_count), by position */
    size_t run_first, run_count, run_capacity;
    struct map singles; /* position -> delivery */
    struct heap timed;  /* in flight, waiting, reserved: by what is due next */
    struct heap ready;  /* by position */
    struct inline_delivery *free;
};

void inline_deliveries_release(struct inline_deliveries *deliveries);
/* A new run [from, to), after all others, with `left` open positions. */
struct inline_delivery *inline_deliveries_add_run(struct inline_deliveries *deliveries,
                                                  uint64_t from, uint64_t to, uint64_t left);
/* The delivery of an open or detached position, or NULL. */
struct inline_delivery *inline_deliveries_run(const struct inline_deliveries *deliveries,
                                              uint64_t position);
struct inline_delivery *inline_deliveries_single(const struct inline_deliveries *deliveries,
                                                 uint64_t position);
/* Take one open position out of its run; the single inherits everything but the heap.  The run is
   dropped with its last position. */
struct inline_delivery *inline_deliveries_detach(struct inline_deliveries *deliveries,
                                                 struct inline_window *window,
                                                 struct inline_delivery *run, uint64_t position);
/* `count` positions of a delivery were settled in the window; it is dropped with the last one. */
void inline_deliveries_settled(struct inline_deliveries *deliveries,
                               struct inline_delivery *delivery, uint64_t count);
/* Into a heap under a key (a time or a position), or out of any (heap NULL). */
void inline_delivery_place(struct inline_delivery *delivery, struct heap *heap, uint64_t key);
void inline_delivery_assign(struct inline_delivery *delivery, struct inline_member *member,
                            uint64_t session);
/* Call for each; it may change the one it is given, not drop others. */
void inline_deliveries_each(struct inline_deliveries *deliveries,
                            void (*visit)(void *context, struct inline_delivery *delivery),
                            void *context);

#endif
