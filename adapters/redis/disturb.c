/* disturb.c: each fault asks what is in force, writes down what would undo it, and then does it. */
#include "disturb.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "deny.h"
#include "resp.h"
#include "session.h"

#define BUSY_SCRIPT    "for i = 1, 1e11 do end" /* minutes: it is killed long before */
#define BUSY_LOOK_NS   5000000u
#define BUSY_LOOKS_MAX 400
#define BUSY_LIMIT_MS  "20"

/* One line for each fault. */
struct disturbance {
    const char *asks[3]; /* a command whose answer is needed first; NULL: none */
    const char *name;    /* of a setting */
    /* From the answer: what to do, and what undoes it.  False: the operation was answered. */
    bool (*plan)(struct redis_operation *operation, const struct redis_reply *reply);
};

static const struct disturbance *row_of(const struct redis_operation *operation);

/* --- What to do, and what undoes it ------------------------------------------------------------
 */

/* operation->text: the undo's commands; operation->arguments: what is to be sent. */
static void add_undo(struct redis_operation *operation, const char *const *words)
{
    struct text *undo = &operation->text;

    text_append_string(undo, undo->size > 0 ? ", [" : "[");
    for (size_t i = 0; words[i]; i++) {
        text_append_string(undo, i > 0 ? ", " : "");
        text_append_json(undo, words[i], strlen(words[i]));
    }
    text_append_string(undo, "]");
}
#define UNDO(operation, ...) add_undo((operation), (const char *const[]){__VA_ARGS__, NULL})

static void add_deed(struct redis_operation *operation, const char *const *words)
{
    redis_command_strings(&operation->arguments, words);
    operation->argument_count++;
}
#define DO(operation, ...) add_deed((operation), (const char *const[]){__VA_ARGS__, NULL})

static const char *argument_of(const struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    const char *otherwise = NULL;

    for (uint64_t i = 0; i < redis_disturbance_count; i++)
        if (strcmp(redis_disturbances[i].key, call->key) == 0)
            otherwise = redis_disturbances[i].default_text;
    if (call->token && call->token[0])
        return call->token;
    return otherwise ? otherwise : "";
}

static bool refuse(struct redis_operation *operation, const char *detail)
{
    redis_answer_failure(operation, ADAPTER_REFUSED, ADAPTER_ERROR_VALIDATION, detail);
    return false;
}

/* A copy in the operation's arena. */
static const char *keep_text(struct redis_operation *operation, const struct redis_reply *reply)
{
    char *text;

    if (!reply || !redis_reply_is_text(reply))
        return NULL;
    text = redis_arena_take(&operation->arena, reply->size + 1);
    memcpy(text, reply->text, reply->size);
    text[reply->size] = '\0';
    return text;
}

/* CONFIG GET answered: name, value. */
static bool plan_setting(struct redis_operation *operation, const struct redis_reply *reply,
                         const char *value)
{
    const char *name = row_of(operation)->name;
    const char *before = keep_text(operation, redis_reply_at(reply, 1));

    if (!before)
        return refuse(operation, "this server has no such setting");
    UNDO(operation, "CONFIG", "SET", name, before);
    DO(operation, "CONFIG", "SET", name, value);
    return true;
}

static bool plan_number(struct redis_operation *operation, const struct redis_reply *reply)
{
    return plan_setting(operation, reply, argument_of(operation));
}

static bool plan_size(struct redis_operation *operation, const struct redis_reply *reply)
{
    char value[32];
    uint64_t bytes = 0;

    if (size_parse(argument_of(operation), &bytes, NULL) < 0 || bytes == 0)
        return refuse(operation, "the size must be 1 byte at least");
    *redis_write_number(value, bytes) = '\0';
    return plan_setting(operation, reply, value);
}

static bool plan_kick(struct redis_operation *operation, const struct redis_reply *reply)
{
    (void)reply;
    DO(operation, "CLIENT", "KILL", "TYPE", argument_of(operation), "SKIPME", "yes");
    return true;
}

static bool plan_read_only(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (!redis_reply_at(reply, 0) || !redis_reply_equals(redis_reply_at(reply, 0), "master"))
        return refuse(operation, "it is a replica already");
    UNDO(operation, "REPLICAOF", "NO", "ONE");
    DO(operation, "REPLICAOF", "127.0.0.1", "1"); /* nobody is there */
    return true;
}

