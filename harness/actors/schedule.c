/* schedule.c: constant, poisson and burst arrivals. */
#include "actors/schedule.h"

#include "base/random.h"

#define NS_PER_S 1e9

/* The gap before message `index` of a poisson stream: exponential with the member's mean. */
static double poisson_gap_ns(const struct schedule *schedule, uint64_t index)
{
    uint64_t bits = random_keyed(schedule->seed, schedule->actor, random_key("arrival"), index);

    return random_exponential(bits) * NS_PER_S * (double)schedule->members / schedule->rate;
}

void schedule_start(struct schedule *schedule, uint64_t start_ns)
{
    schedule->start_ns = start_ns;
    schedule->index = 0;
    schedule->offset_ns = schedule->arrival == SCHEDULE_POISSON ? poisson_gap_ns(schedule, 0) : 0.0;
}

uint64_t schedule_due_ns(const struct schedule *schedule)
{
    uint64_t position = schedule->index * schedule->members + schedule->member;

    if (schedule->arrival == SCHEDULE_POISSON)
        return schedule->start_ns + (uint64_t)schedule->offset_ns;
    if (schedule->arrival == SCHEDULE_BURST)
        position -= position % schedule->burst;
    return schedule->start_ns + (uint64_t)((double)position * NS_PER_S / schedule->rate);
}

void schedule_advance(struct schedule *schedule)
{
    schedule->index++;
    if (schedule->arrival == SCHEDULE_POISSON)
        schedule->offset_ns += poisson_gap_ns(schedule, schedule->index);
}
