/* explore_chaos.c: what may befall a consumer, one after another. */
#include "run/explore_chaos.h"

#include "base/memory.h"
#include "base/text.h"
#include "run/run.h"

#define BUDGET          6u
#define DURATION_MIN_NS 60000000u
#define DURATION_MAX_NS 30000000000u
#define MILLISECOND     1000000u

static uint64_t larger(uint64_t left, uint64_t right)
{
    return left > right ? left : right;
}

static uint64_t count_of(const struct scenario *scenario)
{
    uint64_t count = 0;

    for (size_t i = 0; i < scenario->producer_count; i++)
        count += scenario->producers[i].count;
    return count;
}

/* How long it takes, roughly: what sending takes at its rate, or working on what was sent. */
static uint64_t guess_duration(const struct scenario *scenario)
{
    uint64_t duration = DURATION_MIN_NS, count = count_of(scenario);

    for (size_t i = 0; i < scenario->producer_count; i++) {
        const struct scenario_producer *producer = &scenario->producers[i];

        duration = larger(duration, producer->for_ns);
        if (producer->rate > 0)
            duration = larger(duration, (uint64_t)((double)producer->count / producer->rate * 1e9));
    }
    for (size_t i = 0; i < scenario->consumer_count; i++)
        duration = larger(duration, count * scenario->consumers[i].work_ns /
                                        larger(scenario->consumers[i].members, 1));
    return duration < DURATION_MAX_NS ? duration : DURATION_MAX_NS;
}

static void append_menu(struct text *text, const char *role, const char *name,
                        const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_appendf(text, "{%s: %s, %s}, ", role, name, words[i]);
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

char *explore_chaos(const struct scenario *scenario)
{
    static const char *const consumers[] = {"crash: now",
                                            "crash: before_ack",
                                            "crash: during_ack",
                                            "crash: after_ack",
                                            "hang: ",
                                            "slow: 2ms",
                                            "leave: "};
    static const char *const links[] = {"delay: 5ms", "stall: ", "cut: rst", "cut: fin"};
    unsigned long long step_ms = guess_duration(scenario) / BUDGET / MILLISECOND;
    struct text text = {0};
    char *setting;

    text_appendf(&text,
                 "faults=[{chaos: {budget: %u, every: %llums, on: %llums-%llums, off: 1ms, "
                 "expected: false, menu: [",
                 BUDGET, step_ms, step_ms / 4 + 1, step_ms + 1);
    for (size_t i = 0; i < scenario->consumer_count; i++) {
        append_menu(&text, "consumer", scenario->consumers[i].name, consumers, COUNT(consumers));
        if (!run_suits_virtual(scenario))
            append_menu(&text, "link", scenario->consumers[i].name, links, COUNT(links));
    }
    text_append_string(&text, "]}}]");
    setting = memory_string(text_string(&text));
    text_release(&text);
    return setting;
}
