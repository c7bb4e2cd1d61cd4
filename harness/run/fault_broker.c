/* fault_broker.c: the words of brokers, and who may be broken at all. */
#include "run/fault_broker.h"

#include <string.h>

#include "base/memory.h"
#include "run/fault_words.h"

const struct fault_word *fault_broker_word_at(size_t index)
{
    size_t count = 0;

    while (fault_server_word_at(count))
        count++;
    return index < count ? fault_server_word_at(index) : fault_disturb_word_at(index - count);
}

struct broker *fault_broker_of(const struct fault *fault)
{
    struct brokers *brokers = &fault->owner->stage->brokers;

    size_t i = brokers->count - 1;

    while (i > 0 && strcmp(brokers->items[i].endpoint.name, fault->plan->action.target.name) != 0)
        i--;
    return &brokers->items[i];
}

struct fault_target *fault_broker_target(struct fault *fault)
{
    fault->targets = memory_new(1, sizeof(*fault->targets));
    fault->target_count = 1;
    fault->targets[0] = (struct fault_target){.fault = fault, .window = FAULT_NO_WINDOW};
    return &fault->targets[0];
}

int fault_broker_allow(const struct fault *fault, struct error *reterr)
{
    const struct broker *broker = fault_broker_of(fault);

    if ((broker->server && server_is_ours(broker->server)) ||
        broker->endpoint.adapter->traits & ADAPTER_TRAIT_IN_PROCESS ||
        fault->owner->stage->options->is_destructive)
        return 0;
    return fault_refuse(fault, reterr,
                        "it changes a server that this run did not start: say 'spawn: ...' for "
                        "broker %s, or give --destructive",
                        broker->endpoint.name);
}
