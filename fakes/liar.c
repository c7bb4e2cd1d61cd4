/* liar.c: instances, sessions and calls around those of an honest adapter. */
#include "fakes/liar.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fakes/liar_state.h"

#define MOMENT_NS 1000u

static void go_on(struct passage *passage);

/* --- The end of a call -------------------------------------------------------------------------
 */

static void on_extra_alone(struct adapter_call *call, const struct adapter_result *result)
{
    (void)result;
    liar_extra_free((struct lie_extra *)call);
}

static adapter_start *start_of(const struct adapter_session *session, uint32_t operation);

static void start_extra(struct adapter_session *session, struct lie_extra *extra)
{
    extra->call.deadline_ns = session->host->now_ns(session->host) + 1000000000u;
    start_of(session, extra->call.operation)(session->honest, &extra->call);
}

static void on_extra_due(void *context)
{
    struct lie_extra *extra = context;
    struct lie_extra **link = &extra->session->waiting_extras;

    while (*link != extra)
        link = &(*link)->next;
    *link = extra->next;
    extra->session->host->timer_stop(extra->session->host, extra->timer);
    start_extra(extra->session, extra);
}

static void start_alone(struct adapter_session *session, struct lie_extra *extra)
{
    extra->call.done = on_extra_alone;
    extra->session = session;
    if (session->is_closing) {
        liar_extra_free(extra);
    } else if (extra->hold_ns > 0) {
        extra->next = session->waiting_extras;
        session->waiting_extras = extra;
        extra->timer = session->host->timer_start(
            session->host, NULL, session->host->now_ns(session->host) + extra->hold_ns,
            on_extra_due, extra);
    } else {
        start_extra(session, extra);
    }
}

static void start_after(struct passage *passage)
{
    while (passage->after) {
        struct lie_extra *extra = passage->after;

        passage->after = extra->next;
        start_alone(passage->lie.session, extra);
    }
}

static void unlist(struct passage *passage)
{
    struct passage **link = &passage->lie.session->waiting;

    while (*link && *link != passage)
        link = &(*link)->next;
    if (*link)
        *link = passage->next;
}

static void end_passage(struct passage *passage, const struct adapter_result *result)
{
    struct adapter_session *session = passage->lie.session;
    struct adapter_call *original = passage->lie.original;

    if (passage->timer)
        session->host->timer_stop(session->host, passage->timer);
    start_after(passage);
    original->done(original, result);
    while (passage->before) {
        struct lie_extra *extra = passage->before;

        passage->before = extra->next;
        liar_extra_free(extra);
    }
    liar_release_blocks(passage);
    free(passage);
}

static void end_unknown(struct passage *passage)
{
    struct adapter_result unknown = {.struct_size = sizeof(unknown),
                                     .outcome = ADAPTER_UNKNOWN,
                                     .error = ADAPTER_ERROR_CONNECTION,
                                     .attempts = 1};

    end_passage(passage, &unknown);
}

static bool concerns(const struct lie *lie, uint32_t operation)
{
    return lie && (lie->on == 0 || lie->on & 1ull << operation);
}

static void on_moment(void *context);

static void hold(struct passage *passage, uint64_t duration_ns)
{
    struct adapter_session *session = passage->lie.session;
    uint64_t due_ns = session->host->now_ns(session->host) + duration_ns;

    passage->next = session->waiting;
    session->waiting = passage;
    passage->timer =
        session->host->timer_start(session->host, passage->timer, due_ns, on_moment, passage);
}

static void on_done(struct adapter_call *call, const struct adapter_result *result)
{
    struct passage *passage = (struct passage *)call;
    struct adapter_result changed = *result;
    const struct lie *lie = passage->lie.lie;

    passage->lie.now_ns = passage->lie.session->host->now_ns(passage->lie.session->host);
    if (changed.item_count != passage->lie.original->item_count)
        changed.item_count = 0; /* one was left out: the whole answer holds for it too */
    if (concerns(lie, passage->lie.original->operation) && lie->answer)
        lie->answer(&passage->lie, &changed);
    if (passage->is_told)
        hold(passage, passage->hold_ns);
    else
        end_passage(passage, &changed);
}

static void on_deliver(struct adapter_call *call, const struct adapter_entry *entries, size_t count)
{
    struct adapter_call *original = ((struct passage *)call)->lie.original;

    original->deliver(original, entries, count);
}

