/* info.c: info: a JSON object, group -> consumers, how many, since when, and what is outstanding on
   each stream. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/inline/wall_clock.h"
#include "admin.h"
#include "base/map.h"
#include "base/memory.h"
#include "kind.h"
#include "lists.h"
#include "resp.h"
#include "session.h"

/* What is gathered of one group name, over all streams. */
struct group_facts {
    struct map consumers;    /* name -> itself */
    struct text outstanding; /* members: "stream": number */
    uint64_t created_ms;
};

struct info_facts {
    struct map groups; /* name -> struct group_facts */
};

static struct group_facts *find_group(struct info_facts *facts, const char *name, size_t size)
{
    struct group_facts *group = map_get(&facts->groups, name, size);

    if (!group) {
        group = memory_new(1, sizeof(*group));
        map_set(&facts->groups, name, size, group);
    }
    return group;
}

static void add_outstanding(struct group_facts *group, const char *stream, int64_t count)
{
    if (group->outstanding.size)
        text_append_string(&group->outstanding, ", ");
    text_append_json(&group->outstanding, stream, strlen(stream));
    text_appendf(&group->outstanding, ": %" PRId64, count);
}

static void free_facts(struct info_facts *facts)
{
    for (size_t i = 0; i < facts->groups.count; i++) {
        struct group_facts *group = facts->groups.entries[i].value;

        map_release(&group->consumers);
        text_release(&group->outstanding);
        free(group);
    }
    map_release(&facts->groups);
    free(facts);
}

static void append_group(struct text *text, const struct map_entry *entry)
{
    const struct group_facts *group = entry->value;
    char created_at[WALL_CLOCK_TEXT_SIZE];

    text_append_json(text, entry->key, entry->key_size);
    text_append_string(text, ": {\"consumers\": [");
    for (size_t i = 0; i < group->consumers.count; i++) {
        text_append_string(text, i ? ", " : "");
        text_append_json(text, group->consumers.entries[i].key,
                         group->consumers.entries[i].key_size);
    }
    text_appendf(text, "], \"consumer_count\": %zu, \"created_at\": ", group->consumers.count);
    wall_clock_show(group->created_ms, created_at);
    if (group->created_ms)
        text_append_json(text, created_at, strlen(created_at));
    else
        text_append_string(text, "null"); /* somebody else's group: the server does not tell */
    text_appendf(text, ", \"outstanding\": {%s}}", text_string(&group->outstanding));
}

static void write_facts(struct text *text, const struct info_facts *facts)
{
    text_clear(text);
    text_append_string(text, "{");
    for (size_t i = 0; i < facts->groups.count; i++) {
        text_append_string(text, i ? ", " : "");
        append_group(text, &facts->groups.entries[i]);
    }
    text_append_string(text, "}");
}

/* --- Replies ---------------------------------------------------------------------------------- */

static struct info_facts *facts_of(struct redis_operation *operation)
{
    return operation->gathered;
}

static const struct redis_name *next_name(struct redis_operation *operation)
{
    return &operation->names[operation->index++];
}

/* XINFO GROUPS of a stream; a refusal leaves out what it would have told. */
static void on_groups(struct redis_operation *operation, const struct redis_reply *reply)
{
    const struct redis_name *name = next_name(operation);

    for (size_t i = 0; redis_reply_at(reply, i); i++) {
        const struct redis_reply *facts = redis_reply_at(reply, i);
        const struct redis_reply *group = redis_reply_find(facts, "name");

        if (redis_reply_is_text(group))
            add_outstanding(find_group(facts_of(operation), group->text, group->size), name->first,
                            redis_reply_number(redis_reply_find(facts, "pending"), 0));
    }
}

static void add_consumer(struct group_facts *group, const struct redis_reply *consumer)
{
    if (redis_reply_is_text(consumer))
        map_set(&group->consumers, consumer->text, consumer->size, group);
}

