/* forgetful.c: reads pass through; what they bring from before is thrown away. */
#include "forgetful.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const struct broker_adapter *honest;
static struct broker_adapter forgetful;

/* A read on its way through. */
struct passage {
    struct adapter_call call; /* first member: what the honest adapter sees */
    struct adapter_call *original;
    struct adapter_session *session;
};

/* The acknowledgement that nobody asked for. */
struct false_ack {
    struct adapter_call call; /* first member */
    struct adapter_text id;
    char *stream, *group, *bytes;
};

static void on_acked(struct adapter_call *call, const struct adapter_result *result)
{
    struct false_ack *ack = (struct false_ack *)call;

    (void)result;
    free(ack->stream);
    free(ack->group);
    free(ack->bytes);
    free(ack);
}

static void forget(const struct passage *passage, const struct adapter_text *id)
{
    struct false_ack *ack = memory_new(1, sizeof(*ack));

    ack->stream = memory_string(passage->original->stream);
    ack->group = memory_string(passage->original->group);
    ack->bytes = memory_format("%.*s", (int)id->size, id->data);
    ack->id = (struct adapter_text){ack->bytes, id->size};
    ack->call = (struct adapter_call){.struct_size = sizeof(ack->call),
                                      .operation = ADAPTER_OP_ACK,
                                      .stream = ack->stream,
                                      .group = ack->group,
                                      .items = &ack->id,
                                      .item_count = 1,
                                      .deadline_ns = passage->original->deadline_ns,
                                      .done = on_acked};
    honest->ack(passage->session, &ack->call);
}

static void on_read(struct adapter_call *call, const struct adapter_result *result)
{
    struct passage *passage = (struct passage *)call;
    struct adapter_result told = *result;
    struct adapter_entry *kept = memory_new(result->entry_count + 1, sizeof(*kept));

    told.entries = kept;
    told.entry_count = 0;
    for (size_t i = 0; i < result->entry_count; i++)
        if (result->entries[i].flags & ADAPTER_ENTRY_OWN_PENDING)
            forget(passage, &result->entries[i].id);
        else
            kept[told.entry_count++] = result->entries[i];
    if (result->entry_count > 0 && told.entry_count == 0)
        told.outcome = ADAPTER_EMPTY;
    passage->original->done(passage->original, &told);
    free(kept);
    free(passage);
}

static struct adapter_call *pass(struct adapter_session *session, struct adapter_call *call)
{
    struct passage *passage = memory_new(1, sizeof(*passage));

    *passage = (struct passage){.call = *call, .original = call, .session = session};
    passage->call.done = on_read;
    return &passage->call;
}

static void start_read(struct adapter_session *session, struct adapter_call *call)
{
    honest->read(session, pass(session, call));
}

static void start_read_blocking(struct adapter_session *session, struct adapter_call *call)
{
    honest->read_blocking(session, pass(session, call));
}

void forgetful_wrap(const struct broker_adapter **adapter)
{
    honest = *adapter == &forgetful ? honest : *adapter;
    forgetful = *honest;
    forgetful.read = start_read;
    forgetful.read_blocking = start_read_blocking;
    *adapter = &forgetful;
}
