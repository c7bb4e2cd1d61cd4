/* puppet.c: an adapter without a broker. */
#include "support/puppet.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "port.h"

/* A call waiting for its time. */
struct waiting {
    struct adapter_session *session;
    struct adapter_call *call;
    struct adapter_timer *timer;
    struct adapter_result result;
    struct waiting *next;
};

struct adapter_instance {
    struct puppet *puppet;
};

struct adapter_session {
    struct puppet *puppet;
    const struct adapter_host *host;
    struct waiting *waiting;
};

/* A test program is one thread, and adapters have no other way to be told. */
static struct puppet *current;

void puppet_use(struct puppet *puppet)
{
    current = puppet;
}

void puppet_release(struct puppet *puppet)
{
    text_release(&puppet->asked);
    text_release(&puppet->sessions);
}

/* --- Life ------------------------------------------------------------------------------------ */

static int create(const struct adapter_host *host, const struct adapter_config *config,
                  struct adapter_instance **ret_instance, char reterr[256])
{
    (void)host, (void)config, (void)reterr;
    *ret_instance = memory_new(1, sizeof(**ret_instance));
    (*ret_instance)->puppet = current;
    return 0;
}

static void destroy(struct adapter_instance *instance)
{
    free(instance);
}

static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    struct puppet *puppet = instance->puppet;

    if (strcmp(config->name, "nobody") == 0) {
        text_copy(reterr, 256, "nobody may come in");
        return -1;
    }
    *ret_session = memory_new(1, sizeof(**ret_session));
    **ret_session = (struct adapter_session){.puppet = puppet, .host = host};
    puppet->open_count++;
    text_appendf(&puppet->sessions, "%s/%s ", config->name,
                 config->consumer ? config->consumer : "-");
    return 0;
}

/* --- Calls ----------------------------------------------------------------------------------- */

static void ask_text(struct text *text, const char *name, const char *value)
{
    if (value)
        text_appendf(text, " %s=%s", name, value);
}

static void ask_number(struct text *text, const char *name, int64_t number)
{
    if (number != 0)
        text_appendf(text, " %s=%lld", name, (long long)number);
}

static void write_down(struct adapter_session *session, const struct adapter_call *call)
{
    struct text *text = &session->puppet->asked;

    text_append_string(text, port_operations[call->operation].name);
    ask_text(text, "stream", call->stream);
    ask_text(text, "group", call->group);
    ask_text(text, "consumer", call->consumer);
    ask_text(text, "target", call->target);
    ask_text(text, "key", call->key);
    ask_text(text, "generation", call->generation_key);
    ask_text(text, "token", call->token);
    ask_number(text, "verb", call->verb);
    ask_number(text, "count", call->count);
    ask_number(text, "ms", call->duration_ms);
    ask_number(text, "flags", call->flags);
    for (size_t i = 0; i < call->item_count; i++)
        text_appendf(text, " [%.*s]", (int)call->items[i].size, call->items[i].data);
    text_append_string(text, "\n");
}

static void forget(struct waiting *waiting)
{
    struct waiting **link = &waiting->session->waiting;

    while (*link != waiting)
        link = &(*link)->next;
    *link = waiting->next;
    waiting->session->host->timer_stop(waiting->session->host, waiting->timer);
}

static void answer(struct waiting *waiting, const struct adapter_result *result)
{
    forget(waiting);
    waiting->call->done(waiting->call, result);
    free(waiting);
}

static void on_due(void *context)
{
    struct waiting *waiting = context;
    struct adapter_result result = waiting->result;

    answer(waiting, &result);
}

static const struct puppet_line *next_line(struct puppet *puppet)
{
    static const struct puppet_line yes = {.result = {.number = 1}};

    if (puppet->line_count == 0)
        return &yes;
    if (puppet->line_index + 1 < puppet->line_count)
        return &puppet->lines[puppet->line_index++];
    return &puppet->lines[puppet->line_index];
}

static void start_call(struct adapter_session *session, struct adapter_call *call)
{
    const struct puppet_line *line = next_line(session->puppet);
    struct waiting *waiting = memory_new(1, sizeof(*waiting));
    uint64_t now = session->host->now_ns(session->host);

    write_down(session, call);
    *waiting = (struct waiting){
        .session = session, .call = call, .result = line->result, .next = session->waiting};
    session->waiting = waiting;
    if (line->after_ns != UINT64_MAX)
        waiting->timer = session->host->timer_start(session->host, NULL,
                                                    now + 1000 + line->after_ns, on_due, waiting);
}

static void end_session(struct adapter_session *session)
{
    struct adapter_result unknown = {.struct_size = sizeof(unknown),
                                     .outcome = ADAPTER_UNKNOWN,
                                     .error = ADAPTER_ERROR_CONNECTION,
                                     .detail = "the session ended"};

    struct waiting *waiting = session->waiting, *next;

    for (; waiting; waiting = next) {
        next = waiting->next;
        answer(waiting, &unknown);
    }
    free(session);
}

static void close_session(struct adapter_session *session)
{
    session->puppet->close_count++;
    end_session(session);
}

static void abandon_session(struct adapter_session *session)
{
    session->puppet->abandon_count++;
    end_session(session);
}

/* Everything is there but ensure_group and subscribe: what is absent must be tested too. */
const struct broker_adapter puppet_adapter = {
    .abi = BROKER_ADAPTER_ABI,
    .struct_size = sizeof(struct broker_adapter),
    .name = "puppet",
    .summary = "answers what a test tells it to",
    .capabilities = ADAPTER_TIER_ENTERPRISE_STREAMING,
    .create = create,
    .destroy = destroy,
    .open = open_session,
    .close = close_session,
    .abandon = abandon_session,
    .publish = start_call,
    .get_next = start_call,
    .read = start_call,
    .read_blocking = start_call,
    .ack = start_call,
    .nack = start_call,
    .read_from = start_call,
    .tamper = start_call,
    .ping = start_call,
    .ensure_connection = start_call,
    .health_stats = start_call,
    .info = start_call,
    .data_reset = start_call,
    .dlq_list = start_call,
    .dlq_inspect = start_call,
    .dlq_replay = start_call,
    .dlq_replay_all = start_call,
    .dlq_purge = start_call,
    .dlq_trim = start_call,
    .dlq_depth = start_call,
    .trim = start_call,
    .record_partition = start_call,
    .partition_keys = start_call,
    .reap_partition = start_call,
    .acquire_partition_lease = start_call,
    .renew_partition_lease = start_call,
    .release_partition_lease = start_call,
    .read_partition_fenced = start_call,
    .ack_partition_fenced = start_call,
    .reclaim_partition_pending = start_call,
    .stream_depth = start_call,
};
