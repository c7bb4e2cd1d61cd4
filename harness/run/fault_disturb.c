/* fault_disturb.c: faults that a broker is given by its own commands, as its adapter offers them.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "port.h"
#include "registry.h"
#include "run/fault_broker.h"

#define CALL_TIMEOUT_NS 3000000000u
#define AGAIN_NS        100000000u /* after a restoring that failed */

/* --- Words: those of all built-in adapters together ------------------------------------------ */

#define WORDS_MAX 64u

/* Constants, once they are made. */
static struct {
    struct fault_word words[WORDS_MAX];
    struct schema_option options[WORDS_MAX][4];
    size_t count;
} table;
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static bool is_known(const char *key)
{
    for (size_t i = 0; i < table.count; i++)
        if (strcmp(table.words[i].seen.word, key) == 0)
            return true;
    return false;
}

static void add_word(const struct adapter_disturbance *disturbance)
{
    struct schema_option *options = table.options[table.count];
    bool is_bare = disturbance->flags & ADAPTER_DISTURBANCE_BARE;
    size_t count = 0;

    if (table.count == WORDS_MAX || is_known(disturbance->key))
        return;
    if (!is_bare)
        options[count++] = (struct schema_option){.key = "value",
                                                  .type = (enum schema_type)disturbance->type,
                                                  .minimum = disturbance->minimum,
                                                  .maximum = disturbance->maximum,
                                                  .default_text = disturbance->default_text,
                                                  .help = disturbance->help};
    options[count++] = (struct schema_option){
        .key = "stream", .type = SCHEMA_TEXT, .help = "which; the broker's first unless given"};
    options[count++] = (struct schema_option){
        .key = "group", .type = SCHEMA_TEXT, .help = "which; the stream's first unless given"};
    options[count++] =
        (struct schema_option){.key = "id", .type = SCHEMA_TEXT, .help = "of an entry"};
    table.words[table.count++] =
        (struct fault_word){.seen = {.word = disturbance->key,
                                     .role = SCENARIO_BROKER,
                                     .options = {disturbance->key, options, count},
                                     .takes_value = !is_bare,
                                     .lasts = (disturbance->flags & ADAPTER_DISTURBANCE_LASTS) != 0,
                                     .help = disturbance->help},
                            .kind = &fault_disturb_kind};
}

static void make_table(void)
{
    const struct broker_adapter *adapter;

    for (size_t i = 0; (adapter = registry_at(i)) != NULL; i++)
        for (size_t d = 0; ADAPTER_HAS(adapter, disturb) && d < adapter->disturbance_count; d++)
            add_word(&adapter->disturbances[d]);
}

const struct fault_word *fault_disturb_word_at(size_t index)
{
    (void)pthread_once(&table_once, make_table);
    return index < table.count ? &table.words[index] : NULL;
}

/* --- The call -------------------------------------------------------------------------------- */

struct disturb_call {
    struct adapter_call call; /* first member */
    struct fault_target *target;
    struct adapter_text item;
};

static struct disturb_call *new_call(struct fault_target *target, uint32_t operation,
                                     void (*done)(struct adapter_call *call,
                                                  const struct adapter_result *result))
{
    struct disturb_call *call = memory_new(1, sizeof(*call));

    call->target = target;
    call->call = (struct adapter_call){.struct_size = sizeof(call->call),
                                       .operation = operation,
                                       .deadline_ns = loop_now_ns(target->fault->owner->loop) +
                                                      CALL_TIMEOUT_NS,
                                       .done = done};
    return call;
}

static void start_call(struct disturb_call *call)
{
    endpoint_start(&fault_broker_of(call->target->fault)->control, &call->call);
}

static void restore(void *context);

static void on_restored(struct adapter_call *base, const struct adapter_result *result)
{
    struct fault_target *target = ((struct disturb_call *)base)->target;
    struct loop *loop = target->fault->owner->loop;
    uint64_t now = loop_now_ns(loop);
    bool is_done = result->outcome == ADAPTER_DONE;

    free(base);
    if (!is_done) {
        loop_timer_start(loop, &target->timer, now + AGAIN_NS, restore, target);
        return;
    }
    free(target->undo);
    target->undo = NULL;
    fault_healed(target, now);
}

