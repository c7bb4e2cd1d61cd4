/* flawed.c: wraps instances, sessions and calls; the lies are told on the way through. */
#include "flawed.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* One lie about one instance. */
struct adapter_instance {
    struct broker_adapter adapter; /* what is handed out */
    const struct broker_adapter *honest_adapter;
    struct adapter_instance *honest;
    enum flaw flaw;
    unsigned every;
};

struct adapter_session {
    const struct adapter_instance *flawed;
    struct adapter_session *honest;
    const struct adapter_host *host;
    unsigned count;  /* messages that came by, for one flaw in so many */
    char other[256]; /* a stream that was published to before */
};

/* A call on its way through. */
struct passage {
    struct adapter_call call; /* first member: what the honest adapter sees */
    struct adapter_call *original;
    struct adapter_session *session;
    struct adapter_entry *entries;
    char *payload; /* a changed copy */
};

const char *flaw_name(enum flaw flaw)
{
    static const char *const names[FLAWS] = {[FLAW_NONE] = "none",
                                             [FLAW_LOSES] = "loses",
                                             [FLAW_DUPLICATES] = "duplicates",
                                             [FLAW_SWAPS] = "swaps",
                                             [FLAW_CORRUPTS] = "corrupts",
                                             [FLAW_MISROUTES] = "misroutes",
                                             [FLAW_RESURRECTS] = "resurrects",
                                             [FLAW_STRANDS] = "strands",
                                             [FLAW_DENIES] = "denies"};

    return names[flaw];
}

/* Is the lie due for one of the next `count` messages? */
static int is_due(struct adapter_session *session, size_t count)
{
    unsigned before = session->count / session->flawed->every;

    session->count += (unsigned)count;
    return session->count / session->flawed->every > before;
}

/* --- What is done to a read ---------------------------------------------------------------------
 */

static void duplicate(struct passage *passage, size_t *count)
{
    passage->entries[*count] = passage->entries[*count - 1];
    (*count)++;
}

static void swap(struct passage *passage, size_t *count)
{
    struct adapter_entry first = passage->entries[0];

    passage->entries[0] = passage->entries[*count - 1];
    passage->entries[*count - 1] = first;
}

static void corrupt(struct passage *passage, size_t *count)
{
    struct adapter_text *payload = &passage->entries[*count - 1].payload;

    passage->payload = memory_new(payload->size, 1);
    memcpy(passage->payload, payload->data, payload->size);
    passage->payload[payload->size - 4] ^= 1;
    payload->data = passage->payload;
}

static void (*const read_lies[FLAWS])(struct passage *passage, size_t *count) = {
    [FLAW_DUPLICATES] = duplicate,
    [FLAW_SWAPS] = swap,
    [FLAW_CORRUPTS] = corrupt,
};

/* --- Answers -------------------------------------------------------------------------------------
 */

static void end_passage(struct passage *passage, const struct adapter_result *result)
{
    struct adapter_call *original = passage->original;

    original->done(original, result);
    free(passage->entries);
    free(passage->payload);
    free(passage);
}

static void on_read(struct adapter_call *call, const struct adapter_result *result)
{
    struct passage *passage = (struct passage *)call;
    struct adapter_session *session = passage->session;
    struct adapter_result changed = *result;
    size_t least = session->flawed->flaw == FLAW_SWAPS ? 2 : 1;

    if (result->entry_count >= least && read_lies[session->flawed->flaw] &&
        is_due(session, result->entry_count)) {
        passage->entries = memory_new(result->entry_count + 1, sizeof(*passage->entries));
        memcpy(passage->entries, result->entries, result->entry_count * sizeof(*result->entries));
        read_lies[session->flawed->flaw](passage, &changed.entry_count);
        changed.entries = passage->entries;
    }
    end_passage(passage, &changed);
}

static void on_denied(struct adapter_call *call, const struct adapter_result *result)
{
    struct adapter_result changed = *result;

    changed.outcome = ADAPTER_REFUSED;
    changed.error = ADAPTER_ERROR_OTHER;
    changed.items = NULL;
    changed.item_count = 0;
    end_passage((struct passage *)call, &changed);
}

static void on_honest(struct adapter_call *call, const struct adapter_result *result)
{
    struct adapter_result changed = *result;

    if (changed.item_count != ((struct passage *)call)->original->item_count)
        changed.item_count = 0; /* one was left out: the whole answer holds for it too */
    end_passage((struct passage *)call, &changed);
}

static void say_yes(void *context)
{
    struct passage *passage = context;
    struct adapter_result yes = {
        .struct_size = sizeof(yes), .outcome = ADAPTER_DONE, .attempts = 1, .number = 1};

    end_passage(passage, &yes);
}

/* --- Operations ----------------------------------------------------------------------------------
 */

static struct passage *pass(struct adapter_session *session, struct adapter_call *call,
                            void (*done)(struct adapter_call *call,
                                         const struct adapter_result *result))
{
    struct passage *passage = memory_new(1, sizeof(*passage));

    passage->call = *call;
    passage->call.done = done;
    passage->original = call;
    passage->session = session;
    return passage;
}

