/* streams_reclaim.c: taking over what was delivered to somebody and never settled.

   First a look at what is idle long enough (XPENDING ... IDLE), which mostly finds nothing and
   costs one command now and then; then XAUTOCLAIM from the first such entry on, until all that were
   seen are ours or the cursor is back at 0-0.  Where a server has no XAUTOCLAIM, or denies it, the
   entries that were seen are claimed by XCLAIM; where it has no XPENDING IDLE, idle times are
   compared here; where it denies XPENDING, XAUTOCLAIM scans from 0-0. */
#include <string.h>

#include "base/memory.h"
#include "connection.h"
#include "resp.h"
#include "streams.h"

#define PAGE_SIZE      100 /* rows of XPENDING where the server does not filter */
#define PAGES_MAX      64u /* of one claim */
#define LOOK_COUNT_MAX 1000u

static void look(struct redis_operation *operation);
static void claim(struct redis_operation *operation);

static bool lacks(const struct redis_operation *operation, enum redis_lack lack)
{
    return redis_lacks(operation->session->instance, lack);
}

static void note_lack(const struct redis_operation *operation, enum redis_lack lack,
                      const char *line)
{
    redis_note_lack(operation->session->instance, operation->session->host, lack, line);
}

static size_t look_count(const struct redis_operation *operation)
{
    size_t count = operation->wanted - operation->entry_count;

    return count < LOOK_COUNT_MAX ? count : LOOK_COUNT_MAX;
}

bool redis_reclaim_is_due(struct redis_operation *operation)
{
    return redis_session_now(operation->session) >= operation->view->reclaim_at_ns;
}

/* --- What is there ---------------------------------------------------------------------------- */

static void add_pending(struct redis_operation *operation, const struct redis_reply *row)
{
    const struct redis_reply *id = redis_reply_at(row, 0);
    const struct redis_reply *owner = redis_reply_at(row, 1);
    struct redis_pending *pending;

    if (operation->pending_count == look_count(operation) || !redis_reply_is_text(id))
        return;
    pending = &operation->pending[operation->pending_count];
    if (!redis_id_parse(id->text, id->size, &pending->id))
        return;
    pending->is_own = redis_reply_equals(owner, operation->view->consumer);
    pending->deliveries = (uint32_t)redis_reply_number(redis_reply_at(row, 3), 0);
    operation->pending_count++;
}

static void on_rows(struct redis_operation *operation, const struct redis_reply *rows)
{
    bool filters = lacks(operation, REDIS_LACKS_IDLE);
    int64_t least = (int64_t)operation->session->instance->redelivery_ms;

    for (size_t i = 0; i < rows->size; i++) {
        const struct redis_reply *row = redis_reply_at(rows, i);

        if (!filters || redis_reply_number(redis_reply_at(row, 2), 0) >= least)
            add_pending(operation, row);
    }
    if (filters && rows->size == PAGE_SIZE && operation->pending_count < look_count(operation)) {
        const struct redis_reply *last = redis_reply_at(redis_reply_at(rows, PAGE_SIZE - 1), 0);

        if (redis_reply_is_text(last) &&
            redis_id_parse(last->text, last->size, &operation->cursor)) {
            operation->cursor = redis_id_next(operation->cursor);
            look(operation);
            return;
        }
    }
    if (operation->pending_count == look_count(operation))
        operation->view->reclaim_at_ns = 0; /* there may be more: the next read looks again */
    if (operation->pending_count)
        claim(operation);
    else
        redis_read_next(operation);
}

/* A look that fails is not the read's failure: what is new may still be read. */
static void on_look_failed(struct redis_operation *operation, const struct redis_reply *error)
{
    if (redis_reply_is_error(error, "NOGROUP")) {
        redis_read_regroup(operation, error);
        return;
    }
    if (redis_reply_is_error(error, "NOPERM") ||
        (redis_reply_is_error(error, "ERR") && lacks(operation, REDIS_LACKS_IDLE))) {
        note_lack(operation, REDIS_LACKS_PENDING,
                  "redis: XPENDING is refused: delivery counts of redelivered messages are not "
                  "known");
        claim(operation);
        return;
    }
    if (redis_reply_is_error(error, "ERR")) {
        note_lack(operation, REDIS_LACKS_IDLE,
                  "redis: XPENDING knows no IDLE here: idle times are compared by the client");
        look(operation);
        return;
    }
    redis_read_next(operation);
}

static void on_look(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type == REDIS_ARRAY)
        on_rows(operation, reply);
    else
        on_look_failed(operation, reply);
}

static void look(struct redis_operation *operation)
{
    const struct redis_view *view = operation->view;
    bool filters = lacks(operation, REDIS_LACKS_IDLE);
    struct text *text = redis_compose(operation);
    char from[REDIS_ID_SIZE];

    redis_id_write(from, operation->cursor);
    redis_command(text, filters ? 6 : 8);
    redis_argument_string(text, "XPENDING");
    redis_argument(text, view->stream, view->stream_size);
    redis_argument(text, view->group, view->group_size);
    if (!filters) {
        redis_argument_string(text, "IDLE");
        redis_argument_number(text, (int64_t)operation->session->instance->redelivery_ms);
    }
    redis_argument_string(text, from);
    redis_argument_string(text, "+");
    redis_argument_number(text, filters ? PAGE_SIZE : (int64_t)look_count(operation));
    redis_send(operation, text, on_look, 1);
}

/* --- Taking over ------------------------------------------------------------------------------ */

