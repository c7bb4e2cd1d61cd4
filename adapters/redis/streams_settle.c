/* streams_settle.c: acknowledgements, many ids in one command, and their opposite. */
#include <stdio.h>
#include <string.h>

#include "connection.h"
#include "resp.h"
#include "script.h"
#include "streams.h"

/* A nacked entry is marked by an idle time this much longer than any that makes an entry due, so
   that a second nack can be told from a first one. */
#define NACK_MARK_MS 3600000u

enum { NOT_AN_ID, ASKED };

/* Sort out what can be no id of ours; it is settled as false without asking.  Gives how many are
   left. */
static size_t check_ids(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    size_t count = 0;

    redis_need_items(operation, call->item_count);
    for (size_t i = 0; i < call->item_count; i++) {
        bool is_id = redis_id_is_valid(call->items[i].data, call->items[i].size);

        operation->items[i] = (struct adapter_item){.number = is_id ? ASKED : NOT_AN_ID};
        count += is_id;
    }
    operation->index = count;
    return count;
}

static size_t write_ids(const struct redis_operation *operation, char *start)
{
    const struct adapter_call *call = operation->call;
    char *at = start;

    for (size_t i = 0; i < call->item_count; i++)
        if (operation->items[i].number == ASKED)
            at = redis_write_bulk(at, call->items[i].data, call->items[i].size);
    return (size_t)(at - start);
}

static size_t size_of_ids(const struct adapter_call *call)
{
    size_t size = 0;

    for (size_t i = 0; i < call->item_count; i++)
        size += REDIS_BULK_OVERHEAD + call->items[i].size;
    return size;
}

/* Answer with the items, or without when one answer holds for all. */
static void answer_items(struct redis_operation *operation, enum adapter_outcome outcome,
                         enum adapter_error error, const char *detail)
{
    struct adapter_call *call = operation->call;
    struct adapter_result result = {.outcome = (uint32_t)outcome,
                                    .error = (uint32_t)error,
                                    .detail = detail,
                                    .items = operation->items,
                                    .item_count = call->item_count};

    for (size_t i = 0; i < call->item_count; i++)
        result.number += operation->items[i].number;
    redis_answer(operation, &result);
}

static void settle_all(struct redis_operation *operation, enum adapter_outcome outcome,
                       enum adapter_error error, int64_t number)
{
    for (size_t i = 0; i < operation->call->item_count; i++) {
        struct adapter_item *item = &operation->items[i];

        if (item->number != ASKED)
            continue;
        item->outcome = (uint32_t)outcome;
        item->error = (uint32_t)error;
        item->number = number;
    }
}

static void fail_settle(struct redis_operation *operation, const struct adapter_result *failure)
{
    settle_all(operation, (enum adapter_outcome)failure->outcome,
               (enum adapter_error)failure->error, 0);
    answer_items(operation, (enum adapter_outcome)failure->outcome,
                 (enum adapter_error)failure->error, failure->detail);
}

static void answer_false(struct redis_operation *operation)
{
    answer_items(operation, ADAPTER_DONE, ADAPTER_ERROR_NONE, NULL);
}

/* --- ack -------------------------------------------------------------------------------------- */

/* The server tells a count only.  All, or none on the first try, says it of each. */
static void on_acked(struct redis_operation *operation, const struct redis_reply *reply)
{
    const char *detail = NULL;
    size_t count;

    if (reply->type != REDIS_INTEGER) {
        redis_answer_refusal(operation, reply);
        return;
    }
    count = (size_t)reply->number;
    if (count == operation->index || (count == 0 && operation->resends == 0)) {
        settle_all(operation, ADAPTER_DONE, ADAPTER_ERROR_NONE, count != 0);
        answer_items(operation, ADAPTER_DONE, ADAPTER_ERROR_NONE, NULL);
        return;
    }
    detail = operation->resends ? "sent again after a lost connection: the first may have counted"
                                : "the server tells how many were acknowledged, not which";
    settle_all(operation, ADAPTER_UNKNOWN, ADAPTER_ERROR_OTHER, 0);
    answer_items(operation, ADAPTER_UNKNOWN, ADAPTER_ERROR_OTHER, detail);
}

