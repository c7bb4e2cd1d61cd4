/* streams_entry.c: from the server's [id, [field, value, ...]] to entries of the port. */
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "envelope.h"
#include "resp.h"
#include "streams.h"

const struct redis_reply *redis_entry_payload(const struct redis_reply *entry, bool *ret_tombstone)
{
    const struct redis_reply *fields = redis_reply_at(entry, 1);

    *ret_tombstone = !fields || fields->type == REDIS_NIL;
    for (size_t i = 0; redis_reply_at(fields, i + 1); i += 2) {
        const struct redis_reply *name = redis_reply_at(fields, i);
        const struct redis_reply *value = redis_reply_at(fields, i + 1);

        if (name->type == REDIS_STRING && name->size == 4 && !memcmp(name->text, "data", 4))
            return value->type == REDIS_STRING && redis_is_message(value->text, value->size) ? value
                                                                                             : NULL;
    }
    return NULL;
}

const struct redis_reply *redis_entries_of(const struct redis_reply *reply)
{
    const struct redis_reply *list = redis_reply_at(redis_reply_at(reply, 0), 1);

    return list && list->type == REDIS_ARRAY ? list : NULL;
}

/* Take the entry out of the group: it can never be handed to anybody. */
static void settle_unreadable(struct redis_operation *operation, const struct redis_reply *id)
{
    const struct redis_view *view = operation->view;
    struct text *text = redis_compose(operation);

    redis_command(text, 4);
    redis_argument_string(text, "XACK");
    redis_argument(text, view->stream, view->stream_size);
    redis_argument(text, view->group, view->group_size);
    redis_argument(text, id->text, id->size);
    operation->session->host->stream_write(operation->connection->stream, text->data, text->size);
    redis_connection_expect(operation->connection, NULL, NULL, 1);
}

static void tell_unreadable(struct redis_operation *operation, const struct redis_reply *id)
{
    struct redis_session *session = operation->session;
    uint32_t count = atomic_fetch_add(&session->instance->skipped_count, 1);

    if (count >= 10 && count % 1000 != 0)
        return; /* a stream full of them must not fill the log */
    redis_session_log(session, ADAPTER_LOG_WARNING,
                      "%s: entry %.*s of stream %s is no message (no field 'data' with a JSON "
                      "object in it): left out%s",
                      session->name, (int)id->size, id->text, operation->call->stream,
                      operation->view ? " and acknowledged" : "");
}

static void leave_out(struct redis_operation *operation, const struct redis_reply *id,
                      bool is_tombstone)
{
    operation->skipped = true;
    if (!is_tombstone)
        tell_unreadable(operation, id);
    if (operation->view)
        settle_unreadable(operation, id);
}

static void add_entry(struct redis_operation *operation, const struct redis_reply *id,
                      const struct redis_reply *payload, bool keep)
{
    struct adapter_entry *entry = redis_add_entry(operation);

    entry->id = (struct adapter_text){id->text, id->size};
    entry->payload = (struct adapter_text){payload->text, payload->size};
    if (keep) {
        entry->id.data = redis_keep(operation, id->text, id->size);
        entry->payload.data = redis_keep(operation, payload->text, payload->size);
    }
}

void redis_take_entries(struct redis_operation *operation, const struct redis_reply *list,
                        bool keep, struct redis_id *ret_last)
{
    const struct redis_reply *last = NULL;

    for (size_t i = 0; redis_reply_at(list, i); i++) {
        const struct redis_reply *entry = redis_reply_at(list, i);
        const struct redis_reply *id = redis_reply_at(entry, 0);
        const struct redis_reply *payload;
        bool is_tombstone;

        if (!redis_reply_is_text(id))
            continue; /* old servers list claimed tombstones without their ids */
        last = id;
        payload = redis_entry_payload(entry, &is_tombstone);
        if (payload)
            add_entry(operation, id, payload, keep);
        else
            leave_out(operation, id, is_tombstone);
    }
    if (last && ret_last)
        (void)redis_id_parse(last->text, last->size, ret_last);
}

static int compare_entries(const void *a, const void *b)
{
    const struct adapter_entry *entry_a = a, *entry_b = b;
    struct redis_id id_a = {0}, id_b = {0};

    (void)redis_id_parse(entry_a->id.data, entry_a->id.size, &id_a);
    (void)redis_id_parse(entry_b->id.data, entry_b->id.size, &id_b);
    return redis_id_compare(id_a, id_b);
}

void redis_sort_entries(struct redis_operation *operation)
{
    if (operation->entry_count > 1)
        qsort(operation->entries, operation->entry_count, sizeof(*operation->entries),
              compare_entries);
}
