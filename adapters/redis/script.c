/* script.c: running scripts by digest, loading them when needed, sending them whole when loading is
   denied. */
#include "script.h"

#include <string.h>

#include "resp.h"
#include "session.h"

#define LOADS_MAX 3u /* for one run */

static void run(struct redis_operation *operation);

static struct redis_script_state *state_of(struct redis_operation *operation)
{
    return &operation->session->scripts[operation->script];
}

static void on_run(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (redis_reply_is_error(reply, "NOSCRIPT") && operation->script_loads < LOADS_MAX) {
        state_of(operation)->digest[0] = '\0';
        run(operation);
        return;
    }
    operation->on_script(operation, reply);
}

static void on_loaded(struct redis_operation *operation, const struct redis_reply *reply)
{
    struct redis_script_state *state = state_of(operation);

    if (redis_reply_is_text(reply) && reply->size < sizeof(state->digest)) {
        memcpy(state->digest, reply->text, reply->size);
        state->digest[reply->size] = '\0';
    } else {
        redis_note_lack(operation->session->instance, operation->session->host,
                        REDIS_LACKS_SCRIPT_LOAD,
                        "redis: SCRIPT LOAD is refused: scripts are sent whole");
    }
    run(operation);
}

static void send_script(struct redis_operation *operation, const char *command, const char *script)
{
    struct text *text = redis_compose(operation);

    redis_command(text, operation->argument_count + 2);
    redis_argument_string(text, command);
    redis_argument_string(text, script);
    text_append(text, operation->arguments.data, operation->arguments.size);
    redis_send(operation, text, on_run, 1);
}

static void run(struct redis_operation *operation)
{
    const char *script = redis_script_text((enum redis_script)operation->script);
    const char *digest = state_of(operation)->digest;

    if (redis_lacks(operation->session->instance, REDIS_LACKS_SCRIPT_LOAD)) {
        send_script(operation, "EVAL", script);
    } else if (digest[0]) {
        send_script(operation, "EVALSHA", digest);
    } else {
        struct text *text = redis_compose(operation);

        operation->script_loads++;
        REDIS_COMMAND(text, "SCRIPT", "LOAD", script);
        redis_send(operation, text, on_loaded, 1);
    }
}

struct text *redis_script_arguments(struct redis_operation *operation)
{
    text_clear(&operation->arguments);
    return &operation->arguments;
}

void redis_script_run(struct redis_operation *operation, enum redis_script script,
                      size_t argument_count, redis_on_reply *on_reply)
{
    operation->script = script;
    operation->script_loads = 0;
    operation->argument_count = argument_count;
    operation->on_script = on_reply;
    run(operation);
}
