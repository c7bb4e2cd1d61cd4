/* streams_dlq.c: looking into dead letter queues, and emptying them. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "connection.h"
#include "dead_letter.h"
#include "resp.h"
#include "streams.h"

/* A dead letter as a reply; false when the entry is none at all. */
static bool read_letter(const struct redis_reply *entry, struct redis_dead_letter *ret_letter)
{
    const struct redis_reply *id = redis_reply_at(entry, 0), *payload;
    bool is_tombstone;

    if (!redis_reply_is_text(id))
        return false;
    *ret_letter = (struct redis_dead_letter){.id = {id->text, id->size}};
    payload = redis_entry_payload(entry, &is_tombstone);
    if (payload) {
        ret_letter->stored = (struct adapter_text){payload->text, payload->size};
        ret_letter->metadata = redis_dead_letter_metadata(ret_letter->stored);
    }
    return true;
}

/* --- dlq_list --------------------------------------------------------------------------------- */

struct listed_letter {
    char *json, *failed_at; /* the latter as JSON text, "" when there is none */
    struct redis_id id;
};

struct letter_list {
    struct listed_letter *items;
    size_t count, capacity;
};

static char *copy_fact(struct adapter_text fact)
{
    char *copy = memory_new(fact.size + 1, 1);

    if (fact.size)
        memcpy(copy, fact.data, fact.size);
    return copy;
}

static void list_letter(struct letter_list *list, const struct redis_dead_letter *letter,
                        const char *queue)
{
    struct adapter_text failed_at = redis_dead_letter_fact(letter, "failed_at");
    struct listed_letter *item;
    struct text json = {0};

    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 16;
        list->items = memory_grow(list->items, list->capacity, sizeof(*list->items));
    }
    redis_dead_letter_write(&json, letter, queue);
    item = &list->items[list->count++];
    *item = (struct listed_letter){.json = json.data};
    item->failed_at = copy_fact(
        failed_at.data && failed_at.data[0] == '"' ? failed_at : (struct adapter_text){0});
    (void)redis_id_parse(letter->id.data, letter->id.size, &item->id);
}

/* Newest failure first; what does not tell when it failed comes last. */
static int compare_letters(const void *a, const void *b)
{
    const struct listed_letter *letter_a = a, *letter_b = b;
    int order = strcmp(letter_b->failed_at, letter_a->failed_at);

    return order ? order : redis_id_compare(letter_b->id, letter_a->id);
}

static void answer_list(struct redis_operation *operation)
{
    struct letter_list *list = operation->gathered;
    size_t limit = operation->call->count > 0 ? (size_t)operation->call->count : 0;

    if (list->count)
        qsort(list->items, list->count, sizeof(*list->items), compare_letters);
    text_clear(&operation->text);
    text_append_string(&operation->text, "[");
    for (size_t i = 0; i < list->count && i < limit; i++) {
        text_append_string(&operation->text, i ? ", " : "");
        text_append_string(&operation->text, list->items[i].json);
    }
    text_append_string(&operation->text, "]");
    redis_answer_text(operation);
}

static void on_listed(struct redis_operation *operation, const struct redis_reply *reply)
{
    const struct adapter_call *call = operation->call;
    struct redis_dead_letter letter;
    char *queue;

    if (reply->type != REDIS_ARRAY) {
        redis_answer_refusal(operation, reply);
        return;
    }
    queue = copy_fact(call->items[operation->index]);
    for (size_t i = 0; redis_reply_at(reply, i); i++)
        if (read_letter(redis_reply_at(reply, i), &letter))
            list_letter(operation->gathered, &letter, queue);
    free(queue);
    if (++operation->index == call->item_count)
        answer_list(operation);
}

static void drop_letters(struct letter_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].json);
        free(list->items[i].failed_at);
    }
    list->count = 0;
}

static void send_list(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_compose(operation);

    drop_letters(operation->gathered); /* of an attempt whose connection was lost */
    operation->index = 0;
    for (size_t i = 0; i < call->item_count; i++) {
        redis_command(text, 4);
        redis_argument_string(text, "XRANGE");
        redis_argument(text, call->items[i].data, call->items[i].size);
        redis_argument_string(text, "-");
        redis_argument_string(text, "+");
    }
    redis_send(operation, text, on_listed, (uint32_t)call->item_count);
}