static void start_read(struct adapter_session *session, struct adapter_call *call)
{
    session->flawed->honest_adapter->read(session->honest, &pass(session, call, on_read)->call);
}

static void start_read_blocking(struct adapter_session *session, struct adapter_call *call)
{
    session->flawed->honest_adapter->read_blocking(session->honest,
                                                   &pass(session, call, on_read)->call);
}

/* The stream that was published to just before gets what belongs to this one. */
static void misroute(struct adapter_session *session, struct adapter_call *call, int due)
{
    size_t size = strlen(call->stream) + 1;
    const char *own = call->stream;

    if (due && session->other[0])
        call->stream = session->other;
    else if (size <= sizeof(session->other))
        memcpy(session->other, own, size);
}

static void start_publish(struct adapter_session *session, struct adapter_call *call)
{
    enum flaw flaw = session->flawed->flaw;
    int due = is_due(session, call->item_count);
    struct passage *passage =
        pass(session, call, flaw == FLAW_DENIES && due ? on_denied : on_honest);

    if (flaw == FLAW_LOSES && due && --passage->call.item_count == 0) {
        session->host->post(session->host, say_yes, passage);
        return;
    }
    if (flaw == FLAW_MISROUTES)
        misroute(session, &passage->call, due);
    session->flawed->honest_adapter->publish(session->honest, &passage->call);
}

static void settle(struct adapter_session *session, struct adapter_call *call, enum flaw lie,
                   adapter_start *honest)
{
    struct passage *passage = pass(session, call, on_honest);

    if (session->flawed->flaw == lie && is_due(session, call->item_count))
        session->host->post(session->host, say_yes, passage);
    else
        honest(session->honest, &passage->call);
}

static void start_ack(struct adapter_session *session, struct adapter_call *call)
{
    settle(session, call, FLAW_RESURRECTS, session->flawed->honest_adapter->ack);
}

static void start_nack(struct adapter_session *session, struct adapter_call *call)
{
    settle(session, call, FLAW_STRANDS, session->flawed->honest_adapter->nack);
}

/* What the runs of the tests need besides passes through unchanged. */
#define PASS_THROUGH(operation)                                                                    \
    static void start_##operation(struct adapter_session *session, struct adapter_call *call)      \
    {                                                                                              \
        session->flawed->honest_adapter->operation(session->honest,                                \
                                                   &pass(session, call, on_honest)->call);         \
    }
PASS_THROUGH(ping)
PASS_THROUGH(ensure_connection)
PASS_THROUGH(ensure_group)
PASS_THROUGH(health_stats)
PASS_THROUGH(dlq_list)
PASS_THROUGH(stream_depth)
PASS_THROUGH(stream_remove)

/* --- Life ----------------------------------------------------------------------------------------
 */

static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    struct adapter_session *session = memory_new(1, sizeof(*session));

    session->flawed = instance;
    session->host = host;
    if (instance->honest_adapter->open(instance->honest, host, config, &session->honest, reterr) <
        0) {
        free(session);
        return -1;
    }
    *ret_session = session;
    return 0;
}

static void close_session(struct adapter_session *session)
{
    if (session)
        session->flawed->honest_adapter->close(session->honest);
    free(session);
}

static void abandon_session(struct adapter_session *session)
{
    session->flawed->honest_adapter->abandon(session->honest);
    free(session);
}

static void destroy(struct adapter_instance *instance)
{
    if (instance)
        instance->honest_adapter->destroy(instance->honest);
    free(instance);
}

static uint32_t declared(const struct adapter_instance *instance)
{
    return instance->honest_adapter->declared(instance->honest);
}

static const struct adapter_profile *profile_of(const struct adapter_instance *instance)
{
    return instance->honest_adapter->profile_of(instance->honest);
}

static const struct broker_adapter template = {
    .abi = BROKER_ADAPTER_ABI,
    .struct_size = sizeof(struct broker_adapter),
    .name = "flawed",
    .summary = "tells one lie",
    .traits = ADAPTER_TRAIT_IN_PROCESS,
    .destroy = destroy,
    .open = open_session,
    .close = close_session,
    .abandon = abandon_session,
    .declared = declared,
    .profile_of = profile_of,
    .publish = start_publish,
    .read = start_read,
    .read_blocking = start_read_blocking,
    .ack = start_ack,
    .nack = start_nack,
    .ping = start_ping,
    .ensure_connection = start_ensure_connection,
    .ensure_group = start_ensure_group,
    .health_stats = start_health_stats,
    .dlq_list = start_dlq_list,
    .stream_depth = start_stream_depth,
    .stream_remove = start_stream_remove,
};

void flawed_wrap(const struct broker_adapter **adapter, struct adapter_instance **instance,
                 enum flaw flaw, unsigned every)
{
    struct adapter_instance *flawed = memory_new(1, sizeof(*flawed));

    flawed->adapter = template;
    flawed->adapter.capabilities = (*adapter)->capabilities;
    flawed->honest_adapter = *adapter;
    flawed->honest = *instance;
    flawed->flaw = flaw;
    flawed->every = every;
    *adapter = &flawed->adapter;
    *instance = flawed;
}