static void restore(void *context)
{
    struct fault_target *target = context;
    struct disturb_call *call = new_call(target, ADAPTER_OP_RESTORE, on_restored);

    call->item = (struct adapter_text){.data = target->undo, .size = strlen(target->undo)};
    call->call.items = &call->item;
    call->call.item_count = 1;
    target->is_coming = true;
    start_call(call);
}

static void on_disturbed(struct adapter_call *base, const struct adapter_result *result)
{
    struct fault_target *target = ((struct disturb_call *)base)->target;
    struct fault *fault = target->fault;
    uint64_t now = loop_now_ns(fault->owner->loop);
    char hit[160];

    free(base);
    if (result->outcome != ADAPTER_DONE) {
        fault_failed(target, result->detail ? result->detail : "no answer", now);
        return;
    }
    (void)snprintf(hit, sizeof(hit), "broker %s", fault_broker_of(fault)->endpoint.name);
    if (!fault->word->seen.lasts) {
        fault_flashed(target, hit, now);
        return;
    }
    free(target->undo);
    target->undo = memory_format("%.*s", (int)result->text.size, result->text.data);
    fault_struck(target, hit, now);
    if (target->is_ending)
        restore(target);
}

static const char *text_of(const struct fault *fault, const char *key)
{
    return fault_value(fault, key)->text;
}

static void disturb(void *context)
{
    struct fault_target *target = context;
    const struct fault *fault = target->fault;
    struct disturb_call *call = new_call(target, ADAPTER_OP_DISTURB, on_disturbed);
    const char *id = text_of(fault, "id");

    call->call.key = fault->word->seen.word;
    call->call.token = fault->word->seen.takes_value ? fault_main_value(fault)->text : NULL;
    call->call.stream = target->stream;
    call->call.group = target->group;
    if (id) {
        call->item = (struct adapter_text){.data = id, .size = strlen(id)};
        call->call.items = &call->item;
        call->call.item_count = 1;
    }
    start_call(call);
}

static void begin(struct fault *fault, const struct cast_consumer *here)
{
    struct fault_target *target = &fault->targets[0];

    (void)here;
    if (!fault_turn_on(target))
        return;
    target->is_coming = target->is_ending = false;
    loop_post(fault->owner->loop, disturb, target);
}

/* On the run's own loop. */
static void end(struct fault *fault)
{
    struct fault_target *target = &fault->targets[0];

    if (!target->is_on || target->is_coming || target->is_ending)
        return;
    target->is_ending = true;
    if (target->undo)
        restore(target);
}

/* --- Binding --------------------------------------------------------------------------------- */

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

static int fill_target(struct fault *fault, const struct adapter_disturbance *disturbance,
                       struct error *reterr)
{
    struct fault_target *target = fault_broker_target(fault);
    const struct cast_stream *stream = find_stream(fault, text_of(fault, "stream"));

    if (!stream)
        return fault_refuse(fault, reterr, "there is no such stream on broker %s",
                            fault->plan->action.target.name);
    target->stream = stream->name;
    target->group = text_of(fault, "group");
    if (!target->group)
        target->group = find_group(fault, stream);
    if (disturbance->flags & ADAPTER_DISTURBANCE_GROUP && !target->group)
        return fault_refuse(fault, reterr, "it needs a 'group'");
    if (disturbance->flags & ADAPTER_DISTURBANCE_ENTRY && !text_of(fault, "id"))
        return fault_refuse(fault, reterr, "it needs the 'id' of an entry");
    if (fault->word->seen.takes_value && !fault_main_value(fault)->text)
        return fault_refuse(fault, reterr, "it needs a value: %s", disturbance->help);
    return 0;
}

static int bind(struct fault *fault, struct error *reterr)
{
    const struct endpoint_broker *broker = &fault_broker_of(fault)->endpoint;
    const struct adapter_disturbance *disturbance =
        port_disturbance(broker->adapter, fault->word->seen.word);
    bool is_own;

    if (!disturbance)
        return fault_refuse(fault, reterr, "broker %s (%s) cannot be given this fault",
                            broker->name, broker->adapter->name);
    if (fill_target(fault, disturbance, reterr) < 0)
        return -1;
    is_own = disturbance->flags & ADAPTER_DISTURBANCE_OWN &&
             fault->owner->stage->scenario->names == SCENARIO_NAMES_PRIVATE;
    return is_own ? 0 : fault_broker_allow(fault, reterr);
}

const struct fault_kind fault_disturb_kind = {.bind = bind, .begin = begin, .end = end};
