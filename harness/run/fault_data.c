/* fault_data.c: what a broker keeps is gone, or changed, behind the adapter's back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "port.h"
#include "run/fault_broker.h"

#define CALL_TIMEOUT_NS 5000000000u

static const struct schema_option STREAM[] = {
    {"stream", SCHEMA_TEXT, NULL, 0, 0, NULL, "which one; the broker's first unless given"},
};
static const struct schema_option GROUP[] = {
    {"name", SCHEMA_TEXT, NULL, 0, 0, NULL, "of the group; the stream's first unless given"},
    {"stream", SCHEMA_TEXT, NULL, 0, 0, NULL, "of which stream; the broker's first unless given"},
};
static const struct schema_option TRIM[] = {
    {"keep", SCHEMA_INTEGER, NULL, 0, 1e12, "0", "how many entries stay, the newest ones"},
    {"stream", SCHEMA_TEXT, NULL, 0, 0, NULL, "of which stream; the broker's first unless given"},
};
static const struct schema_option DELETE[] = {
    {"count", SCHEMA_INTEGER, NULL, 1, 1000, "1", "so many entries, the oldest ones"},
    {"stream", SCHEMA_TEXT, NULL, 0, 0, NULL, "of which stream; the broker's first unless given"},
};

#define WORD(verb_, word_, options_, takes_, help_)                                                \
    {                                                                                              \
        .seen = {.word = (word_),                                                                  \
                 .role = SCENARIO_BROKER,                                                          \
                 .options = {(word_), (options_), sizeof(options_) / sizeof((options_)[0])},       \
                 .takes_value = (takes_),                                                          \
                 .help = (help_)},                                                                 \
        .kind = &fault_data_kind, .verb = (verb_)                                                  \
    }

enum { TRIM_VERB = -1 }; /* no verb of tampering: the oldest entries are deleted */

static const struct fault_word WORDS[] = {
    WORD(ADAPTER_TAMPER_WIPE, "flush", STREAM, false, "a stream is gone, with its groups"),
    WORD(ADAPTER_TAMPER_REMOVE_GROUP, "remove_group", GROUP, true,
         "a group is gone, with its position and all that was pending"),
    WORD(TRIM_VERB, "trim", TRIM, true, "the old entries of a stream are gone"),
    WORD(ADAPTER_TAMPER_DELETE_ENTRY, "delete", DELETE, true, "entries of a stream are gone"),
    WORD(ADAPTER_TAMPER_SET_FOREIGN_TYPE, "change_type", STREAM, false,
         "a stream becomes something that is no stream"),
};

const struct fault_word *fault_data_word_at(size_t index)
{
    return index < sizeof(WORDS) / sizeof(WORDS[0]) ? &WORDS[index] : NULL;
}

/* --- Calls ----------------------------------------------------------------------------------- */

struct data_call {
    struct adapter_call call; /* first member */
    struct fault_target *target;
    struct adapter_text item;
    char **ids; /* delete: what is left to be deleted */
    size_t id_count, hit_count;
};

typedef void on_done(struct adapter_call *call, const struct adapter_result *result);

static void start(struct data_call *data, enum adapter_operation operation, on_done *done)
{
    const struct fault *fault = data->target->fault;

    data->call.struct_size = sizeof(data->call);
    data->call.operation = (uint32_t)operation;
    data->call.stream = data->target->stream;
    data->call.deadline_ns = loop_now_ns(fault->owner->loop) + CALL_TIMEOUT_NS;
    data->call.done = done;
    data->call.adapter = NULL;
    endpoint_start(&fault_broker_of(fault)->control, &data->call);
}

static void release(struct data_call *data)
{
    for (size_t i = 0; i < data->id_count; i++)
        free(data->ids[i]);
    free(data->ids);
    free(data);
}

static bool has_failed(struct data_call *data, const struct adapter_result *result)
{
    struct fault_target *target = data->target;

    if (result->outcome == ADAPTER_DONE || result->outcome == ADAPTER_EMPTY)
        return false;
    fault_failed(target, result->detail ? result->detail : "no answer",
                 loop_now_ns(target->fault->owner->loop));
    release(data);
    return true;
}

static void finish(struct data_call *data)
{
    struct fault_target *target = data->target;
    char hit[200];

    (void)snprintf(hit, sizeof(hit), "%.120s: %zu", target->stream, data->hit_count);
    release(data);
    fault_flashed(target, hit, loop_now_ns(target->fault->owner->loop));
}

