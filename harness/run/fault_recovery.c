/* fault_recovery.c: a fault is over when it is healed, and its effects are over when everything
   that was sent until then is finished everywhere. */
#include "run/fault_parts.h"

#define LOOK_NS    2000000u
#define LOOK_SHARE 50u /* of what was waited already: a recovery is known to 2 % */

/* Under the lock, or while nobody else is there. */
void recovery_begin(struct faults *faults, struct fault_window *window)
{
    if (!window->progress)
        window->progress = ledger_progress_new(faults->stage->cast.ledger);
}

static void look_at(const struct faults *faults, struct fault_window *window, bool *is_waiting)
{
    if (!window->progress || window->recovered_ns)
        return;
    if (ledger_progress_is_done(window->progress)) {
        window->recovered_ns = loop_now_ns(faults->loop);
        ledger_progress_free(window->progress);
        window->progress = NULL;
    } else {
        *is_waiting = true;
    }
}

bool recovery_look(struct faults *faults)
{
    bool is_waiting = false;

    pthread_mutex_lock(&faults->lock);
    for (size_t i = 0; i < faults->count; i++)
        for (size_t w = 0; w < faults->items[i].window_count; w++)
            look_at(faults, &faults->items[i].windows[w], &is_waiting);
    pthread_mutex_unlock(&faults->lock);
    return is_waiting;
}

static void on_look(void *context)
{
    struct faults *faults = context;

    if (recovery_look(faults))
        recovery_watch(faults);
}

/* Since when the last of those that are waited for is over. */
static uint64_t last_end_ns(struct faults *faults)
{
    uint64_t last = 0;

    pthread_mutex_lock(&faults->lock);
    for (size_t i = 0; i < faults->count; i++)
        for (size_t w = 0; w < faults->items[i].window_count; w++) {
            const struct fault_window *window = &faults->items[i].windows[w];

            if (window->progress && !window->recovered_ns && window->end_ns > last)
                last = window->end_ns;
        }
    pthread_mutex_unlock(&faults->lock);
    return last;
}

/* On the run's own loop. */
void recovery_watch(struct faults *faults)
{
    uint64_t now = loop_now_ns(faults->loop), end = last_end_ns(faults);
    uint64_t share = end > 0 && now > end ? (now - end) / LOOK_SHARE : 0;

    if (!loop_timer_is_started(&faults->look_timer))
        loop_timer_start(faults->loop, &faults->look_timer,
                         now + (share > LOOK_NS ? share : LOOK_NS), on_look, faults);
}