static void send_ack(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    size_t stream_size = strlen(call->stream), group_size = strlen(call->group);
    char *start = redis_reserve(operation, REDIS_HEAD_SIZE + 3 * REDIS_BULK_OVERHEAD + 4 +
                                               stream_size + group_size + size_of_ids(call));
    char *at = redis_write_head(start, 3 + operation->index);

    at = redis_write_bulk(at, "XACK", 4);
    at = redis_write_bulk(at, call->stream, stream_size);
    at = redis_write_bulk(at, call->group, group_size);
    at += write_ids(operation, at);
    redis_commit(operation, (size_t)(at - start), on_acked, 1);
}

static void start_settle(struct adapter_session *session, struct adapter_call *call,
                         const struct redis_flow *flow)
{
    struct redis_operation *operation = redis_begin(redis_session_of(session), call, flow);

    if (check_ids(operation))
        redis_submit(operation, REDIS_LINK_COMMAND, flow->send);
    else
        redis_wake_after(operation, 0, answer_false);
}

void redis_streams_ack(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_ack, .fail = fail_settle, .link = REDIS_LINK_COMMAND, .retries = true};

    start_settle(session, call, &flow);
}

/* --- nack ------------------------------------------------------------------------------------- */

enum nack_answer { NACK_NOT_PENDING, NACK_BEFORE, NACK_DONE /* + the delay in ms */ };

static void expect_redelivery(struct redis_operation *operation, int64_t delay_ms)
{
    struct redis_session *session = operation->session;
    uint64_t at_ns = delay_ms > 0 ? redis_session_now(session) + (uint64_t)delay_ms * 1000000u : 0;

    redis_views_expect_redelivery(session, operation->call->stream, operation->call->group, at_ns);
}

static void on_nacked(struct redis_operation *operation, const struct redis_reply *reply)
{
    size_t row = 0;

    if (reply->type != REDIS_ARRAY) {
        redis_answer_refusal(operation, reply);
        return;
    }
    for (size_t i = 0; i < operation->call->item_count; i++) {
        struct adapter_item *item = &operation->items[i];
        int64_t number;

        if (item->number != ASKED)
            continue;
        number = redis_reply_number(redis_reply_at(reply, row++), NACK_NOT_PENDING);
        /* Sent again, "before" is most likely our own first try: either way it comes back. */
        item->number = number >= NACK_DONE || (number == NACK_BEFORE && operation->resends);
        if (number >= NACK_DONE)
            expect_redelivery(operation, number - NACK_DONE);
    }
    answer_items(operation, ADAPTER_DONE, ADAPTER_ERROR_NONE, NULL);
}

static void send_nack(struct redis_operation *operation)
{
    const struct redis_instance *instance = operation->session->instance;
    const struct adapter_call *call = operation->call;
    struct text *text = redis_script_arguments(operation);
    char multiplier[32];

    (void)snprintf(multiplier, sizeof(multiplier), "%.6g", instance->backoff_multiplier);
    redis_argument_string(text, "1");
    redis_argument_string(text, call->stream);
    redis_argument_string(text, call->group);
    redis_argument_number(text, (int64_t)instance->redelivery_ms);
    redis_argument_number(text, (int64_t)instance->redelivery_ms + NACK_MARK_MS);
    redis_argument_number(text, (int64_t)instance->retry_delay_ms);
    redis_argument_string(text, multiplier);
    for (size_t i = 0; i < call->item_count; i++)
        if (operation->items[i].number == ASKED)
            redis_argument(text, call->items[i].data, call->items[i].size);
    redis_script_run(operation, REDIS_SCRIPT_NACK, 7 + operation->index, on_nacked);
}

void redis_streams_nack(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_nack, .fail = fail_settle, .link = REDIS_LINK_COMMAND, .retries = true};

    start_settle(session, call, &flow);
}
