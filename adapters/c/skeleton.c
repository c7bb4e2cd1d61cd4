/* skeleton.c: an adapter for Gauntlet in C, as a plugin.  It works as it stands, on a small broker
   of its own that lives in memory; put yours in its place, from top to bottom.

       make && gauntlet conform ./skeleton.so

   A plugin includes adapter.h and exports one object, broker_adapter, at the end of this file. That
   header is the manual: its first comment has the rules, and beside each operation stand the
   members of a call that it uses and what it is answered with.

   This adapter sets ADAPTER_TRAIT_BLOCKS: each session has a thread of its own and one operation at
   a time, so that operations may wait for a client library and answer before they return.  An
   adapter without that trait never waits: it starts things with the host's timers, streams and
   watches, and answers from them. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <adapter.h>

/* --- The broker: replace it by a connection to yours ----------------------------------------- */

struct message {
    char id[24];
    char *payload;
    size_t size;
};

struct group {
    struct group *next;
    char *name, *consumer; /* the last one that read */
    size_t position;       /* messages handed over */
    char created_at[32];
};

struct stream {
    struct stream *next;
    char *name;
    struct message *messages;
    size_t count, capacity;
    struct group *groups;
};

/* One broker under one configuration; shared by its sessions, which have a thread each. */
struct adapter_instance {
    pthread_mutex_t mutex;
    const struct adapter_host *host;
    uint64_t created_ns;
    struct stream *streams;
};

/* What one actor uses: usually one connection. */
struct adapter_session {
    struct adapter_instance *instance;
    const struct adapter_host *host;
    char *name;
};

static struct stream *find_stream(struct adapter_instance *instance, const char *name)
{
    struct stream *stream = instance->streams;

    while (stream && strcmp(stream->name, name) != 0)
        stream = stream->next;
    if (stream)
        return stream;
    stream = calloc(1, sizeof(*stream));
    stream->name = strdup(name);
    stream->next = instance->streams;
    instance->streams = stream;
    return stream;
}

static struct group *find_group(struct adapter_instance *instance, struct stream *stream,
                                const char *name)
{
    struct group *group = stream->groups;
    time_t now = (time_t)(instance->host->wall_ms(instance->host) / 1000);
    struct tm parts;

    while (group && strcmp(group->name, name) != 0)
        group = group->next;
    if (group)
        return group;
    group = calloc(1, sizeof(*group));
    group->name = strdup(name);
    group->next = stream->groups;
    gmtime_r(&now, &parts);
    strftime(group->created_at, sizeof(group->created_at), "%Y-%m-%dT%H:%M:%SZ", &parts);
    stream->groups = group;
    return group;
}

static void store(struct stream *stream, const struct adapter_text *payload)
{
    if (stream->count == stream->capacity) {
        stream->capacity = stream->capacity ? stream->capacity * 2 : 16;
        stream->messages =
            realloc(stream->messages, stream->capacity * sizeof(stream->messages[0]));
    }
    struct message *message = &stream->messages[stream->count++];
    snprintf(message->id, sizeof(message->id), "%zu", stream->count);
    message->payload = malloc(payload->size);
    message->size = payload->size;
    memcpy(message->payload, payload->data, payload->size);
}

static void free_stream(struct stream *stream)
{
    while (stream->groups) {
        struct group *group = stream->groups;

        stream->groups = group->next;
        free(group->name);
        free(group->consumer);
        free(group);
    }
    for (size_t i = 0; i < stream->count; i++)
        free(stream->messages[i].payload);
    free(stream->messages);
    free(stream->name);
    free(stream);
}

static void forget_all(struct adapter_instance *instance)
{
    while (instance->streams) {
        struct stream *stream = instance->streams;

        instance->streams = stream->next;
        free_stream(stream);
    }
}

/* --- Answers: exactly one for each call ----------------------------------------------------------
 */

