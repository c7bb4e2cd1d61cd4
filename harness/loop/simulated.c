/* simulated.c: the loop in virtual time.  Posts and timers form one order, by due time and serial
   number; the clock jumps to whatever comes next. */
#include <stdlib.h>

#include "base/memory.h"
#include "loop/world.h"

static const uint64_t START_NS = 1000000000u; /* so that 0 stays "never" */

static uint64_t now_ns(const struct loop *loop)
{
    return loop->turn_ns;
}

static uint64_t wall_ns(void)
{
    return 0;
}

static int watch_set(struct loop *loop, struct loop_watch *watch, unsigned events,
                     struct error *reterr)
{
    (void)loop;
    (void)watch;
    (void)events;
    return error_set(reterr, ERROR_SYSTEM, "no descriptor can be watched in virtual time");
}

static void post(struct loop *loop, void (*function)(void *context), void *context)
{
    post_push(&loop->posts, (struct post){function, context, loop->timers.serial_next++});
}

/* Time stands still while posts wait, so all of them are due now: only a timer that is due now too,
   and was started before, comes first. */
static bool is_post_next(const struct loop *loop, const struct heap_node *timer)
{
    const struct post_queue *posts = &loop->posts;

    if (posts->count == 0)
        return false;
    return !timer || timer->due > loop->turn_ns || timer->serial > posts->posts[posts->head].serial;
}

/* False when nothing is left to happen. */
static bool run_next(struct loop *loop)
{
    const struct heap_node *timer = heap_first(&loop->timers);

    if (is_post_next(loop, timer)) {
        loop_run_post(loop);
    } else if (timer) {
        loop->turn_ns = timer->due;
        loop_run_timer(loop);
    } else if (!loop->has_new_tails) {
        return false;
    }
    loop_run_tails(loop);
    return true;
}

static void run(struct loop *loop)
{
    /* Before the first event, so that what was queued earlier leaves at the time it was queued. */
    if (loop->has_new_tails)
        loop_run_tails(loop);
    while (!atomic_load_explicit(&loop->is_stopping, memory_order_relaxed) && run_next(loop)) {
    }
}

static void wake(struct loop *loop)
{
    (void)loop; /* stopped by an event of its own thread */
}

static void free_simulated(struct loop *loop)
{
    loop_release(loop);
    free(loop);
}

static const struct loop_world simulated_world = {
    .is_simulated = true,
    .now_ns = now_ns,
    .wall_ns = wall_ns,
    .watch_set = watch_set,
    .post = post,
    .run = run,
    .wake = wake,
    .free = free_simulated,
};

struct loop *loop_simulated_new(void)
{
    struct loop *loop = memory_new(1, sizeof(*loop));

    loop_init(loop, &simulated_world);
    loop->turn_ns = START_NS;
    return loop;
}
