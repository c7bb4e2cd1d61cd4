/* streams_read.c: a read goes through phases: what is pending for us (once), what others left
   behind (now and then), then what is new.  On the hot path only the last one is there. */
#include <string.h>

#include "connection.h"
#include "resp.h"
#include "streams.h"

#define NEVER              UINT64_MAX
#define NS_PER_MS          1000000u
#define REGROUP_TRIES      6u
#define REGROUP_DELAY_NS   5000000u  /* doubled each time */
#define DEADLINE_MARGIN_NS 20000000u /* a blocking read ends so long before its deadline */
#define HANG_NS            2000000000u /* a blocking read may be so late before the link is given up */
#define SLICE_MS_MIN       5u

enum read_phase { PHASE_NONE, PHASE_OWN, PHASE_OWN_COUNTS, PHASE_NEW };

/* --- The group -------------------------------------------------------------------------------- */

/* A failure is not the read's yet: the group may exist all the same.  It is kept to explain a
   NOGROUP that follows. */
static void on_group(struct redis_operation *operation, const struct redis_reply *reply)
{
    text_clear(&operation->text);
    operation->view->is_ensured = redis_group_is_created(reply);
    if (!operation->view->is_ensured)
        text_append(&operation->text, reply->text, reply->size);
}

/* --- Own pending entries ---------------------------------------------------------------------- */

static void read_again(struct redis_operation *operation);

/* Others may go on. */
static void release_own(struct redis_operation *operation)
{
    struct redis_view *view = operation->view;
    struct redis_operation *waiter;

    if (view->own_reader != operation)
        return;
    view->own_reader = NULL;
    while (!view->own_reader && (waiter = redis_queue_pop(&view->waiters)) != NULL)
        redis_submit(waiter, waiter->flow->link, read_again);
}

void redis_read_regroup(struct redis_operation *operation, const struct redis_reply *error)
{
    struct redis_view *view = operation->view;

    redis_view_reset(view);
    release_own(operation);
    if (operation->text.size) { /* creating it failed, too: that is the reason to tell */
        struct redis_reply reason = {
            .type = REDIS_ERROR, .size = operation->text.size, .text = operation->text.data};

        redis_answer_refusal(operation, &reason);
    } else if (operation->tries++ == 0) {
        redis_read_next(operation);
    } else if (operation->tries <= REGROUP_TRIES) {
        redis_wake_after(operation, (uint64_t)REGROUP_DELAY_NS << operation->tries, read_again);
    } else {
        redis_answer_refusal(operation, error);
    }
}

static void read_again(struct redis_operation *operation)
{
    redis_submit(operation, operation->flow->link, redis_read_next);
}

static void compose_read(struct redis_operation *operation, struct text *text, int64_t block_ms,
                         const char *from)
{
    const struct redis_view *view = operation->view;

    redis_command(text, block_ms > 0 ? 11 : 9);
    redis_argument_string(text, "XREADGROUP");
    redis_argument_string(text, "GROUP");
    redis_argument(text, view->group, view->group_size);
    redis_argument(text, view->consumer, view->consumer_size);
    redis_argument_string(text, "COUNT");
    redis_argument_number(text, (int64_t)(operation->wanted - operation->entry_count));
    if (block_ms > 0) {
        redis_argument_string(text, "BLOCK");
        redis_argument_number(text, block_ms);
    }
    redis_argument_string(text, "STREAMS");
    redis_argument(text, view->stream, view->stream_size);
    redis_argument_string(text, from);
}

static void begin_own(struct redis_operation *operation);

static void end_own(struct redis_operation *operation)
{
    if (operation->view->owes_own && operation->entry_count < operation->wanted) {
        begin_own(operation);
        return;
    }
    release_own(operation);
    redis_read_next(operation);
}

/* XPENDING tells how often each was delivered; both lists are in the order of ids. */
static void on_own_counts(struct redis_operation *operation, const struct redis_reply *reply)
{
    size_t row = 0;

    for (size_t i = 0; i < operation->entry_count && reply->type == REDIS_ARRAY; i++) {
        struct adapter_entry *entry = &operation->entries[i];
        const struct redis_reply *id = redis_reply_at(redis_reply_at(reply, row), 0);

        if (!redis_reply_is_text(id))
            break;
        if (id->size != entry->id.size || memcmp(id->text, entry->id.data, id->size) != 0)
            continue;
        entry->attempt =
            (uint32_t)redis_reply_number(redis_reply_at(redis_reply_at(reply, row), 3), 0);
        row++;
    }
    end_own(operation);
}