static void answer_number(struct adapter_call *call, int64_t number)
{
    struct adapter_result result = {
        .struct_size = sizeof(result), .outcome = ADAPTER_DONE, .attempts = 1, .number = number};

    call->done(call, &result);
}

/* Text that the result points to must live until done returns, and no longer. */
static void answer_json(struct adapter_call *call, const char *json)
{
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = ADAPTER_DONE,
                                    .attempts = 1,
                                    .text = {json, strlen(json)}};

    call->done(call, &result);
}

/* ADAPTER_REFUSED is a promise: it surely did not happen.  Where a reply was lost, or a deadline
   passed after sending, the outcome is ADAPTER_UNKNOWN, with ADAPTER_ERROR_CONNECTION. */
static void answer_refusal(struct adapter_call *call, uint32_t error, const char *detail)
{
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = ADAPTER_REFUSED,
                                    .error = error,
                                    .detail = detail};

    call->done(call, &result);
}

/* --- Operations ----------------------------------------------------------------------------------
 */

static int is_message(const struct adapter_text *text)
{
    return text->size > 2 && text->data[0] == '{' && text->data[text->size - 1] == '}' &&
           strspn(text->data + 1, " \t\r\n") < text->size - 2;
}

/* Required of every broker.  (stream, items=payloads) -> items with ids.  A batch is stored whole
   or answered item by item; payloads are passed on byte for byte. */
static void publish(struct adapter_session *session, struct adapter_call *call)
{
    struct adapter_item *items;

    for (size_t i = 0; i < call->item_count; i++) {
        if (!is_message(&call->items[i])) {
            answer_refusal(call, ADAPTER_ERROR_VALIDATION,
                           "a message is a JSON object that is not empty");
            return;
        }
    }
    items = calloc(call->item_count + 1, sizeof(*items));
    pthread_mutex_lock(&session->instance->mutex);
    struct stream *stream = find_stream(session->instance, call->stream);
    size_t first = stream->count;
    for (size_t i = 0; i < call->item_count; i++)
        store(stream, &call->items[i]);
    for (size_t i = 0; i < call->item_count; i++) {
        const char *id = stream->messages[first + i].id;

        items[i] = (struct adapter_item){.outcome = ADAPTER_DONE, .id = {id, strlen(id)}};
    }
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = ADAPTER_DONE,
                                    .attempts = 1,
                                    .items = items,
                                    .item_count = call->item_count};
    call->done(call, &result);
    pthread_mutex_unlock(&session->instance->mutex);
    free(items);
}

static void hand_over(struct adapter_session *session, struct adapter_call *call, int64_t count)
{
    pthread_mutex_lock(&session->instance->mutex);
    struct stream *stream = find_stream(session->instance, call->stream);
    struct group *group = find_group(session->instance, stream, call->group);
    size_t left = stream->count - group->position, n = count < 0 ? 0 : (size_t)count;
    if (n > left)
        n = left;
    struct adapter_entry *entries = calloc(n + 1, sizeof(*entries));
    for (size_t i = 0; i < n; i++) {
        const struct message *message = &stream->messages[group->position + i];

        entries[i].id = (struct adapter_text){message->id, strlen(message->id)};
        entries[i].payload = (struct adapter_text){message->payload, message->size};
        entries[i].attempt = 1; /* 0 where the broker does not tell */
    }
    group->position += n;
    free(group->consumer);
    group->consumer = strdup(session->name);
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = n ? ADAPTER_DONE : ADAPTER_EMPTY,
                                    .attempts = 1,
                                    .entries = entries,
                                    .entry_count = n};
    call->done(call, &result);
    pthread_mutex_unlock(&session->instance->mutex);
    free(entries);
}

/* Required with CONSUMER_GROUPS.  (stream, group) -> one entry, or EMPTY, at once. */
static void get_next(struct adapter_session *session, struct adapter_call *call)
{
    hand_over(session, call, 1);
}

