/* hunt.c: leaps, halves, and votes. */
#include "run/hunt.h"

#include <math.h>

#define FIRST_RATE   1000.0
#define LEAST_RATE   1.0
#define HIGHEST_RATE 64e6
#define LEAP         4.0
#define LEAD_HELD    2 /* votes */
#define LEAD_MISSED  3
#define VOTES_MAX    5u
#define DOUBTS_MAX   2u

static int lead_of(const struct hunt_rate *rate)
{
    return (int)rate->held - (int)rate->missed;
}

const struct hunt_rate *hunt_held(const struct hunt *hunt)
{
    const struct hunt_rate *found = NULL;

    for (size_t i = 0; i < hunt->rate_count; i++) {
        const struct hunt_rate *rate = &hunt->rates[i];

        if (lead_of(rate) > 0 && (!found || rate->rate > found->rate))
            found = rate;
    }
    return found;
}

const struct hunt_rate *hunt_missed(const struct hunt *hunt)
{
    const struct hunt_rate *held = hunt_held(hunt), *found = NULL;

    for (size_t i = 0; i < hunt->rate_count; i++) {
        const struct hunt_rate *rate = &hunt->rates[i];

        if (lead_of(rate) < 0 && (!held || rate->rate > held->rate) &&
            (!found || rate->rate < found->rate))
            found = rate;
    }
    return found;
}

/* --- What is next ---------------------------------------------------------------------------- */

static const struct hunt_rate *find_tie(const struct hunt *hunt)
{
    for (size_t i = 0; i < hunt->rate_count; i++)
        if (lead_of(&hunt->rates[i]) == 0)
            return &hunt->rates[i];
    return NULL;
}

static double leap(const struct hunt_rate *held, const struct hunt_rate *missed)
{
    if (!held && !missed)
        return FIRST_RATE;
    if (!held)
        return missed->rate / LEAP >= LEAST_RATE ? missed->rate / LEAP : 0.0;
    return held->rate < HIGHEST_RATE ? fmin(held->rate * LEAP, HIGHEST_RATE) : 0.0;
}

static unsigned votes_of(const struct hunt_rate *rate)
{
    return rate->held + rate->missed;
}

static bool is_sure(const struct hunt_rate *rate)
{
    int lead = lead_of(rate);

    return lead >= LEAD_HELD || lead <= -LEAD_MISSED || votes_of(rate) >= VOTES_MAX;
}

/* The one that knows less; 0 when both are sure. */
static double recount(const struct hunt_rate *held, const struct hunt_rate *missed)
{
    if (is_sure(held))
        return is_sure(missed) ? 0.0 : missed->rate;
    return is_sure(missed) || votes_of(held) <= votes_of(missed) ? held->rate : missed->rate;
}

bool hunt_next(const struct hunt *hunt, struct hunt_try *ret_try)
{
    const struct hunt_rate *held = hunt_held(hunt), *missed = hunt_missed(hunt);
    const struct hunt_rate *tie = find_tie(hunt);
    struct hunt_try next = {0};

    if (tie)
        next.rate = tie->rate;
    else if (!held || !missed)
        next = (struct hunt_try){.rate = leap(held, missed), .is_short = true};
    else if (missed->rate / held->rate > HUNT_CLOSE_ENOUGH)
        next.rate = sqrt(held->rate * missed->rate);
    else
        next.rate = recount(held, missed);
    *ret_try = next;
    return next.rate > 0.0 && hunt->try_count < HUNT_TRIES_MAX;
}

/* --- What came of it ------------------------------------------------------------------------- */

static struct hunt_rate *entry_of(struct hunt *hunt, double rate)
{
    for (size_t i = 0; i < hunt->rate_count; i++)
        if (hunt->rates[i].rate == rate)
            return &hunt->rates[i];
    hunt->rates[hunt->rate_count] = (struct hunt_rate){.rate = rate};
    return &hunt->rates[hunt->rate_count++];
}

const struct hunt_rate *hunt_tell(struct hunt *hunt, const struct hunt_try *tried,
                                  enum hunt_answer answer, bool is_own_limit)
{
    struct hunt_rate *rate = entry_of(hunt, tried->rate);

    hunt->try_count++;
    rate->is_own_limit = answer != HUNT_HELD && is_own_limit;
    if (answer == HUNT_HELD)
        rate->held++;
    else if (tried->is_short)
        return rate; /* a tie: it is tried at full length */
    else if (answer == HUNT_DOUBTFUL && rate->doubted < DOUBTS_MAX)
        rate->doubted++;
    else
        rate->missed++;
    return rate;
}