static bool plan_pause_for(struct redis_operation *operation, const char *whom)
{
    char value[32];
    uint64_t ns = 0;

    if (duration_parse(argument_of(operation), &ns, NULL) < 0 || ns < 1000000u)
        return refuse(operation, "the pause must last 1 ms at least");
    *redis_write_number(value, ns / 1000000u) = '\0';
    UNDO(operation, "CLIENT", "UNPAUSE");
    DO(operation, "CLIENT", "PAUSE", value, whom);
    return true;
}

static bool plan_pause_all(struct redis_operation *operation, const struct redis_reply *reply)
{
    (void)reply;
    return plan_pause_for(operation, "ALL");
}

static bool plan_pause_writes(struct redis_operation *operation, const struct redis_reply *reply)
{
    (void)reply;
    return plan_pause_for(operation, "WRITE");
}

/* The limit is put back after the script is gone: a busy server takes no other command. */
static bool plan_busy(struct redis_operation *operation, const struct redis_reply *reply)
{
    UNDO(operation, "SCRIPT", "KILL");
    return plan_setting(operation, reply, BUSY_LIMIT_MS);
}

/* --- The table -------------------------------------------------------------------------------- */

#define LASTS ADAPTER_DISTURBANCE_LASTS

const struct adapter_disturbance redis_disturbances[] = {
    {"out_of_memory", ADAPTER_OPTION_SIZE, LASTS, NULL, 0, 0, "1",
     "no more memory than this (-OOM)"},
    {"deny", ADAPTER_OPTION_TEXT, LASTS, NULL, 0, 0, NULL,
     "these commands fail for our user (-NOPERM): xack, or xadd xreadgroup"},
    {"kick", ADAPTER_OPTION_CHOICE, 0, "normal|pubsub", 0, 0, "normal",
     "close all client connections of this type: normal or pubsub"},
    {"read_only", ADAPTER_OPTION_TEXT, LASTS | ADAPTER_DISTURBANCE_BARE, NULL, 0, 0, "",
     "it becomes a replica of nobody (-READONLY)"},
    {"too_few_replicas", ADAPTER_OPTION_INTEGER, LASTS, NULL, 1, 1e6, "1",
     "writes need so many replicas (-NOREPLICAS)"},
    {"max_clients", ADAPTER_OPTION_INTEGER, LASTS, NULL, 1, 1e6, "1",
     "new connections beyond so many are refused"},
    {"pause_clients", ADAPTER_OPTION_DURATION, LASTS, NULL, 0, 0, "300ms",
     "nobody is answered for so long, and no healing ends it before"},
    {"pause_writes", ADAPTER_OPTION_DURATION, LASTS, NULL, 0, 0, "10s",
     "writes are not answered for so long; health checks go on"},
    {"busy", ADAPTER_OPTION_TEXT, LASTS | ADAPTER_DISTURBANCE_BARE, NULL, 0, 0, "",
     "a script that runs on and on (-BUSY)"},
};
const uint64_t redis_disturbance_count = sizeof(redis_disturbances) / sizeof(redis_disturbances[0]);

#define SETTING(setting, plan)                                                                     \
    {                                                                                              \
        {"CONFIG", "GET", setting}, setting, plan                                                  \
    }

static const struct disturbance ROWS[] = {
    SETTING("maxmemory", plan_size),
    {{"ACL", "WHOAMI"}, NULL, NULL}, /* two questions: see on_user */
    {{NULL}, NULL, plan_kick},
    {{"ROLE"}, NULL, plan_read_only},
    SETTING("min-replicas-to-write", plan_number),
    SETTING("maxclients", plan_number),
    {{NULL}, NULL, plan_pause_all},
    {{NULL}, NULL, plan_pause_writes},
    SETTING("lua-time-limit", plan_busy),
};
_Static_assert(sizeof(ROWS) / sizeof(ROWS[0]) ==
                   sizeof(redis_disturbances) / sizeof(redis_disturbances[0]),
               "one row for each disturbance");

static const struct disturbance *find_row(const char *key)
{
    for (uint64_t i = 0; key && i < redis_disturbance_count; i++)
        if (strcmp(redis_disturbances[i].key, key) == 0)
            return &ROWS[i];
    return NULL;
}

static const struct disturbance *row_of(const struct redis_operation *operation)
{
    const struct disturbance *row = find_row(operation->call->key);

    return row ? row : &ROWS[0]; /* it was found when the call began */
}

/* --- The course of it --------------------------------------------------------------------------
 */

