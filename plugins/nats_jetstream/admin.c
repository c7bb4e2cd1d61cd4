/* admin.c: what is asked about the broker as a whole, and what tidies it up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "parts.h"

void ensure_group(struct adapter_session *session, struct adapter_call *call)
{
    struct stream *stream;
    struct group *group;
    unsigned removals;

    if (!connection_begin(session, call)) {
        answer_unsent(session, call);
        return;
    }
    natsStatus s = store_find(session, call, &stream, &group, &removals);
    if (s == NATS_OK)
        answer_number(session, call, 1);
    else
        answer_status(session, call, s, 1);
}

static int answers(struct adapter_session *session)
{
    return natsConnection_FlushTimeout(session->connection, connection_left_ms(session)) == NATS_OK;
}

void ping(struct adapter_session *session, struct adapter_call *call)
{
    int is_there = connection_begin(session, call) && answers(session);

    if (!is_there && connection_again(session, call))
        is_there = answers(session);
    answer_number(session, call, is_there);
}

/* --- Health ------------------------------------------------------------------------------------
 */

struct totals {
    unsigned long long messages, in_flight;
};

static void count_stream(struct adapter_session *session, const struct stream *stream,
                         struct totals *totals)
{
    jsStreamInfo *info = NULL;

    if (js_GetStreamInfo(&info, session->js, stream->encoded, connection_options(session), NULL) !=
        NATS_OK)
        return;
    totals->messages += info->State.Msgs;
    jsStreamInfo_Destroy(info);
    for (const struct group *group = known_groups(session->instance, stream); group;
         group = group->next) {
        struct pending pending;

        if (store_ask_pending(session, stream, group, &pending) == NATS_OK)
            totals->in_flight += (unsigned long long)pending.count;
    }
}

void health_stats(struct adapter_session *session, struct adapter_call *call)
{
    struct adapter_instance *instance = session->instance;
    struct totals totals = {0, 0};
    int is_there = connection_begin(session, call);
    uint64_t begun_ns = session->host->now_ns(session->host);
    char json[512];

    is_there = is_there && answers(session);
    uint64_t now_ns = session->host->now_ns(session->host);
    for (const struct stream *stream = known_streams(instance); is_there && stream;
         stream = stream->next)
        count_stream(session, stream, &totals);
    snprintf(json, sizeof(json),
             "{\"status\": \"%s\", \"connected\": %s, \"last_ping_ms\": %.3f, "
             "\"uptime_seconds\": %.6f, \"details\": {\"message_counts\": {\"total_messages\": "
             "%llu, \"in_flight\": %llu}}}",
             is_there ? "healthy" : "unhealthy", is_there ? "true" : "false",
             is_there ? (double)(now_ns - begun_ns) / NS_PER_MS : 0.0,
             (double)(now_ns - instance->created_ns) / 1e9, totals.messages, totals.in_flight);
    answer_json(session, call, json);
}

/* --- Facts about groups ------------------------------------------------------------------------
 */

static void put_json_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        if ((unsigned char)*text >= 0x20)
            fputc(*text, out);
    }
    fputc('"', out);
}

/* Of all streams that have a group of this name. */
static void show_members(struct adapter_instance *instance, FILE *out, const char *name)
{
    size_t count = 0;

    fputs("\"consumers\": [", out);
    pthread_mutex_lock(&instance->mutex);
    for (const struct stream *stream = instance->streams; stream; stream = stream->next) {
        const struct group *group = known_find(stream, name);

        for (size_t i = 0; group && i < group->member_count; i++, count++) {
            fputs(count ? ", " : "", out);
            put_json_string(out, group->members[i]);
        }
    }
    pthread_mutex_unlock(&instance->mutex);
    fprintf(out, "], \"consumer_count\": %zu", count);
}