static void describe(struct redis_operation *operation, struct adapter_entry *entry)
{
    struct redis_id id;

    entry->flags = ADAPTER_ENTRY_RECLAIMED;
    if (!redis_id_parse(entry->id.data, entry->id.size, &id))
        return;
    for (size_t i = 0; i < operation->pending_count; i++) {
        const struct redis_pending *pending = &operation->pending[i];

        if (redis_id_compare(pending->id, id) != 0)
            continue;
        entry->attempt = pending->deliveries + 1;
        entry->flags = pending->is_own ? ADAPTER_ENTRY_OWN_PENDING : ADAPTER_ENTRY_RECLAIMED;
        return;
    }
}

static void take_claimed(struct redis_operation *operation, const struct redis_reply *list)
{
    size_t first = operation->entry_count;

    redis_take_entries(operation, list, true, NULL);
    for (size_t i = first; i < operation->entry_count; i++)
        describe(operation, &operation->entries[i]);
}

static void on_claim_failed(struct redis_operation *operation, const struct redis_reply *error)
{
    if (redis_reply_is_error(error, "NOGROUP")) {
        redis_read_regroup(operation, error);
        return;
    }
    if (!lacks(operation, REDIS_LACKS_AUTOCLAIM) &&
        (redis_reply_is_error(error, "NOPERM") || redis_reply_is_error(error, "ERR"))) {
        note_lack(operation, REDIS_LACKS_AUTOCLAIM,
                  "redis: XAUTOCLAIM is refused: using XPENDING and XCLAIM");
        if (operation->pending_count) {
            claim(operation);
            return;
        }
    }
    redis_read_next(operation);
}

/* Back at 0-0, or everything that was seen is ours, or the read has enough: then there may be more,
   and the next read looks again. */
static bool is_scan_over(struct redis_operation *operation)
{
    if (!operation->cursor.ms && !operation->cursor.seq)
        return true;
    if (operation->pending_count)
        return operation->pending_index >= operation->pending_count ||
               ++operation->claims > PAGES_MAX;
    if (operation->entry_count < operation->wanted && ++operation->claims <= PAGES_MAX)
        return false;
    operation->view->reclaim_at_ns = 0;
    return true;
}

static void on_autoclaim(struct redis_operation *operation, const struct redis_reply *reply)
{
    const struct redis_reply *cursor = redis_reply_at(reply, 0);
    const struct redis_reply *list = redis_reply_at(reply, 1);

    if (!list || list->type != REDIS_ARRAY || !redis_reply_is_text(cursor)) {
        on_claim_failed(operation, reply);
        return;
    }
    take_claimed(operation, list);
    operation->pending_index += list->size;
    if (!redis_id_parse(cursor->text, cursor->size, &operation->cursor))
        operation->cursor = (struct redis_id){0};
    if (is_scan_over(operation)) {
        operation->claims = 0;
        redis_read_next(operation);
    } else {
        claim(operation);
    }
}

static void on_xclaim(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type != REDIS_ARRAY) {
        on_claim_failed(operation, reply);
        return;
    }
    take_claimed(operation, reply);
    redis_read_next(operation);
}

static void compose_claim(struct redis_operation *operation, struct text *text, const char *command)
{
    const struct redis_view *view = operation->view;

    redis_argument_string(text, command);
    redis_argument(text, view->stream, view->stream_size);
    redis_argument(text, view->group, view->group_size);
    redis_argument(text, view->consumer, view->consumer_size);
    redis_argument_number(text, (int64_t)operation->session->instance->redelivery_ms);
}

static void send_xclaim(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);
    char id[REDIS_ID_SIZE];

    redis_command(text, 5 + operation->pending_count);
    compose_claim(operation, text, "XCLAIM");
    for (size_t i = 0; i < operation->pending_count; i++)
        redis_argument(text, id, redis_id_write(id, operation->pending[i].id));
    redis_send(operation, text, on_xclaim, 1);
}

static void send_autoclaim(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);
    size_t count = operation->wanted - operation->entry_count;
    char from[REDIS_ID_SIZE];

    if (operation->pending_count && operation->pending_count - operation->pending_index < count)
        count = operation->pending_count - operation->pending_index;
    redis_command(text, 8);
    compose_claim(operation, text, "XAUTOCLAIM");
    redis_argument(text, from, redis_id_write(from, operation->cursor));
    redis_argument_string(text, "COUNT");
    redis_argument_number(text, (int64_t)count);
    redis_send(operation, text, on_autoclaim, 1);
}

static void claim(struct redis_operation *operation)
{
    if (!lacks(operation, REDIS_LACKS_AUTOCLAIM)) {
        if (operation->pending_count && operation->pending_index == 0)
            operation->cursor = operation->pending[0].id;
        send_autoclaim(operation);
    } else if (operation->pending_count) {
        send_xclaim(operation);
    } else {
        redis_read_next(operation);
    }
}

void redis_reclaim_begin(struct redis_operation *operation)
{
    size_t room = look_count(operation);

    /* The next look is due later, whatever this one finds: two reads never look at once. */
    operation->view->reclaim_at_ns =
        redis_session_now(operation->session) + operation->session->instance->reclaim_interval_ns;
    operation->pending =
        memory_grow(operation->pending, room ? room : 1, sizeof(*operation->pending));
    operation->pending_count = operation->pending_index = 0;
    operation->cursor = (struct redis_id){0};
    operation->claims = 0;
    if (lacks(operation, REDIS_LACKS_PENDING))
        claim(operation);
    else
        look(operation);
}