/* --- A call on its way -------------------------------------------------------------------------
 */

static void on_extra(struct adapter_call *call, const struct adapter_result *result)
{
    struct lie_extra *extra = (struct lie_extra *)call;
    struct passage *passage = extra->passage;

    (void)result;
    liar_extra_free(extra);
    if (passage->lie.session->is_closing)
        end_unknown(passage);
    else
        go_on(passage);
}

static void on_moment(void *context)
{
    struct passage *passage = context;

    unlist(passage);
    if (passage->is_told) {
        end_passage(passage, &passage->told);
        return;
    }
    passage->hold_ns = 0;
    go_on(passage);
}

static void go_on(struct passage *passage)
{
    struct adapter_session *session = passage->lie.session;
    struct lie_extra *extra = passage->before;

    if (extra) {
        passage->before = extra->next;
        extra->passage = passage;
        extra->call.done = on_extra;
        start_extra(session, extra);
    } else if (passage->hold_ns > 0 || passage->is_told) {
        hold(passage, passage->hold_ns > 0 ? passage->hold_ns : MOMENT_NS);
    } else {
        start_of(session, passage->lie.call.operation)(session->honest, &passage->lie.call);
    }
}

static void start(struct adapter_session *session, struct adapter_call *call)
{
    struct passage *passage = memory_new(1, sizeof(*passage));
    struct lie_call *lie = &passage->lie;

    lie->call = *call;
    lie->call.done = on_done;
    lie->call.deliver = call->deliver ? on_deliver : NULL;
    lie->original = call;
    lie->session = session;
    lie->liar = &session->instance->liar;
    lie->lie = lie->liar->lie;
    lie->now_ns = session->host->now_ns(session->host);
    if (concerns(lie->lie, call->operation) && lie->lie->ask)
        lie->lie->ask(lie);
    go_on(passage);
}

/* --- Life --------------------------------------------------------------------------------------
 */

static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    struct adapter_session *session = memory_new(1, sizeof(*session));

    session->instance = instance->home;
    session->host = host;
    if (instance->honest_adapter->open(instance->home->honest, host, config, &session->honest,
                                       reterr) < 0) {
        free(session);
        return -1;
    }
    *ret_session = session;
    return 0;
}

static void end_session(struct adapter_session *session, bool is_crash)
{
    const struct lie *lie = session->instance->liar.lie;

    if (lie && lie->ended)
        lie->ended(session, is_crash);
    session->is_closing = true;
    while (session->waiting) {
        struct passage *passage = session->waiting;

        session->waiting = passage->next;
        end_unknown(passage);
    }
    while (session->waiting_extras) {
        struct lie_extra *extra = session->waiting_extras;

        session->waiting_extras = extra->next;
        session->host->timer_stop(session->host, extra->timer);
        liar_extra_free(extra);
    }
    if (is_crash)
        session->instance->honest_adapter->abandon(session->honest);
    else
        session->instance->honest_adapter->close(session->honest);
    session->next = session->instance->ended;
    session->instance->ended = session;
}

static void close_session(struct adapter_session *session)
{
    if (session)
        end_session(session, false);
}

static void abandon_session(struct adapter_session *session)
{
    end_session(session, true);
}

static struct adapter_instance *common; /* that the others share; with one thread at a time */

static void leave_home(struct adapter_instance *home)
{
    if (--home->use_count > 0)
        return;
    if (common == home)
        common = NULL;
    home->honest_adapter->destroy(home->honest);
    while (home->ended) {
        struct adapter_session *session = home->ended;

        home->ended = session->next;
        free(session);
    }
    liar_forget(&home->liar);
    free(home);
}

static void destroy(struct adapter_instance *instance)
{
    struct adapter_instance *home = instance ? instance->home : NULL;

    if (!instance)
        return;
    if (instance != home) {
        instance->honest_adapter->destroy(instance->honest);
        free(instance);
    }
    leave_home(home);
}

static uint32_t declared(const struct adapter_instance *instance)
{
    const struct broker_adapter *honest = instance->honest_adapter;
    struct adapter_instance *home = instance->home;
    const struct lie *lie = home->liar.lie;
    uint32_t flags = honest->declared ? honest->declared(instance->honest) : honest->capabilities;

    if (lie && lie->flickers && ++home->asked_count % 2 == 0)
        return flags & ~(uint32_t)ADAPTER_SUBSCRIBE;
    return lie ? flags & ~lie->hides : flags;
}

