/* lists.c: the adapter "redis_pubsub": lists with a position per group. */
#include "lists.h"

#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "common.h"
#include "disturb.h"
#include "kind.h"
#include "publish.h"
#include "redis.h"
#include "resp.h"
#include "tamper.h"

static const struct adapter_option options[] = {
    {.key = "retry",
     .type = ADAPTER_OPTION_CHOICE,
     .choices = "none|once",
     .default_text = "once",
     .help = "whether a command is sent again, once, after a lost connection"},
};

/* Every group's position goes with the list. */
size_t redis_lists_add_keys(struct redis_operation *operation, const char *stream)
{
    struct redis_session *session = operation->session;
    size_t count, key_count = 1;
    struct redis_name *names =
        redis_copy_names(session->instance, REDIS_NAME_GROUP, &operation->arena, &count);

    redis_argument_string(&operation->arguments, stream);
    for (size_t i = 0; i < count; i++) {
        char *position = redis_lists_position_key(stream, names[i].second);
        char *reads = redis_lists_reads_key(stream, names[i].second);

        if (!strcmp(names[i].first, stream)) {
            redis_argument_string(&operation->arguments, position);
            redis_argument_string(&operation->arguments, reads);
            key_count += 2;
        }
        free(position);
        free(reads);
    }
    return key_count;
}

/* "position:<stream>:<group>" and "reads:<stream>:<group>". */
static bool is_reserved(const char *stream)
{
    const char *colon = strchr(stream, ':');

    return (!strncmp(stream, "position:", 9) || !strncmp(stream, "reads:", 6)) &&
           strchr(colon + 1, ':') != NULL;
}

static const struct redis_kind kind = {
    .publish_command = "RPUSH",
    .has_envelope = true,
    .length_command = "LLEN",
    .is_reserved = is_reserved,
    .add_keys = redis_lists_add_keys,
};

static const struct adapter_profile profile = {.struct_size = sizeof(profile)};

static int create(const struct adapter_host *host, const struct adapter_config *config,
                  struct adapter_instance **ret_instance, char reterr[256])
{
    return redis_create(host, config, &profile, ret_instance, reterr);
}

/* What this session was handed last is of no use to anybody else. */
static void leave(struct redis_session *session)
{
    struct redis_connection *connection = &session->connections[REDIS_LINK_COMMAND];
    struct redis_arena arena = {0};
    struct text *text = &session->commands;
    size_t count;
    struct redis_name *names =
        redis_copy_names(session->instance, REDIS_NAME_GROUP, &arena, &count);

    text_clear(text);
    for (size_t i = 0; i < count; i++) {
        char *reads = redis_lists_reads_key(names[i].first, names[i].second);

        REDIS_COMMAND(text, "HDEL", reads, session->consumer);
        free(reads);
    }
    if (connection->state == REDIS_OPEN && text->size)
        session->host->stream_write(connection->stream, text->data, text->size);
    redis_arena_release(&arena);
}

static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    (void)reterr;
    redis_open(instance, host, config, &kind, ret_session)->leave = leave;
    return 0;
}

const struct broker_adapter redis_pubsub_adapter = {
    .abi = BROKER_ADAPTER_ABI,
    .struct_size = sizeof(redis_pubsub_adapter),
    .name = "redis_pubsub",
    .summary = "Redis lists with a position per group, not PUBLISH/SUBSCRIBE, not popping queues; "
               "the list never shrinks",
    .capabilities = ADAPTER_TIER_SIMPLE_QUEUING,
    .traits = ADAPTER_TRAIT_DIALS,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .profile = &profile,
    .create = create,
    .destroy = redis_destroy,
    .open = open_session,
    .close = redis_close,
    .abandon = redis_abandon,
    .profile_of = redis_profile_of,
    .publish = redis_publish,
    .get_next = redis_lists_read,
    .read = redis_lists_read,
    .trim = redis_trim_nothing,
    .health_stats = redis_health_stats,
    .info = redis_info,
    .subscribe = redis_lists_subscribe,
    .tamper = redis_lists_tamper,
    .data_reset = redis_data_reset,
    .stream_depth = redis_stream_depth,
    .stream_remove = redis_stream_remove,
    REDIS_DISTURBANCES,
    .ping = redis_ping,
    .ensure_connection = redis_ensure_connection,
    .ensure_group = redis_lists_ensure_group,
};