/* Required with CONSUMER_GROUPS.  (stream, group, count) -> up to count entries, or EMPTY. */
static void read_some(struct adapter_session *session, struct adapter_call *call)
{
    hand_over(session, call, call->count);
}

/* Required of every broker with groups.  (stream, group): creates the group; changes nothing where
   there is one. */
static void ensure_group(struct adapter_session *session, struct adapter_call *call)
{
    pthread_mutex_lock(&session->instance->mutex);
    (void)find_group(session->instance, find_stream(session->instance, call->stream), call->group);
    pthread_mutex_unlock(&session->instance->mutex);
    answer_number(call, 1);
}

/* Required of every broker.  () -> 1 when it answers, 0 when it does not; never an error. */
static void ping(struct adapter_session *session, struct adapter_call *call)
{
    (void)session;
    answer_number(call, 1);
}

/* Required of every broker.  () -> 1 once there is a connection: make it again if need be. */
static void ensure_connection(struct adapter_session *session, struct adapter_call *call)
{
    ping(session, call);
}

/* Required of every broker.  () -> JSON: status (healthy, degraded, unhealthy), connected,
   last_ping_ms, uptime_seconds, and details with message_counts: total_messages, and with ACK_NACK
   in_flight. */
static void health_stats(struct adapter_session *session, struct adapter_call *call)
{
    struct adapter_instance *instance = session->instance;
    size_t total = 0;
    char json[400];

    pthread_mutex_lock(&instance->mutex);
    for (const struct stream *stream = instance->streams; stream; stream = stream->next)
        total += stream->count;
    pthread_mutex_unlock(&instance->mutex);
    snprintf(json, sizeof(json),
             "{\"status\": \"healthy\", \"connected\": true, \"last_ping_ms\": null, "
             "\"uptime_seconds\": %.6f, \"details\": {\"message_counts\": {\"total_messages\": "
             "%zu}}}",
             (double)(session->host->now_ns(session->host) - instance->created_ns) / 1e9, total);
    answer_json(call, json);
}

/* Required of every broker with groups.  () -> JSON: for each group its consumers, consumer_count,
   created_at, and with ACK_NACK in_flight by stream. */
static void info(struct adapter_session *session, struct adapter_call *call)
{
    char *json = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&json, &size);
    const char *comma = "";

    fputs("{", out);
    pthread_mutex_lock(&session->instance->mutex);
    for (const struct stream *stream = session->instance->streams; stream; stream = stream->next) {
        for (const struct group *group = stream->groups; group; group = group->next) {
            fprintf(out, "%s\"%s\": {\"consumers\": [", comma, group->name);
            if (group->consumer)
                fprintf(out, "\"%s\"", group->consumer);
            fprintf(out, "], \"consumer_count\": %d, \"created_at\": \"%s\"}",
                    group->consumer != NULL, group->created_at);
            comma = ", ";
        }
    }
    pthread_mutex_unlock(&session->instance->mutex);
    fputs("}", out);
    fclose(out);
    answer_json(call, json);
    free(json);
}

/* Required of every broker.  (): removes all that this instance named, and nothing else. */
static void data_reset(struct adapter_session *session, struct adapter_call *call)
{
    pthread_mutex_lock(&session->instance->mutex);
    forget_all(session->instance);
    pthread_mutex_unlock(&session->instance->mutex);
    answer_number(call, 1);
}

/* --- Life: all required
 * ----------------------------------------------------------------------------
 */

/* One broker under one configuration.  config->uri is where it is: use it as it is, for it may
   already point at a proxy.  config->settings are the values of `options`, in their order. */
static int create(const struct adapter_host *host, const struct adapter_config *config,
                  struct adapter_instance **ret_instance, char reterr[256])
{
    struct adapter_instance *instance;