static void on_changed(struct adapter_call *call, const struct adapter_result *result)
{
    struct data_call *data = (struct data_call *)call;

    if (has_failed(data, result))
        return;
    data->hit_count = (size_t)result->number;
    finish(data);
}

/* --- Entries, one after the other ------------------------------------------------------------- */

static void delete_next(struct data_call *data);

static void on_deleted(struct adapter_call *call, const struct adapter_result *result)
{
    struct data_call *data = (struct data_call *)call;

    free(data->ids[--data->id_count]);
    if (has_failed(data, result))
        return;
    data->hit_count += result->number > 0;
    delete_next(data);
}

static void delete_next(struct data_call *data)
{
    const char *id;

    if (data->id_count == 0) {
        finish(data);
        return;
    }
    id = data->ids[data->id_count - 1];
    data->item = (struct adapter_text){id, strlen(id)};
    data->call = (struct adapter_call){
        .verb = ADAPTER_TAMPER_DELETE_ENTRY, .items = &data->item, .item_count = 1};
    start(data, ADAPTER_OP_TAMPER, on_deleted);
}

static void on_read(struct adapter_call *call, const struct adapter_result *result)
{
    struct data_call *data = (struct data_call *)call;

    if (has_failed(data, result))
        return;
    data->ids = memory_new(result->entry_count + 1, sizeof(*data->ids));
    for (size_t i = 0; i < result->entry_count; i++)
        data->ids[data->id_count++] =
            memory_format("%.*s", (int)result->entries[i].id.size, result->entries[i].id.data);
    delete_next(data);
}

static void read_oldest(struct data_call *data, int64_t count)
{
    data->call = (struct adapter_call){.key = "start", .count = count};
    start(data, ADAPTER_OP_READ_FROM, on_read);
}

/* Retention that asks nobody who has still to read. */
static void on_depth(struct adapter_call *call, const struct adapter_result *result)
{
    struct data_call *data = (struct data_call *)call;
    int64_t surplus = result->number - fault_main_value(data->target->fault)->number;

    if (has_failed(data, result))
        return;
    if (surplus > 0)
        read_oldest(data, surplus);
    else
        finish(data);
}

/* --- Begin ----------------------------------------------------------------------------------- */

static void go(void *context)
{
    struct fault_target *target = context;
    const struct fault *fault = target->fault;
    struct data_call *data = memory_new(1, sizeof(*data));

    data->target = target;
    if (fault->word->verb == TRIM_VERB) {
        start(data, ADAPTER_OP_STREAM_DEPTH, on_depth);
    } else if (fault->word->verb == ADAPTER_TAMPER_DELETE_ENTRY) {
        read_oldest(data, fault_main_value(fault)->number);
    } else {
        data->call.verb = (uint32_t)fault->word->verb;
        data->call.group = target->group;
        start(data, ADAPTER_OP_TAMPER, on_changed);
    }
}

static void begin(struct fault *fault, const struct cast_consumer *here)
{
    (void)here;
    if (fault_turn_on(&fault->targets[0]))
        loop_post(fault->owner->loop, go, &fault->targets[0]);
}

static void end(struct fault *fault)
{
    (void)fault; /* it is over when it is done */
}

/* --- Binding --------------------------------------------------------------------------------- */

static bool reads_entries(const struct fault *fault)
{
    return fault->word->verb == TRIM_VERB || fault->word->verb == ADAPTER_TAMPER_DELETE_ENTRY;
}

static int check_adapter(const struct fault *fault, struct error *reterr)
{
    const struct endpoint_broker *broker = &fault_broker_of(fault)->endpoint;

    if (port_has(broker->adapter, ADAPTER_OP_TAMPER) &&
        (!reads_entries(fault) || broker->declared & ADAPTER_REPLAY))
        return 0;
    return fault_refuse(fault, reterr, "adapter %s offers no way to do it", broker->adapter->name);
}

static int bind(struct fault *fault, struct error *reterr)
{
    struct fault_target *target = fault_broker_target(fault);
    bool is_private = fault->owner->stage->scenario->names == SCENARIO_NAMES_PRIVATE;

    if (check_adapter(fault, reterr) < 0 ||
        fault_broker_stream(
            fault, target,
            fault->word->verb == ADAPTER_TAMPER_REMOVE_GROUP ? fault_main_value(fault)->text : NULL,
            reterr) < 0)
        return -1;
    return is_private ? 0 : fault_broker_allow(fault, reterr);
}

const struct fault_kind fault_data_kind = {.bind = bind, .begin = begin, .end = end};
