/* health.c: health_stats: a ping, INFO, and the sizes of the streams this broker has named, in one
   write.  What the server denies is left out, and named. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "kind.h"
#include "resp.h"
#include "session.h"

enum health_count { COUNT_TOTAL, COUNT_IN_FLIGHT, COUNT_DLQ, COUNT_PING_NS };

static void append_string(struct text *text, const char *key, const char *value, size_t size)
{
    text_appendf(text, "\"%s\": ", key);
    text_append_json(text, value, size);
}

static double uptime_seconds(const struct redis_operation *operation)
{
    const struct redis_session *session = operation->session;

    return (double)(redis_session_now(session) - session->instance->created_ns) / 1e9;
}

/* --- Replies, in the order of the commands ---------------------------------------------------- */

static void on_ping(struct redis_operation *operation, const struct redis_reply *reply)
{
    operation->counts[COUNT_PING_NS] =
        (int64_t)(redis_session_now(operation->session) - operation->until_ns);
    operation->phase = redis_reply_equals(reply, "PONG");
    text_clear(&operation->text);
    if (!operation->phase) {
        append_string(&operation->text, "error", reply->text,
                      reply->type == REDIS_ERROR ? reply->size : 0);
        text_append_string(&operation->text, ", ");
    }
}

/* One line of INFO, "key:value", as a member. */
static void append_info(struct text *text, const struct redis_reply *info, const char *key)
{
    const char *end = info->text + info->size;
    size_t key_size = strlen(key);

    for (const char *at = info->text; at && at < end;) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        const char *stop = next ? next : end;

        if ((size_t)(stop - at) > key_size && !memcmp(at, key, key_size) && at[key_size] == ':') {
            at += key_size + 1;
            while (stop > at && (stop[-1] == '\r' || stop[-1] == '\n'))
                stop--;
            append_string(text, key, at, (size_t)(stop - at));
            text_append_string(text, ", ");
            return;
        }
        at = next ? next + 1 : NULL;
    }
}

/* Of a number in INFO, as a number. */
static long long find_number(const struct redis_reply *info, const char *key)
{
    struct text line = {0};
    long long number;

    append_info(&line, info, key);
    number = line.size > strlen(key) + 5 ? strtoll(line.data + strlen(key) + 5, NULL, 10) : 0;
    text_release(&line);
    return number;
}

static void append_resources(struct text *text, const struct redis_reply *info)
{
    text_appendf(text,
                 "\"resources\": {\"process_id\": %lld, \"program\": \"redis-server\", "
                 "\"memory_bytes\": %lld, \"memory_limit_bytes\": %lld}, ",
                 find_number(info, "process_id"), find_number(info, "used_memory"),
                 find_number(info, "maxmemory"));
}

static void on_server_info(struct redis_operation *operation, const struct redis_reply *reply)
{
    static const char *const keys[] = {"redis_version",
                                       "uptime_in_seconds",
                                       "used_memory_human",
                                       "connected_clients",
                                       "role",
                                       "used_memory",
                                       "used_memory_rss",
                                       "maxmemory",
                                       "maxmemory_policy",
                                       "mem_fragmentation_ratio",
                                       "aof_enabled",
                                       "rdb_bgsave_in_progress",
                                       "used_cpu_sys",
                                       "used_cpu_user",
                                       "total_commands_processed",
                                       "total_connections_received",
                                       "rejected_connections",
                                       "total_error_replies",
                                       "evicted_keys",
                                       "expired_keys",
                                       "connected_slaves"};

    if (reply->type == REDIS_STRING) {
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
            append_info(&operation->text, reply, keys[i]);
        append_resources(&operation->text, reply);
    } else {
        append_string(&operation->text, "info_refused", reply->text,
                      reply->type == REDIS_ERROR ? reply->size : 0);
        text_append_string(&operation->text, ", ");
    }
}

static void on_length(struct redis_operation *operation, const struct redis_reply *reply)
{
    const struct redis_name *name = &operation->names[operation->index++];
    int64_t length = redis_reply_number(reply, 0);

    text_append_string(&operation->text, operation->index == 1 ? "\"lengths\": {" : ", ");
    text_append_json(&operation->text, name->first, strlen(name->first));
    text_appendf(&operation->text, ": %" PRId64, length);
    operation->counts[COUNT_TOTAL] += length;
}

static void on_groups(struct redis_operation *operation, const struct redis_reply *reply)
{
    for (size_t i = 0; redis_reply_at(reply, i); i++)
        operation->counts[COUNT_IN_FLIGHT] +=
            redis_reply_number(redis_reply_find(redis_reply_at(reply, i), "pending"), 0);
}

