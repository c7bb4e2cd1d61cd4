/* lists_subscribe.c: hearing what is pushed to a list from now on.  The server tells nobody of a
   push, so the list is looked at again and again; groups have nothing to do with it. */
#include "connection.h"
#include "envelope.h"
#include "lists.h"
#include "resp.h"
#include "session.h"

#define PAGE_SIZE    500
#define PAUSE_NS_MIN 1000000u  /* after an empty look, doubled by each further one, */
#define PAUSE_NS_MAX 50000000u /* up to 50 ms */

static void listen_again(struct redis_operation *operation);

/* After an item that is no message the others are delivered all the same. */
static void deliver(struct redis_operation *operation, const struct redis_reply *items)
{
    struct adapter_call *call = operation->call;

    operation->entry_count = 0;
    operation->number += (int64_t)items->size;
    for (size_t i = 0; i < items->size; i++)
        redis_lists_add_item(operation, redis_reply_at(items, i));
    if (operation->entry_count && call->deliver)
        call->deliver(call, operation->entries, operation->entry_count);
}

static void on_look(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type != REDIS_ARRAY) {
        redis_answer_refusal(operation, reply);
        return;
    }
    if (reply->size) {
        operation->until_ns = PAUSE_NS_MIN;
        deliver(operation, reply);
    } else if (operation->until_ns < PAUSE_NS_MAX) {
        operation->until_ns *= 2;
    }
    if (operation->call)
        redis_wake_after(operation, reply->size ? 0 : operation->until_ns, listen_again);
}

static void send_look(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);

    redis_command(text, 4);
    redis_argument_string(text, "LRANGE");
    redis_argument_string(text, operation->call->stream);
    redis_argument_number(text, operation->number);
    redis_argument_number(text, operation->number + PAGE_SIZE - 1);
    redis_send(operation, text, on_look, 1);
}

static void listen_again(struct redis_operation *operation)
{
    redis_submit(operation, REDIS_LINK_COMMAND, send_look);
}

static void on_length(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type != REDIS_INTEGER) {
        redis_answer_refusal(operation, reply);
        return;
    }
    operation->number = reply->number;
    operation->phase = 1;
    send_look(operation);
}

/* After a lost connection it goes on from where it was: the list keeps everything. */
static void send_subscribe(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);

    if (operation->phase) {
        send_look(operation);
        return;
    }
    REDIS_COMMAND(text, "LLEN", operation->call->stream);
    redis_send(operation, text, on_length, 1);
}

static void lose_subscribe(struct redis_operation *operation)
{
    operation->resends = 0; /* any number of times: looking changes nothing */
}

void redis_lists_subscribe(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_subscribe,
        .lost = lose_subscribe,
        .link = REDIS_LINK_COMMAND,
        .retries = true,
    };
    struct redis_operation *operation = redis_begin(redis_session_of(session), call, &flow);

    operation->until_ns = PAUSE_NS_MIN;
    redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}
