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

/* --- Words: those of all built-in adapters together, and of strangers' once they are loaded ----
 */

#define WORDS_MAX 256u

/* Each stays as it is, once it is made. */
static struct {
    struct fault_word words[WORDS_MAX];
    struct schema_option options[WORDS_MAX][4];
    size_t count, adapter_count; /* adapter_count: of strangers, whose words are in it */
} table;
static pthread_mutex_t table_mutex = PTHREAD_MUTEX_INITIALIZER; /* guards the table's growth */

static bool is_known(const char *key)
{
    for (size_t i = 0; i < table.count; i++)
        if (strcmp(table.words[i].seen.word, key) == 0)
            return true;
    return false;
}

static void add_word(const struct adapter_disturbance *disturbance)
{
    bool is_bare = disturbance->flags & ADAPTER_DISTURBANCE_BARE;
    struct schema_option *options;
    size_t count = 0;

    if (table.count == WORDS_MAX || is_known(disturbance->key))
        return;
    options = table.options[table.count];
    if (!is_bare)
        options[count++] = registry_disturbance_value(disturbance);
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

static void add_words(const struct broker_adapter *adapter)
{
    for (size_t d = 0; ADAPTER_HAS(adapter, disturb) && d < adapter->disturbance_count; d++)
        add_word(&adapter->disturbances[d]);
}

static void grow_table(void)
{
    const struct broker_adapter *adapter;

    for (size_t i = 0; table.count == 0 && (adapter = registry_at(i)) != NULL; i++)
        add_words(adapter);
    while ((adapter = registry_loaded_at(table.adapter_count)) != NULL) {
        add_words(adapter);
        table.adapter_count++;
    }
}

const struct fault_word *fault_disturb_word_at(size_t index)
{
    pthread_mutex_lock(&table_mutex);
    grow_table();
    const struct fault_word *word = index < table.count ? &table.words[index] : NULL;
    pthread_mutex_unlock(&table_mutex);
    return word;
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
    fault_broker_strike(target);
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
    if (result->outcome == ADAPTER_REFUSED || result->outcome == ADAPTER_UNSUPPORTED)
        fault_broker_strike(target); /* it surely did not happen */
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

static void disturb(struct fault_target *target, uint32_t flags,
                    void (*done)(struct adapter_call *call, const struct adapter_result *result))
{
    const struct fault *fault = target->fault;
    struct disturb_call *call = new_call(target, ADAPTER_OP_DISTURB, done);
    const char *id = text_of(fault, "id");

    call->call.flags = flags;
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

/* What undoes it is on disk before it is done. */
static void on_previewed(struct adapter_call *base, const struct adapter_result *result)
{
    struct fault_target *target = ((struct disturb_call *)base)->target;
    uint64_t now = loop_now_ns(target->fault->owner->loop);
    struct error error = {0};
    char *undo;
    int noted;

    free(base);
    if (result->outcome != ADAPTER_DONE) {
        fault_failed(target, result->detail ? result->detail : "no answer", now);
        return;
    }
    undo = memory_format("%.*s", (int)result->text.size, result->text.data);
    noted = fault_broker_note(target, undo, NULL, &error);
    free(undo);
    if (noted == 0)
        disturb(target, 0, on_disturbed);
    else
        fault_failed(target, error.message, now);
}

static void go(void *context)
{
    struct fault_target *target = context;

    if (target->fault->word->seen.lasts && fault_broker_is_noted(target))
        disturb(target, ADAPTER_CALL_PREVIEW, on_previewed);
    else
        disturb(target, 0, on_disturbed);
}

static void begin(struct fault *fault, const struct cast_consumer *here)
{
    (void)here;
    fault_broker_begin(fault, go);
}

/* On the run's own loop. */
static void end(struct fault *fault)
{
    struct fault_target *target = &fault->targets[0];

    if (fault_broker_end(target) && target->undo)
        restore(target);
}

/* --- Binding --------------------------------------------------------------------------------- */

static int fill_target(struct fault *fault, const struct adapter_disturbance *disturbance,
                       struct error *reterr)
{
    struct fault_target *target = fault_broker_target(fault);

    if (fault_broker_stream(fault, target, text_of(fault, "group"), reterr) < 0)
        return -1;
    if (disturbance->flags & ADAPTER_DISTURBANCE_GROUP && !target->group)
        return fault_refuse(fault, reterr, "it needs a 'group'");
    if (disturbance->flags & ADAPTER_DISTURBANCE_ENTRY && !text_of(fault, "id"))
        return fault_refuse(fault, reterr, "it needs the 'id' of an entry");
    if (fault->word->seen.takes_value && !fault_main_value(fault)->text)
        return fault_refuse(fault, reterr, "it needs a value: %s", disturbance->help);
    return 0;
}

static bool same_text(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : one == other;
}

/* A word means one thing: its value was read as the first adapter that has it would. */
static bool is_as_read(const struct fault *fault, const struct adapter_disturbance *disturbance)
{
    const struct scenario_fault_word *word = &fault->word->seen;
    bool is_bare = disturbance->flags & ADAPTER_DISTURBANCE_BARE;
    bool lasts = disturbance->flags & ADAPTER_DISTURBANCE_LASTS;

    if (word->takes_value == is_bare || word->lasts != lasts)
        return false;
    return is_bare || (word->options.options[0].type == (enum schema_type)disturbance->type &&
                       same_text(word->options.options[0].choices, disturbance->choices));
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
    if (!is_as_read(fault, disturbance))
        return fault_refuse(fault, reterr,
                            "'%s' of broker %s (%s) takes another value than the same word of "
                            "another adapter: one of them needs another name",
                            disturbance->key, broker->name, broker->adapter->name);
    if (fill_target(fault, disturbance, reterr) < 0)
        return -1;
    is_own = disturbance->flags & ADAPTER_DISTURBANCE_OWN &&
             fault->owner->stage->scenario->names == SCENARIO_NAMES_PRIVATE;
    return is_own ? 0 : fault_broker_allow(fault, reterr);
}

const struct fault_kind fault_disturb_kind = {.bind = bind, .begin = begin, .end = end};