/* Gives when the first of them was created. */
static int64_t show_outstanding(struct adapter_session *session, FILE *out, const char *name)
{
    const char *comma = "";
    int64_t created = 0;

    fputs("\"outstanding\": {", out);
    for (const struct stream *stream = known_streams(session->instance); stream;
         stream = stream->next) {
        const struct group *group = known_groups(session->instance, stream);
        jsConsumerInfo *info = NULL;

        while (group && strcmp(group->name, name) != 0)
            group = group->next;
        if (!group || js_GetConsumerInfo(&info, session->js, stream->encoded, group->encoded,
                                         connection_options(session), NULL) != NATS_OK)
            continue;
        fputs(comma, out);
        put_json_string(out, stream->name);
        fprintf(out, ": %lld", (long long)info->NumAckPending);
        comma = ", ";
        if (!created || info->Created < created)
            created = info->Created;
        jsConsumerInfo_Destroy(info);
    }
    fputs("}", out);
    return created;
}

static void show_group(struct adapter_session *session, FILE *out, const char *name)
{
    char made[40];
    struct tm parts;

    put_json_string(out, name);
    fputs(": {", out);
    show_members(session->instance, out, name);
    fputs(", ", out);
    time_t seconds = (time_t)(show_outstanding(session, out, name) / 1000000000);
    gmtime_r(&seconds, &parts);
    strftime(made, sizeof(made), "%Y-%m-%dT%H:%M:%SZ", &parts);
    fprintf(out, ", \"created_at\": \"%s\"}", made);
}

/* Names of groups that were made, each once, whatever the streams it is used on. */
static char **list_groups(struct adapter_instance *instance, size_t *ret_count)
{
    char **names = NULL;

    *ret_count = 0;
    pthread_mutex_lock(&instance->mutex);
    for (const struct stream *stream = instance->streams; stream; stream = stream->next)
        for (const struct group *group = stream->groups; group; group = group->next)
            if (group->is_made)
                (void)name_know(&names, ret_count, group->name);
    pthread_mutex_unlock(&instance->mutex);
    return names;
}

void info(struct adapter_session *session, struct adapter_call *call)
{
    char *json = NULL, **names;
    size_t size = 0, count;

    if (!connection_begin(session, call)) {
        answer_unsent(session, call);
        return;
    }
    names = list_groups(session->instance, &count);
    FILE *out = open_memstream(&json, &size);
    fputs("{", out);
    for (size_t i = 0; i < count; i++) {
        fputs(i ? ", " : "", out);
        show_group(session, out, names[i]);
    }
    fputs("}", out);
    fclose(out);
    answer_json(session, call, json);
    free(json);
    name_free_all(names, count);
}

/* --- Tidying up --------------------------------------------------------------------------------
 */

void data_reset(struct adapter_session *session, struct adapter_call *call)
{
    natsStatus s = NATS_OK;

    if (!connection_begin(session, call)) {
        answer_unsent(session, call);
        return;
    }
    for (struct stream *stream = known_streams(session->instance); stream && s == NATS_OK;
         stream = stream->next)
        s = store_delete(session, stream);
    if (s == NATS_OK)
        answer_number(session, call, 1);
    else
        answer_status(session, call, s, 1);
}

void stream_depth(struct adapter_session *session, struct adapter_call *call)
{
    char encoded[NAME_SIZE];
    jsStreamInfo *found = NULL;
    jsErrCode code = 0;

    name_encode(call->stream, encoded);
    if (!connection_begin(session, call)) {
        answer_unsent(session, call);
        return;
    }
    natsStatus s =
        js_GetStreamInfo(&found, session->js, encoded, connection_options(session), &code);
    if (s == NATS_OK)
        answer_number(session, call, (int64_t)found->State.Msgs);
    else if (code == JSStreamNotFoundErr || s == NATS_NOT_FOUND)
        answer_number(session, call, 0);
    else
        answer_status(session, call, s, 1);
    jsStreamInfo_Destroy(found);
}

void stream_remove(struct adapter_session *session, struct adapter_call *call)
{
    natsStatus s;

    if (!connection_begin(session, call)) {
        answer_unsent(session, call);
        return;
    }
    s = store_delete(session, known_stream(session->instance, call->stream));
    if (s == NATS_OK)
        answer_number(session, call, 1);
    else
        answer_status(session, call, s, 1);
}