static void finish_list(struct redis_operation *operation)
{
    struct letter_list *list = operation->gathered;

    drop_letters(list);
    free(list->items);
    free(list);
    operation->gathered = NULL;
}

void redis_streams_dlq_list(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_list,
        .finish = finish_list,
        .link = REDIS_LINK_COMMAND,
        .retries = true,
    };
    struct redis_operation *operation = redis_begin(redis_session_of(session), call, &flow);

    operation->gathered = memory_new(1, sizeof(struct letter_list));
    if (call->item_count)
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
    else
        redis_wake_after(operation, 0, answer_list);
}

/* --- dlq_inspect ------------------------------------------------------------------------------ */

static void on_inspected(struct redis_operation *operation, const struct redis_reply *reply)
{
    struct redis_dead_letter letter;

    if (reply->type != REDIS_ARRAY) {
        redis_answer_refusal(operation, reply);
        return;
    }
    if (!read_letter(redis_reply_at(reply, 0), &letter)) {
        redis_answer_empty(operation);
        return;
    }
    text_clear(&operation->text);
    redis_dead_letter_write(&operation->text, &letter, operation->call->stream);
    redis_answer_text(operation);
}

static void send_inspect(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_compose(operation);
    char *id = copy_fact(call->items[0]);

    REDIS_COMMAND(text, "XRANGE", call->stream, id, id);
    free(id);
    redis_send(operation, text, on_inspected, 1);
}

void redis_streams_dlq_inspect(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_inspect, .link = REDIS_LINK_COMMAND, .retries = true};
    struct redis_operation *operation = redis_begin(redis_session_of(session), call, &flow);

    if (call->item_count == 1 && redis_id_is_valid(call->items[0].data, call->items[0].size))
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
    else
        redis_answer_later(operation, ADAPTER_EMPTY, ADAPTER_ERROR_NONE, NULL);
}

/* --- dlq_purge, dlq_trim, dlq_depth ----------------------------------------------------------- */

static void on_purged(struct redis_operation *operation, const struct redis_reply *reply)
{
    const struct redis_reply *length = redis_reply_at(reply, 0);

    if (length && length->type == REDIS_INTEGER)
        redis_answer_done(operation, length->number);
    else
        redis_answer_refusal(operation, length ? length : reply);
}

/* Counted and deleted in one transaction, so that the number is what was deleted. */
static void send_purge(struct redis_operation *operation)
{
    const char *queue = operation->call->stream;
    struct text *text = redis_compose(operation);

    REDIS_COMMAND(text, "MULTI");
    REDIS_COMMAND(text, "XLEN", queue);
    REDIS_COMMAND(text, "DEL", queue);
    redis_send(operation, text, redis_reply_ignored, 3);
    text = redis_compose(operation);
    REDIS_COMMAND(text, "EXEC");
    redis_send(operation, text, on_purged, 1);
}

void redis_streams_dlq_purge(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_purge, .link = REDIS_LINK_COMMAND};

    redis_start(redis_session_of(session), call, &flow);
}

static void send_trim(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_compose(operation);

    redis_command(text, 4);
    redis_argument_string(text, "XTRIM");
    redis_argument_string(text, call->stream);
    redis_argument_string(text, "MINID");
    redis_argument(text, call->items[0].data, call->items[0].size);
    redis_send(operation, text, redis_reply_number_done, 1);
}

void redis_streams_dlq_trim(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_trim, .link = REDIS_LINK_COMMAND};
    struct redis_operation *operation = redis_begin(redis_session_of(session), call, &flow);

    if (call->item_count == 1 && call->items[0].size)
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
    else
        redis_answer_later(operation, ADAPTER_REFUSED, ADAPTER_ERROR_VALIDATION,
                           "dlq_trim needs the smallest id to keep");
}

static void send_depth(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);

    REDIS_COMMAND(text, "XLEN", operation->call->stream);
    redis_send(operation, text, redis_reply_number_done, 1);
}

void redis_streams_dlq_depth(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_depth, .link = REDIS_LINK_COMMAND, .retries = true};

    redis_start(redis_session_of(session), call, &flow);
}
