/* restore.c: the commands of an undo, sent one after the other. */
#include "disturb.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "resp.h"
#include "session.h"

#define TRY_AGAIN_NS 5000000u
#define TRIES_MAX    1000

/* An undo may have lain in a file: nothing else is sent from there. */
static bool is_known(const char *command)
{
    static const char *const KNOWN[] = {"CONFIG", "ACL", "REPLICAOF", "CLIENT", "SCRIPT"};

    for (size_t i = 0; i < sizeof(KNOWN) / sizeof(KNOWN[0]); i++)
        if (strcmp(KNOWN[i], command) == 0)
            return true;
    return false;
}

static bool add_command(struct redis_operation *operation, const json_t *words)
{
    const char *word;
    size_t count = json_array_size(words);

    if (count == 0 || !json_string_value(json_array_get(words, 0)) ||
        !is_known(json_string_value(json_array_get(words, 0))))
        return false;
    redis_command(&operation->arguments, count);
    for (size_t i = 0; i < count; i++) {
        word = json_string_value(json_array_get(words, i));
        if (!word)
            return false;
        redis_argument_string(&operation->arguments, word);
    }
    operation->argument_count++;
    return true;
}

static bool read_undo(struct redis_operation *operation, const struct adapter_call *call)
{
    json_t *undo = call->item_count == 1
                       ? json_loadb(call->items[0].data, call->items[0].size, 0, NULL)
                       : NULL;
    const json_t *commands = json_object_get(undo, "commands");
    bool is_read = json_is_array(commands);

    text_clear(&operation->arguments);
    operation->argument_count = 0;
    for (size_t i = 0; is_read && i < json_array_size(commands); i++)
        is_read = add_command(operation, json_array_get(commands, i));
    json_decref(undo);
    return is_read;
}

/* Nothing is left to undo: that is what was wanted. */
static bool is_over_already(const struct redis_reply *reply)
{
    return redis_reply_is_error(reply, "NOTBUSY");
}

static void send_undo(struct redis_operation *operation);

static void send_again(struct redis_operation *operation)
{
    redis_submit(operation, REDIS_LINK_COMMAND, send_undo);
}

/* A script that was killed takes a moment to end, and what follows is refused as long. */
static void end(struct redis_operation *operation)
{
    if (!operation->skipped)
        redis_answer_done(operation, 1);
    else if (++operation->tries > TRIES_MAX)
        redis_answer_failure(operation, ADAPTER_REFUSED, ADAPTER_ERROR_OTHER,
                             "the server stays busy");
    else
        redis_wake_after(operation, TRY_AGAIN_NS, send_again);
}

static void on_undone(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (!operation->call)
        return;
    operation->skipped |= redis_reply_is_error(reply, "BUSY");
    if (reply->type == REDIS_ERROR && !is_over_already(reply) &&
        !redis_reply_is_error(reply, "BUSY"))
        redis_answer_refusal(operation, reply);
    else if (++operation->index == operation->argument_count)
        end(operation);
}

static void send_undo(struct redis_operation *operation)
{
    operation->index = 0;
    operation->skipped = false;
    redis_send(operation, &operation->arguments, on_undone, (uint32_t)operation->argument_count);
}

void redis_restore(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_undo, .link = REDIS_LINK_COMMAND, .retries = true};
    struct redis_operation *operation = redis_begin(redis_session_of(session), call, &flow);

    if (!read_undo(operation, call))
        redis_answer_later(operation, ADAPTER_REFUSED, ADAPTER_ERROR_VALIDATION,
                           "this is no undo of a Redis server");
    else if (operation->argument_count == 0)
        redis_answer_later(operation, ADAPTER_DONE, ADAPTER_ERROR_NONE, NULL);
    else
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}
