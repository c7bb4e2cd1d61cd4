/* fault_expand.c: what a chaos comes to under a seed: plain faults on the clock, one behind the
   other. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "scenario/scenario.h"

static struct scenario_do copy_do(const struct scenario_do *from)
{
    struct scenario_do copy = *from;

    copy.target.name = memory_string(from->target.name);
    copy.word = memory_string(from->word);
    copy.main_key = memory_string(from->main_key);
    copy.options = memory_new(from->option_count + 1, sizeof(*copy.options));
    for (size_t i = 0; i < from->option_count; i++)
        copy.options[i] = (struct scenario_option){.key = memory_string(from->options[i].key),
                                                   .text = memory_string(from->options[i].text),
                                                   .place = from->options[i].place};
    return copy;
}

/* Each seed takes about half of the menu, one entry at least, and weighs it anew. */
static double *draw_weights(const struct scenario_chaos *chaos, uint64_t seed)
{
    double *weights = memory_new(chaos->item_count, sizeof(*weights));
    double sum = 0.0;

    for (size_t i = 0; i < chaos->item_count; i++) {
        double luck = random_unit(random_keyed(seed, 0, random_key("swarm"), i));

        weights[i] = chaos->items[i].weight;
        if (chaos->has_swarm)
            weights[i] *= luck < 0.5 ? 0.0 : (luck - 0.5) * 4.0;
        sum += weights[i];
    }
    if (!(sum > 0.0))
        weights[random_below(random_keyed(seed, 0, random_key("one"), 0), chaos->item_count)] = 1.0;
    return weights;
}

static size_t choose(const double *weights, size_t count, double luck)
{
    double sum = 0.0, seen = 0.0;
    size_t last = 0;

    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    for (size_t i = 0; i < count; i++) {
        if (!(weights[i] > 0.0))
            continue;
        seen += weights[i];
        last = i;
        if (luck * sum < seen)
            return i;
    }
    return last;
}

/* Whole milliseconds read better, and are as random. */
static uint64_t round_ms(uint64_t ns)
{
    return ns / 1000000u * 1000000u;
}

struct scenario_fault *scenario_chaos_expand(const struct scenario_chaos *chaos, uint64_t run_seed,
                                             size_t *ret_count)
{
    uint64_t seed = chaos->has_seed ? chaos->seed : run_seed;
    struct scenario_fault *faults = memory_new(chaos->budget, sizeof(*faults));
    double *weights = draw_weights(chaos, seed);
    uint64_t at = chaos->from_ns;

    for (uint64_t i = 0; i < chaos->budget; i++) {
        uint64_t spread = chaos->on_max_ns - chaos->on_ns + 1;
        uint64_t on =
            chaos->on_ns + random_below(random_keyed(seed, 1, random_key("on"), i), spread);
        double gap = (double)chaos->every_ns *
                     random_exponential(random_keyed(seed, 2, random_key("gap"), i));
        size_t item = choose(weights, chaos->item_count,
                             random_unit(random_keyed(seed, 3, random_key("item"), i)));
        uint64_t busy = (chaos->items[item].lasts ? on : 0) + chaos->off_ns;

        faults[i] = (struct scenario_fault){
            .when = {.has_at = true,
                     .at_ns = round_ms(at),
                     .for_ns = chaos->items[item].lasts ? round_ms(on) : 0,
                     .after = SCENARIO_NO_FAULT,
                     .place = chaos->place},
            .action = copy_do(&chaos->items[item].action),
            .is_expected =
                i == 0 && chaos->is_expected, /* how many find time to happen depends on the run */
            .place = chaos->place};
        at += gap > (double)busy ? (uint64_t)gap : busy;
    }
    free(weights);
    *ret_count = (size_t)chaos->budget;
    return faults;
}
