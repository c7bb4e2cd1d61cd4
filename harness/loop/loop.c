/* loop.c: timers, tails and all else that does not depend on which world the loop lives in. */
#include "loop/loop.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/random.h>

#include "loop/world.h"

void loop_init(struct loop *loop, const struct loop_world *world)
{
    loop->world = world;
    loop->tails.next = loop->tails.previous = &loop->tails;
}

void loop_release(struct loop *loop)
{
    heap_release(&loop->timers);
    post_release(&loop->posts);
}

void loop_free(struct loop *loop)
{
    if (loop)
        loop->world->free(loop);
}

bool loop_is_simulated(const struct loop *loop)
{
    return loop->world->is_simulated;
}

uint64_t loop_now_ns(struct loop *loop)
{
    return loop->world->now_ns(loop);
}

/* --- Timers ----------------------------------------------------------------------------------- */

/* A due time in the past becomes the beginning of this turn: were it kept, a timer that always
   starts itself again at 0 would stand before all others for ever. */
void loop_timer_start(struct loop *loop, struct loop_timer *timer, uint64_t due_ns,
                      void (*expired)(void *context), void *context)
{
    loop_timer_stop(loop, timer);
    timer->expired = expired;
    timer->context = context;
    heap_insert(&loop->timers, &timer->node, due_ns < loop->turn_ns ? loop->turn_ns : due_ns);
}

void loop_timer_stop(struct loop *loop, struct loop_timer *timer)
{
    if (loop_timer_is_started(timer))
        heap_remove(&loop->timers, &timer->node);
}

bool loop_timer_is_started(const struct loop_timer *timer)
{
    return timer->node.index != 0;
}

void loop_run_timer(struct loop *loop)
{
    struct heap_node *node = heap_first(&loop->timers);
    struct loop_timer *timer = (struct loop_timer *)node;

    assert(timer);
    heap_remove(&loop->timers, node);
    loop->load.event_count++;
    timer->expired(timer->context); /* may free the timer */
}

/* --- Posts ------------------------------------------------------------------------------------ */

void loop_post(struct loop *loop, void (*function)(void *context), void *context)
{
    loop->world->post(loop, function, context);
}

void loop_run_post(struct loop *loop)
{
    struct post post = post_pop(&loop->posts);

    loop->load.event_count++;
    post.function(post.context);
}

/* --- Tails ------------------------------------------------------------------------------------ */

static void link_before(struct loop_tail *head, struct loop_tail *tail)
{
    tail->next = head;
    tail->previous = head->previous;
    head->previous->next = tail;
    head->previous = tail;
}

static void unlink_tail(struct loop_tail *tail)
{
    tail->previous->next = tail->next;
    tail->next->previous = tail->previous;
    tail->next = tail->previous = NULL;
}

void loop_tail_add(struct loop *loop, struct loop_tail *tail, void (*run)(void *context),
                   void *context)
{
    loop_tail_remove(loop, tail);
    tail->run = run;
    tail->context = context;
    link_before(&loop->tails, tail);
    loop->has_new_tails = true;
}

void loop_tail_remove(struct loop *loop, struct loop_tail *tail)
{
    (void)loop;
    if (tail->next)
        unlink_tail(tail);
}

/* The tails of this pass move to a ring of their own and back one by one, so that any of them may
   be added or removed by any other. */
void loop_run_tails(struct loop *loop)
{
    struct loop_tail pass = {.next = loop->tails.next, .previous = loop->tails.previous};

    loop->has_new_tails = false;
    if (pass.next == &loop->tails)
        return;
    pass.next->previous = pass.previous->next = &pass;
    loop->tails.next = loop->tails.previous = &loop->tails;
    while (pass.next != &pass) {
        struct loop_tail *tail = pass.next;

        unlink_tail(tail);
        link_before(&loop->tails, tail);
        tail->run(tail->context);
    }
}

/* --- Descriptors, running --------------------------------------------------------------------- */

int loop_watch_set(struct loop *loop, struct loop_watch *watch, unsigned events,
                   struct error *reterr)
{
    return loop->world->watch_set(loop, watch, events, reterr);
}

/* A stop that comes before the run is not lost: the run then ends at once. */
void loop_run(struct loop *loop)
{
    loop->world->run(loop);
    atomic_store(&loop->is_stopping, false);
}

void loop_stop(struct loop *loop)
{
    atomic_store(&loop->is_stopping, true);
    loop->world->wake(loop);
}

struct loop_load loop_load(const struct loop *loop)
{
    return loop->load;
}

uint64_t loop_wall_ns(const struct loop *loop)
{
    return loop->world->wall_ns();
}

uint64_t loop_entropy(void)
{
    uint64_t bits = 0;

    if (getrandom(&bits, sizeof(bits), 0) != (ssize_t)sizeof(bits))
        abort(); /* 8 bytes never come short once the system has started */
    return bits;
}