/* The undo's commands become the undo. */
static void answer(struct redis_operation *operation)
{
    struct text whole = {0};
    struct adapter_result result = {.outcome = ADAPTER_DONE, .number = operation->number};

    text_append_string(&whole, "{\"disturbance\": ");
    text_append_json(&whole, operation->call->key, strlen(operation->call->key));
    text_appendf(&whole, ", \"commands\": [%s]}", text_string(&operation->text));
    text_release(&operation->text);
    operation->text = whole;
    result.text = (struct adapter_text){whole.data, whole.size};
    redis_answer(operation, &result);
}

static void look_for_busy(struct redis_operation *operation);

static void on_look(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (redis_reply_is_error(reply, "BUSY"))
        answer(operation);
    else if (++operation->tries > BUSY_LOOKS_MAX)
        redis_answer_failure(operation, ADAPTER_UNKNOWN, ADAPTER_ERROR_OTHER,
                             "the server did not become busy");
    else
        redis_wake_after(operation, BUSY_LOOK_NS, look_for_busy);
}

static void send_look(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);

    REDIS_COMMAND(text, "PING");
    redis_send(operation, text, on_look, 1);
}

static void look_for_busy(struct redis_operation *operation)
{
    redis_submit(operation, REDIS_LINK_COMMAND, send_look);
}

/* The script occupies one link of the session, and is killed over the other. */
static void send_script(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);

    REDIS_COMMAND(text, "EVAL", BUSY_SCRIPT, "0");
    operation->session->host->stream_write(operation->connection->stream, text->data, text->size);
    redis_connection_expect(operation->connection, NULL, NULL, 1);
    redis_wake_after(operation, BUSY_LOOK_NS, look_for_busy);
}

static void on_deed(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (!operation->call)
        return;
    if (reply->type == REDIS_ERROR) {
        redis_answer_refusal(operation, reply);
        return;
    }
    operation->number = redis_reply_number(reply, 1);
    if (--operation->argument_count > 0)
        return;
    if (row_of(operation)->plan == plan_busy)
        redis_submit(operation, REDIS_LINK_READ, send_script);
    else
        answer(operation);
}

static void send_deeds(struct redis_operation *operation)
{
    redis_send(operation, &operation->arguments, on_deed, (uint32_t)operation->argument_count);
}

/* It is known what undoes it: that was all, or the deed follows. */
static void go_on(struct redis_operation *operation)
{
    if (operation->call->flags & ADAPTER_CALL_PREVIEW)
        answer(operation);
    else
        send_deeds(operation);
}

static void on_answer(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type == REDIS_ERROR)
        redis_answer_refusal(operation, reply);
    else if (row_of(operation)->plan(operation, reply))
        go_on(operation);
}

static void on_rules(struct redis_operation *operation, const struct redis_reply *reply)
{
    const struct redis_reply *rules = redis_reply_find(reply, "commands");

    if (reply->type == REDIS_ERROR || !rules || !redis_reply_is_text(rules)) {
        redis_answer_refusal(operation, reply);
        return;
    }
    redis_deny_rules(operation, argument_of(operation), rules);
    go_on(operation);
}

static void on_user(struct redis_operation *operation, const struct redis_reply *reply)
{
    struct text *text;

    operation->word = keep_text(operation, reply);
    if (reply->type == REDIS_ERROR || !operation->word) {
        redis_answer_refusal(operation, reply);
        return;
    }
    text = redis_compose(operation);
    REDIS_COMMAND(text, "ACL", "GETUSER", operation->word);
    redis_send(operation, text, on_rules, 1);
}

static void send_question(struct redis_operation *operation)
{
    const struct disturbance *row = row_of(operation);
    struct text *text = redis_compose(operation);

    text_clear(&operation->arguments);
    text_clear(&operation->text);
    operation->argument_count = 0;
    if (!row->asks[0]) {
        if (row->plan(operation, NULL))
            go_on(operation);
        return;
    }
    REDIS_COMMAND(text, row->asks[0], row->asks[1], row->asks[2]);
    redis_send(operation, text, row->plan ? on_answer : on_user, 1);
}

void redis_disturb(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_question, .link = REDIS_LINK_COMMAND};
    struct redis_operation *operation = redis_begin(redis_session_of(session), call, &flow);
    const struct disturbance *row = find_row(call->key);

    if (!row)
        redis_answer_later(operation, ADAPTER_UNSUPPORTED, ADAPTER_ERROR_NOT_SUPPORTED,
                           "this broker has no such fault");
    else if (!row->plan && !redis_may_be_denied(argument_of(operation)))
        redis_answer_later(operation, ADAPTER_REFUSED, ADAPTER_ERROR_VALIDATION,
                           "say which commands: not none, no categories, and not those that would "
                           "put it right again");
    else
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}
