/* worker.c: threads are started once all actors are in place, and joined before they are freed. */
#include "run/worker.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "link/proxy.h"

#define VIRTUAL_LATENCY_NS 1000u

static void *run_loop(void *context)
{
    struct worker *worker = context;

    loop_run(worker->place.loop);
    return NULL;
}

static int open_worker(struct worker *worker, const struct workers_plan *plan, uint64_t start_ns,
                       struct error *reterr)
{
    worker->place.loop =
        plan->is_virtual ? loop_simulated_new() : loop_real_new(plan->spin_ns, reterr);
    if (!worker->place.loop)
        return -1;
    worker->place.dialer =
        plan->is_virtual ? link_dialer_simulated_new(VIRTUAL_LATENCY_NS) : link_dialer_real_new();
    worker->place.faults = plan->faults;
    if (plan->faults)
        worker->place.dialer = link_dialer_faulty_new(worker->place.dialer, plan->faults);
    if (plan->faults && plan->is_proxied && !plan->is_virtual)
        worker->place.proxied = link_dialer_proxied_new(link_dialer_real_new(), plan->faults);
    worker->place.log = plan->log;
    worker->place.seed = plan->seed;
    meter_init(&worker->meter, plan->timeline,
               start_ns > 0 ? start_ns : loop_now_ns(worker->place.loop));
    worker->has_meter = true;
    return 0;
}

int workers_open(struct workers *workers, const struct workers_plan *plan, struct error *reterr)
{
    workers->items = memory_new(plan->count, sizeof(*workers->items));
    workers->count = plan->count;
    for (size_t i = 0; i < workers->count; i++) {
        /* All count from one moment. */
        uint64_t start = i > 0 ? workers->items[0].meter.slices.start_ns : 0;

        if (open_worker(&workers->items[i], plan, start, reterr) < 0)
            return -1;
    }
    return 0;
}

int workers_start(struct workers *workers, struct error *reterr)
{
    for (size_t i = 1; i < workers->count; i++) {
        struct worker *worker = &workers->items[i];
        int failure = pthread_create(&worker->thread, NULL, run_loop, worker);

        if (failure != 0)
            return error_set(reterr, ERROR_SYSTEM, "cannot start worker thread %zu: %s", i,
                             strerror(failure));
        worker->has_thread = true;
    }
    return 0;
}

void workers_stop(struct workers *workers)
{
    for (size_t i = 1; i < workers->count; i++) {
        struct worker *worker = &workers->items[i];

        if (!worker->has_thread)
            continue;
        loop_stop(worker->place.loop);
        pthread_join(worker->thread, NULL);
        worker->has_thread = false;
    }
}

void workers_close(struct workers *workers)
{
    workers_stop(workers);
    for (size_t i = 0; i < workers->count; i++) {
        struct worker *worker = &workers->items[i];

        link_dialer_free(worker->place.dialer);
        link_dialer_free(worker->place.proxied);
        loop_free(worker->place.loop);
        if (worker->has_meter)
            meter_release(&worker->meter);
    }
    free(workers->items);
    *workers = (struct workers){0};
}