static void ask_own_counts(struct redis_operation *operation, size_t first)
{
    const struct redis_view *view = operation->view;
    const struct adapter_entry *from = &operation->entries[first];
    const struct adapter_entry *to = &operation->entries[operation->entry_count - 1];
    struct text *text = redis_compose(operation);

    operation->phase = PHASE_OWN_COUNTS;
    redis_command(text, 7);
    redis_argument_string(text, "XPENDING");
    redis_argument(text, view->stream, view->stream_size);
    redis_argument(text, view->group, view->group_size);
    redis_argument(text, from->id.data, from->id.size);
    redis_argument(text, to->id.data, to->id.size);
    redis_argument_number(text, (int64_t)(operation->entry_count - first));
    redis_argument(text, view->consumer, view->consumer_size);
    redis_send(operation, text, on_own_counts, 1);
}

static void on_own(struct redis_operation *operation, const struct redis_reply *reply)
{
    struct redis_view *view = operation->view;
    const struct redis_reply *list = redis_entries_of(reply);
    size_t first = operation->entry_count;

    if (redis_reply_is_error(reply, "NOGROUP")) {
        redis_read_regroup(operation, reply);
        return;
    }
    if (reply->type == REDIS_ERROR) {
        redis_answer_refusal(operation, reply);
        return;
    }
    if (!list || list->size < operation->wanted - first)
        view->owes_own = false;
    redis_take_entries(operation, list, true, &view->own_cursor);
    for (size_t i = first; i < operation->entry_count; i++)
        operation->entries[i].flags = ADAPTER_ENTRY_OWN_PENDING;
    if (operation->entry_count > first)
        ask_own_counts(operation, first);
    else
        end_own(operation);
}

static void begin_own(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);
    char cursor[REDIS_ID_SIZE];

    operation->view->own_reader = operation;
    operation->phase = PHASE_OWN;
    redis_id_write(cursor, operation->view->own_cursor);
    compose_read(operation, text, 0, cursor);
    redis_send(operation, text, on_own, 1);
}

/* --- New entries ------------------------------------------------------------------------------ */

static void on_new(struct redis_operation *operation, const struct redis_reply *reply);

static void on_hang(struct redis_operation *operation)
{
    redis_connection_break(operation->connection, "a blocking read was not answered in time");
}

/* How long the server may keep us waiting: until the end, but not past the next look at what others
   left behind.  0: not at all. */
static int64_t slice_ms(const struct redis_operation *operation, uint64_t now)
{
    uint64_t until = operation->until_ns, slice;

    if (operation->entry_count || until <= now)
        return 0;
    if (operation->view->reclaim_at_ns > now && operation->view->reclaim_at_ns < until)
        until = operation->view->reclaim_at_ns;
    slice = (until - now + NS_PER_MS - 1) / NS_PER_MS;
    return (int64_t)(slice < SLICE_MS_MIN && until != operation->until_ns ? SLICE_MS_MIN : slice);
}

static void begin_new(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);
    int64_t block_ms = 0;

    operation->phase = PHASE_NEW;
    if (operation->until_ns) {
        uint64_t now = redis_session_now(operation->session);

        block_ms = slice_ms(operation, now);
        operation->wake = on_hang;
        operation->wake_ns = now + (uint64_t)block_ms * NS_PER_MS + HANG_NS;
        redis_session_wake_at(operation->session, operation->wake_ns);
    }
    compose_read(operation, text, block_ms, ">");
    redis_send(operation, text, on_new, 1);
}

static void on_nothing_new(struct redis_operation *operation)
{
    if (operation->entry_count || !operation->until_ns ||
        redis_session_now(operation->session) >= operation->until_ns) {
        redis_answer_entries(operation);
        return;
    }
    operation->resends = 0; /* nothing was missed: a long wait may survive more than one loss */
    redis_read_next(operation);
}