static const struct adapter_profile *profile_of(const struct adapter_instance *instance)
{
    return instance->honest_adapter->profile_of(instance->honest);
}

/* Every operation that an adapter can have. */
#define OPERATIONS(X)                                                                              \
    X(PUBLISH, publish)                                                                            \
    X(GET_NEXT, get_next)                                                                          \
    X(READ, read)                                                                                  \
    X(READ_BLOCKING, read_blocking)                                                                \
    X(ACK, ack)                                                                                    \
    X(NACK, nack)                                                                                  \
    X(SUBSCRIBE, subscribe)                                                                        \
    X(READ_FROM, read_from)                                                                        \
    X(TAMPER, tamper)                                                                              \
    X(PING, ping)                                                                                  \
    X(ENSURE_CONNECTION, ensure_connection)                                                        \
    X(HEALTH_STATS, health_stats)                                                                  \
    X(INFO, info)                                                                                  \
    X(ENSURE_GROUP, ensure_group)                                                                  \
    X(DATA_RESET, data_reset)                                                                      \
    X(DLQ_LIST, dlq_list)                                                                          \
    X(DLQ_INSPECT, dlq_inspect)                                                                    \
    X(DLQ_REPLAY, dlq_replay)                                                                      \
    X(DLQ_REPLAY_ALL, dlq_replay_all)                                                              \
    X(DLQ_PURGE, dlq_purge)                                                                        \
    X(DLQ_TRIM, dlq_trim)                                                                          \
    X(DLQ_DEPTH, dlq_depth)                                                                        \
    X(TRIM, trim)                                                                                  \
    X(RECORD_PARTITION, record_partition)                                                          \
    X(PARTITION_KEYS, partition_keys)                                                              \
    X(REAP_PARTITION, reap_partition)                                                              \
    X(ACQUIRE_PARTITION_LEASE, acquire_partition_lease)                                            \
    X(RENEW_PARTITION_LEASE, renew_partition_lease)                                                \
    X(RELEASE_PARTITION_LEASE, release_partition_lease)                                            \
    X(READ_PARTITION_FENCED, read_partition_fenced)                                                \
    X(ACK_PARTITION_FENCED, ack_partition_fenced)                                                  \
    X(RECLAIM_PARTITION_PENDING, reclaim_partition_pending)                                        \
    X(STREAM_DEPTH, stream_depth)                                                                  \
    X(STREAM_REMOVE, stream_remove)

static adapter_start *start_of(const struct adapter_session *session, uint32_t operation)
{
    const struct broker_adapter *honest = session->instance->honest_adapter;
    adapter_start *const starts[ADAPTER_OP_COUNT] = {
#define START_OF(word, member) [ADAPTER_OP_##word] = honest->member,
        OPERATIONS(START_OF)
#undef START_OF
    };

    return starts[operation];
}

/* What the honest one lacks is lacking here too. */
static struct broker_adapter make_adapter(const struct broker_adapter *honest)
{
    struct broker_adapter adapter = *honest;

    adapter.abi = BROKER_ADAPTER_ABI;
    adapter.struct_size = sizeof(adapter);
    adapter.create = NULL;
    adapter.destroy = destroy;
    adapter.open = open_session;
    adapter.close = close_session;
    adapter.abandon = abandon_session;
    adapter.declared = declared;
    adapter.profile_of = honest->profile_of ? profile_of : NULL;
#define START_HERE(word, member) adapter.member = honest->member ? start : NULL;
    OPERATIONS(START_HERE)
#undef START_HERE
    return adapter;
}

void liar_wrap(const struct broker_adapter **adapter, struct adapter_instance **instance,
               const struct lie *lie)
{
    struct adapter_instance *liar = memory_new(1, sizeof(*liar));

    liar->adapter = make_adapter(*adapter);
    liar->honest_adapter = *adapter;
    liar->honest = *instance;
    liar->liar.lie = lie;
    liar->home = lie && lie->is_common && common ? common : liar;
    liar->home->use_count++;
    if (lie && lie->is_common)
        common = liar->home;
    *adapter = &liar->adapter;
    *instance = liar;
}