static void on_dlq_length(struct redis_operation *operation, const struct redis_reply *reply)
{
    operation->counts[COUNT_DLQ] += redis_reply_number(reply, 0);
}

/* The last reply: all is known. */
static void on_end(struct redis_operation *operation, const struct redis_reply *reply)
{
    const struct redis_kind *kind = operation->session->kind;
    struct text *details = &operation->text;
    struct text whole = {0};

    (void)reply;
    text_append_string(details, operation->index ? "}, " : "");
    text_appendf(details, "\"streams\": %zu, ", operation->name_count);
    text_appendf(details, "\"message_counts\": {\"total_messages\": %" PRId64,
                 operation->counts[COUNT_TOTAL]);
    if (kind->has_server_groups)
        text_appendf(details, ", \"in_flight\": %" PRId64 ", \"dlq\": %" PRId64,
                     operation->counts[COUNT_IN_FLIGHT], operation->counts[COUNT_DLQ]);
    text_append_string(details, "}");
    text_appendf(&whole,
                 "{\"status\": \"%s\", \"connected\": true, \"last_ping_ms\": %.3f, "
                 "\"uptime_seconds\": %.3f, \"details\": {%s}}",
                 operation->phase ? "healthy" : "degraded",
                 (double)operation->counts[COUNT_PING_NS] / 1e6, uptime_seconds(operation),
                 text_string(details));
    text_release(details);
    *details = whole;
    redis_answer_text(operation);
}

/* --- Commands --------------------------------------------------------------------------------- */

static void send_one(struct redis_operation *operation, const char *command, const char *subcommand,
                     const char *argument, redis_on_reply *on_reply)
{
    struct text *text = redis_compose(operation);

    if (subcommand)
        REDIS_COMMAND(text, command, subcommand, argument);
    else
        REDIS_COMMAND(text, command, argument);
    redis_send(operation, text, on_reply, 1);
}

static bool is_dlq(const char *stream)
{
    size_t size = strlen(stream);

    return size > 4 && !strcmp(stream + size - 4, ":dlq");
}

static void ask_about(struct redis_operation *operation, const struct redis_name *name)
{
    const struct redis_kind *kind = operation->session->kind;
    struct text dlq = {0};

    send_one(operation, kind->length_command, NULL, name->first, on_length);
    if (!kind->has_server_groups)
        return;
    send_one(operation, "XINFO", "GROUPS", name->first, on_groups);
    text_appendf(&dlq, "%s:dlq", name->first);
    send_one(operation, "XLEN", NULL, dlq.data, on_dlq_length);
    text_release(&dlq);
}

/* Dead letter queues are counted with their streams. */
static void drop_queues(struct redis_operation *operation)
{
    size_t kept = 0;

    for (size_t i = 0; i < operation->name_count; i++)
        if (!is_dlq(operation->names[i].first))
            operation->names[kept++] = operation->names[i];
    operation->name_count = kept;
}

static void send_health(struct redis_operation *operation)
{
    struct redis_session *session = operation->session;

    operation->until_ns = redis_session_now(session);
    operation->names = redis_copy_names(session->instance, REDIS_NAME_STREAM, &operation->arena,
                                        &operation->name_count);
    if (session->kind->has_server_groups)
        drop_queues(operation);
    operation->index = 0;
    memset(operation->counts, 0, sizeof(operation->counts));
    send_one(operation, "PING", NULL, NULL, on_ping);
    send_one(operation, "INFO", NULL, NULL, on_server_info);
    for (size_t i = 0; i < operation->name_count && session->kind->length_command; i++)
        ask_about(operation, &operation->names[i]);
    send_one(operation, "PING", NULL, NULL, on_end);
}

/* A server that does not answer is what this operation is there to tell. */
static void fail_health(struct redis_operation *operation, const struct adapter_result *failure)
{
    struct text *text = &operation->text;

    text_clear(text);
    text_appendf(text,
                 "{\"status\": \"unhealthy\", \"connected\": false, \"last_ping_ms\": null, "
                 "\"uptime_seconds\": %.3f, \"details\": {",
                 uptime_seconds(operation));
    append_string(text, "error", failure->detail ? failure->detail : "",
                  failure->detail ? strlen(failure->detail) : 0);
    text_append_string(text, ", \"message_counts\": {}}}");
    redis_answer_text(operation);
}

void redis_health_stats(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_health,
        .fail = fail_health,
        .link = REDIS_LINK_COMMAND,
        .retries = true,
    };

    redis_start(redis_session_of(session), call, &flow);
}