    if (config->uri) {
        snprintf(reterr, 256, "this broker lives in memory: leave out 'uri'");
        return -1;
    }
    instance = calloc(1, sizeof(*instance));
    pthread_mutex_init(&instance->mutex, NULL);
    instance->host = host;
    instance->created_ns = host->now_ns(host);
    *ret_instance = instance;
    return 0;
}

/* After its last session. */
static void destroy(struct adapter_instance *instance)
{
    if (!instance)
        return;
    forget_all(instance);
    pthread_mutex_destroy(&instance->mutex);
    free(instance);
}

/* config->name: the actor's, for logs.  config->consumer: the name to use inside groups; NULL: make
   a unique one. */
static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    struct adapter_session *session = calloc(1, sizeof(*session));

    (void)reterr; /* one line, when it returns -1 */
    session->instance = instance;
    session->host = host;
    session->name = strdup(config->consumer ? config->consumer : config->name);
    *ret_session = session;
    return 0;
}

/* The end, in good order. */
static void close_session(struct adapter_session *session)
{
    if (!session)
        return;
    free(session->name);
    free(session);
}

/* The end as in a crash: hand nothing back, drop the connection. */
static void abandon_session(struct adapter_session *session)
{
    close_session(session);
}

/* --- What all this amounts to
 * ---------------------------------------------------------------------- */

/* Options that a scenario may set.
   static const struct adapter_option options[] = {
       {"prefetch", ADAPTER_OPTION_INTEGER, NULL, 1, 1000, "10", "messages in hand, at most"},
   }; */

/* Facts that operations cannot show; 0 or NULL: not known. */
static const struct adapter_profile profile = {
    .struct_size = sizeof(profile),
    .redelivery_time_ms = 0, /* a crashed consumer's messages are back after it */
};

const struct broker_adapter broker_adapter = {
    .abi = BROKER_ADAPTER_ABI,
    .struct_size = sizeof(struct broker_adapter),
    .name = "skeleton",
    .summary = "a broker in memory, with a position for each group",
    /* Promises that the suite will hold it to: flags, or tiers that stand for several. */
    .capabilities = ADAPTER_TIER_SIMPLE_QUEUING,
    /* Leave out IN_PROCESS as soon as the broker is a server. */
    .traits = ADAPTER_TRAIT_BLOCKS | ADAPTER_TRAIT_IN_PROCESS,
    .profile = &profile,
    /* .options = options, .option_count = sizeof(options) / sizeof(options[0]), */

    .create = create,
    .destroy = destroy,
    .open = open_session,
    .close = close_session,
    .abandon = abandon_session,

    .publish = publish,
    .get_next = get_next,
    .read = read_some,
    .ensure_group = ensure_group,
    .ping = ping,
    .ensure_connection = ensure_connection,
    .health_stats = health_stats,
    .info = info,
    .data_reset = data_reset,

    /* What this broker cannot is left out.  Fill in what yours can:

       .ack, .nack                 required with ACK_NACK: items with number 1 or 0
       .read_blocking              required with BLOCKING_READ: waits duration_ms at most
       .subscribe                  required with SUBSCRIBE where there are no groups: call->deliver
       .read_from                  required with REPLAY: outside any group
       .dlq_list, .dlq_inspect, .dlq_replay, .dlq_replay_all, .dlq_purge, .dlq_trim, .dlq_depth
                                   required with DEAD_LETTER_QUEUE
       .record_partition, .partition_keys, .reap_partition, .acquire_partition_lease,
       .renew_partition_lease, .release_partition_lease, .read_partition_fenced,
       .ack_partition_fenced, .reclaim_partition_pending
                                   required with STREAM_PARTITIONING
       .trim                       optional: keep at most so many, and nothing that a group needs
       .stream_depth, .stream_remove
                                   optional, for a run's own books and its tidying up
       .tamper, .disturb, .restore optional: let the suite change the store, and break the broker
       .declared, .profile_of      optional: what is promised under the options given */
};