static void take_new(struct redis_operation *operation, const struct redis_reply *list)
{
    size_t first = operation->entry_count;

    operation->skipped = false;
    redis_take_entries(operation, list, false, &operation->view->newest[operation->flow->link]);
    for (size_t i = first; i < operation->entry_count; i++)
        operation->entries[i].attempt = 1;
    if (operation->entry_count == first && operation->skipped) {
        redis_read_next(operation); /* what could not be read must not look like the end */
        return;
    }
    if (first)
        redis_sort_entries(operation);
    redis_answer_entries(operation);
}

static void on_new(struct redis_operation *operation, const struct redis_reply *reply)
{
    operation->wake_ns = NEVER;
    if (reply->type == REDIS_ARRAY)
        take_new(operation, redis_entries_of(reply));
    else if (reply->type == REDIS_NIL || redis_reply_is_error(reply, "UNBLOCKED"))
        on_nothing_new(operation);
    else if (redis_reply_is_error(reply, "NOGROUP"))
        redis_read_regroup(operation, reply);
    else
        redis_answer_refusal(operation, reply);
}

/* --- The phases in order ---------------------------------------------------------------------- */

void redis_read_next(struct redis_operation *operation)
{
    struct redis_view *view = operation->view;

    if (view->own_reader && view->own_reader != operation) {
        redis_queue_push(&view->waiters, operation);
        return;
    }
    if (!view->is_ensured) {
        struct text *text = redis_compose(operation);

        redis_compose_group(text, view);
        redis_send(operation, text, on_group, 1);
    }
    if (view->owes_own && operation->entry_count < operation->wanted) {
        begin_own(operation);
    } else if (operation->entry_count < operation->wanted && redis_reclaim_is_due(operation)) {
        operation->phase = PHASE_NONE;
        redis_reclaim_begin(operation);
    } else if (operation->entry_count < operation->wanted) {
        begin_new(operation);
    } else {
        redis_sort_entries(operation);
        redis_answer_entries(operation);
    }
}

static void send_read(struct redis_operation *operation)
{
    operation->entry_count = 0;
    text_clear(&operation->text);
    redis_read_next(operation);
}

static void lose_read(struct redis_operation *operation)
{
    if (operation->phase == PHASE_NEW)
        redis_view_lose(operation->view, operation->flow->link);
    release_own(operation);
}

static void start_read(struct adapter_session *adapter_session, struct adapter_call *call,
                       int64_t count, const struct redis_flow *flow)
{
    struct redis_session *session = redis_session_of(adapter_session);
    struct redis_operation *operation = redis_begin(session, call, flow);

    if (count <= 0) {
        redis_answer_later(operation, ADAPTER_EMPTY, ADAPTER_ERROR_NONE, NULL);
        return;
    }
    operation->view = redis_view_find(session, call->stream, call->group, call->consumer);
    operation->wanted = (size_t)count;
    operation->until_ns = 0;
    if (flow->link == REDIS_LINK_READ) {
        uint64_t limit = operation->deadline_ns;

        operation->until_ns = NEVER;
        if (call->duration_ms > 0)
            operation->until_ns =
                redis_session_now(session) + (uint64_t)call->duration_ms * NS_PER_MS;
        if (limit != NEVER && limit - DEADLINE_MARGIN_NS < operation->until_ns)
            operation->until_ns = limit - DEADLINE_MARGIN_NS;
    }
    if (operation->view->is_reserved)
        redis_refuse_name(operation);
    else
        redis_submit(operation, flow->link, flow->send);
}

static void finish_read(struct redis_operation *operation)
{
    if (operation->view)
        release_own(operation);
}

void redis_streams_read(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_read,
        .lost = lose_read,
        .finish = finish_read,
        .link = REDIS_LINK_COMMAND,
        .retries = true,
    };

    start_read(session, call, call->operation == ADAPTER_OP_GET_NEXT ? 1 : call->count, &flow);
}

void redis_streams_get_next(struct adapter_session *session, struct adapter_call *call)
{
    redis_streams_read(session, call);
}

void redis_streams_read_blocking(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_read,
        .lost = lose_read,
        .finish = finish_read,
        .link = REDIS_LINK_READ,
        .retries = true,
    };

    start_read(session, call, call->count, &flow);
}
