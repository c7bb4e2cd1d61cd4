/* schedule.c: constant, poisson and burst arrivals.  Each message has a place in the stream of all
   members, a number that need not be whole; the rate says when that place is reached. */
#include "actors/schedule.h"

#include <math.h>

#include "base/random.h"

#define NS_PER_S 1e9

/* The gap before message `index` of a poisson stream, in messages of all members. */
static double poisson_gap(const struct schedule *schedule, uint64_t index)
{
    uint64_t bits = random_keyed(schedule->seed, schedule->actor, random_key("arrival"), index);

    return random_exponential(bits) * (double)schedule->members;
}

void schedule_start(struct schedule *schedule, uint64_t start_ns)
{
    schedule->start_ns = start_ns;
    schedule->index = 0;
    schedule->stage = 0;
    schedule->stage_first = 0.0;
    schedule->stage_begin_ns = 0;
    schedule->drawn = schedule->arrival == SCHEDULE_POISSON ? poisson_gap(schedule, 0) : 0.0;
}

/* The place of the next message. */
static double place_of(const struct schedule *schedule)
{
    uint64_t place = schedule->index * schedule->members + schedule->member;

    if (schedule->arrival == SCHEDULE_POISSON)
        return schedule->drawn;
    if (schedule->arrival == SCHEDULE_BURST)
        place -= place % schedule->burst;
    return (double)place;
}

double schedule_stage_size(const struct schedule_stage *stage)
{
    return (stage->begin_rate + stage->end_rate) / 2.0 * (double)stage->for_ns / NS_PER_S;
}

/* When so many messages of a stage are sent, in ns from its beginning: n = b t + a t^2 / 2, solved
   for t in the form that needs no difference of large numbers. */
static double stage_time_ns(const struct schedule_stage *stage, double count)
{
    double seconds = (double)stage->for_ns / NS_PER_S;
    double slope = (stage->end_rate - stage->begin_rate) / seconds;
    double square = stage->begin_rate * stage->begin_rate + 2.0 * slope * count;
    double rates = stage->begin_rate + sqrt(square > 0.0 ? square : 0.0);

    return rates > 0.0 ? 2.0 * count / rates * NS_PER_S : 0.0;
}

static uint64_t staged_due_ns(struct schedule *schedule, double place)
{
    while (schedule->stage < schedule->stage_count) {
        const struct schedule_stage *stage = &schedule->stages[schedule->stage];
        double size = schedule_stage_size(stage);

        if (place < schedule->stage_first + size)
            return schedule->start_ns + schedule->stage_begin_ns +
                   (uint64_t)stage_time_ns(stage, place - schedule->stage_first);
        schedule->stage_first += size;
        schedule->stage_begin_ns += stage->for_ns;
        schedule->stage++;
    }
    return schedule->start_ns + schedule->stage_begin_ns;
}

uint64_t schedule_due_ns(struct schedule *schedule)
{
    double place = place_of(schedule);

    if (schedule->stage_count > 0)
        return staged_due_ns(schedule, place);
    return schedule->start_ns + (uint64_t)(place * NS_PER_S / schedule->rate);
}

void schedule_advance(struct schedule *schedule)
{
    schedule->index++;
    if (schedule->arrival == SCHEDULE_POISSON)
        schedule->drawn += poisson_gap(schedule, schedule->index);
}