/* XINFO CONSUMERS of a stream and a group. */
static void on_consumers(struct redis_operation *operation, const struct redis_reply *reply)
{
    const struct redis_name *name = next_name(operation);
    struct group_facts *group =
        map_get(&facts_of(operation)->groups, name->second, strlen(name->second));

    if (!group)
        return; /* it is gone */
    group->created_ms = name->noted_ms;
    for (size_t i = 0; redis_reply_at(reply, i); i++)
        add_consumer(group, redis_reply_find(redis_reply_at(reply, i), "name"));
}

/* The readers of a list; its groups are those this broker has named. */
static void on_readers(struct redis_operation *operation, const struct redis_reply *reply)
{
    const struct redis_name *name = next_name(operation);
    struct group_facts *group = find_group(facts_of(operation), name->second, strlen(name->second));

    group->created_ms = name->noted_ms;
    for (size_t i = 0; redis_reply_at(reply, i); i++)
        add_consumer(group, redis_reply_at(reply, i));
}

static void on_end(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type == REDIS_ERROR) {
        redis_answer_refusal(operation, reply);
        return;
    }
    write_facts(&operation->text, facts_of(operation));
    redis_answer_text(operation);
}

/* --- Commands --------------------------------------------------------------------------------- */

static void ask_streams(struct redis_operation *operation, struct text *text)
{
    size_t count = operation->name_count;

    for (size_t i = 0; i < count; i++) {
        text_clear(text);
        if (operation->names[i].kind == REDIS_NAME_STREAM)
            REDIS_COMMAND(text, "XINFO", "GROUPS", operation->names[i].first);
        else
            REDIS_COMMAND(text, "XINFO", "CONSUMERS", operation->names[i].first,
                          operation->names[i].second);
        redis_send(operation, text,
                   operation->names[i].kind == REDIS_NAME_STREAM ? on_groups : on_consumers, 1);
    }
}

static void ask_lists(struct redis_operation *operation, struct text *text)
{
    for (size_t i = 0; i < operation->name_count; i++) {
        char *key = redis_lists_reads_key(operation->names[i].first, operation->names[i].second);

        text_clear(text);
        REDIS_COMMAND(text, "HKEYS", key);
        redis_send(operation, text, on_readers, 1);
        free(key);
    }
}

/* Streams first, so that groups which are gone are not listed, then groups. */
static void gather_names(struct redis_operation *operation)
{
    struct redis_instance *instance = operation->session->instance;
    struct redis_name *streams, *groups;
    size_t stream_count = 0, group_count;

    streams = redis_copy_names(instance, REDIS_NAME_STREAM, &operation->arena, &stream_count);
    groups = redis_copy_names(instance, REDIS_NAME_GROUP, &operation->arena, &group_count);
    if (!operation->session->kind->has_server_groups)
        stream_count = 0;
    operation->names =
        redis_arena_take(&operation->arena, (stream_count + group_count + 1) * sizeof(*groups));
    operation->name_count = operation->names ? stream_count + group_count : 0;
    if (operation->name_count && stream_count)
        memcpy(operation->names, streams, stream_count * sizeof(*streams));
    if (operation->name_count && group_count)
        memcpy(operation->names + stream_count, groups, group_count * sizeof(*groups));
}

static void forget_facts(struct redis_operation *operation)
{
    if (operation->gathered)
        free_facts(operation->gathered);
    operation->gathered = NULL;
}

static void send_info(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);

    gather_names(operation);
    forget_facts(operation); /* of an attempt whose connection was lost */
    operation->gathered = memory_new(1, sizeof(struct info_facts));
    operation->index = 0;
    if (operation->session->kind->has_server_groups)
        ask_streams(operation, text);
    else
        ask_lists(operation, text);
    text_clear(text);
    REDIS_COMMAND(text, "PING");
    redis_send(operation, text, on_end, 1);
}

void redis_info(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_info,
        .finish = forget_facts,
        .link = REDIS_LINK_COMMAND,
        .retries = true,
    };

    redis_start(redis_session_of(session), call, &flow);
}
