/* fault_broker.c: the words of brokers, and who may be broken at all. */
#include "run/fault_broker.h"

#include <string.h>

#include "base/memory.h"
#include "run/fault_words.h"
#include "run/undo.h"

typedef const struct fault_word *word_at(size_t index);

/* Of each kind of faults. */
static word_at *const LISTS[] = {fault_server_word_at, fault_deed_word_at, fault_data_word_at,
                                 fault_disturb_word_at};

const struct fault_word *fault_broker_word_at(size_t index)
{
    for (size_t list = 0; list < sizeof(LISTS) / sizeof(LISTS[0]); list++) {
        size_t count = 0;

        while (LISTS[list](count))
            count++;
        if (index < count)
            return LISTS[list](index);
        index -= count;
    }
    return NULL;
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

    if (!broker_is_somebodys(broker) || fault->owner->stage->options->is_destructive)
        return 0;
    return fault_refuse(fault, reterr,
                        "it changes a server that this run did not start: say 'spawn: ...' for "
                        "broker %s, or give --destructive",
                        broker->endpoint.name);
}

/* --- Beginning and end ------------------------------------------------------------------------ */

void fault_broker_begin(struct fault *fault, void (*go)(void *target))
{
    struct fault_target *target = &fault->targets[0];

    if (!fault_turn_on(target))
        return;
    target->is_down = target->is_coming = target->is_ending = false;
    loop_post(fault->owner->loop, go, target);
}

bool fault_broker_end(struct fault_target *target)
{
    if (!target->is_on || target->is_coming || target->is_ending)
        return false;
    target->is_ending = true;
    return true;
}

/* --- Undos ----------------------------------------------------------------------------------- */

bool fault_broker_is_noted(const struct fault_target *target)
{
    const struct broker *broker = fault_broker_of(target->fault);

    return target->fault->owner->stage->undos && broker_is_somebodys(broker);
}

int fault_broker_note(struct fault_target *target, const char *undo, const char *command,
                      struct error *reterr)
{
    const struct broker *broker = fault_broker_of(target->fault);
    const struct undo_entry entry = {.broker = broker->endpoint.name,
                                     .adapter = broker->scenario->adapter,
                                     .uri = broker->uri_shown,
                                     .fault = target->fault->word->seen.word,
                                     .undo = undo,
                                     .command = command};

    if (!fault_broker_is_noted(target))
        return 0;
    return undo_book_add(target->fault->owner->stage->undos, &entry, &target->undo_number, reterr);
}

void fault_broker_strike(struct fault_target *target)
{
    if (target->undo_number)
        undo_book_strike(target->fault->owner->stage->undos, target->undo_number);
    target->undo_number = 0;
}

/* --- Streams and groups ---------------------------------------------------------------------- */

/* The stream by its name in the scenario, or the first of the broker. */
static const struct cast_stream *find_stream(const struct fault *fault, const char *name)
{
    const struct stage *stage = fault->owner->stage;
    size_t broker = (size_t)(fault_broker_of(fault) - stage->brokers.items);

    for (size_t i = 0; i < stage->cast.stream_count; i++)
        if (stage->cast.streams[i].broker == broker &&
            (!name || strcmp(stage->scenario->streams[i].name, name) == 0))
            return &stage->cast.streams[i];
    return NULL;
}

static const char *find_group(const struct fault *fault, const struct cast_stream *stream)
{
    const struct cast *cast = &fault->owner->stage->cast;

    for (size_t i = 0; i < cast->consumer_count; i++)
        if (&cast->streams[cast->consumers[i].spec.stream_index] == stream)
            return cast->consumers[i].spec.group;
    return NULL;
}

int fault_broker_stream(const struct fault *fault, struct fault_target *target, const char *group,
                        struct error *reterr)
{
    const struct schema_value *said = fault_value(fault, "stream");
    const struct cast_stream *stream = find_stream(fault, said ? said->text : NULL);

    if (!stream)
        return fault_refuse(fault, reterr, "there is no such stream on broker %s",
                            fault->plan->action.target.name);
    target->stream = stream->name;
    target->group = group ? group : find_group(fault, stream);
    return 0;
}
