/* dead_letter.c: the metadata of a dead letter, written and read. */
#include "adapters/inline/dead_letter.h"

#include <jansson.h>
#include <string.h>

#include "adapters/inline/broker.h"
#include "adapters/inline/group.h"
#include "adapters/inline/stream.h"
#include "adapters/inline/wall_clock.h"
#include "base/json_members.h"

#define METADATA_KEY "_dlq_metadata"
#define QUEUE_ENDING ":dlq"

/* --- Writing ------------------------------------------------------------------------------------
 */

static void append_member(struct text *text, const char *key, const char *value, size_t size)
{
    text_appendf(text, "%s\"%s\": ", text->size > 0 ? ", " : "{", key);
    text_append_json(text, value, size);
}

static void write_metadata(struct text *text, const struct inline_group *group,
                           const struct inline_delivery *delivery, uint64_t position,
                           const char *reason, uint64_t wall_ms)
{
    const char *consumer = delivery->member ? delivery->member->name : "";
    char id[MESSAGE_ID_SIZE], failed_at[WALL_CLOCK_TEXT_SIZE];

    message_id_write(&group->stream->ids, position, id);
    wall_clock_show(wall_ms, failed_at);
    append_member(text, "original_stream", group->stream->name, strlen(group->stream->name));
    append_member(text, "original_id", id, sizeof(id));
    append_member(text, "consumer_group", group->name, strlen(group->name));
    append_member(text, "consumer", consumer, strlen(consumer));
    append_member(text, "failure_reason", reason, strlen(reason));
    append_member(text, "failed_at", failed_at, strlen(failed_at));
    text_appendf(text, ", \"retry_count\": %u}", delivery->failures - 1);
}

static struct inline_stream *queue_of(const struct inline_stream *stream)
{
    struct inline_broker *broker = stream->broker;
    struct inline_stream *queue;

    text_clear(&broker->scratch);
    text_append_string(&broker->scratch, stream->name);
    text_append_string(&broker->scratch, QUEUE_ENDING);
    queue = inline_broker_make_stream(broker, text_string(&broker->scratch));
    text_clear(&broker->scratch);
    return queue;
}

bool inline_dead_letter(struct inline_group *group, const struct inline_delivery *delivery,
                        uint64_t position, const char *reason, uint64_t wall_ms)
{
    struct text metadata = {0}, *entry = &group->stream->broker->scratch;
    struct inline_segment *segment;
    struct inline_stream *queue;
    struct adapter_text payload;

    if (!message_log_is_readable(&group->stream->log, position, &segment))
        return true;
    queue = queue_of(group->stream);
    if (queue->is_foreign)
        return false;
    payload = message_log_payload(segment, position);
    write_metadata(&metadata, group, delivery, position, reason, wall_ms);
    json_members_with(entry, payload.data, payload.size, METADATA_KEY, text_string(&metadata));
    message_log_append(&queue->log, entry->data, entry->size, wall_ms);
    inline_stream_published(queue, queue->published_ns);
    text_release(&metadata);
    return true;
}

/* --- Reading ------------------------------------------------------------------------------------
 */

static void read_text(struct text *text, const json_t *metadata, const char *key)
{
    const json_t *value = json_object_get(metadata, key);

    if (!json_is_string(value))
        return;
    text_clear(text);
    text_append(text, json_string_value(value), json_string_length(value));
}

static void read_metadata(struct inline_dead_letter *letter, const char *json, size_t size)
{
    json_t *metadata = json_loadb(json, size, JSON_ALLOW_NUL, NULL);
    const json_t *retries = json_object_get(metadata, "retry_count");

    read_text(&letter->original_id, metadata, "original_id");
    read_text(&letter->stream, metadata, "original_stream");
    read_text(&letter->group, metadata, "consumer_group");
    read_text(&letter->consumer, metadata, "consumer");
    read_text(&letter->reason, metadata, "failure_reason");
    read_text(&letter->failed_at, metadata, "failed_at");
    if (json_is_number(retries))
        letter->retry_count = (int64_t)json_number_value(retries);
    letter->has_group = json_is_string(json_object_get(metadata, "consumer_group"));
    json_decref(metadata);
}

static void read_defaults(struct inline_dead_letter *letter, const struct inline_stream *queue,
                          uint64_t position)
{
    size_t size = strlen(queue->name), ending = strlen(QUEUE_ENDING);
    char id[MESSAGE_ID_SIZE];

    if (size >= ending && strcmp(queue->name + size - ending, QUEUE_ENDING) == 0)
        size -= ending;
    message_id_write(&queue->ids, position, id);
    text_append(&letter->original_id, id, sizeof(id));
    text_append(&letter->stream, queue->name, size);
    text_append_string(&letter->reason, "unknown");
}

void inline_dead_letter_read(struct inline_dead_letter *letter, const struct inline_stream *queue,
                             const struct inline_segment *segment, uint64_t position)
{
    const struct inline_mark *mark = inline_segment_mark(segment, position);
    struct adapter_text entry = message_log_payload(segment, position);
    struct json_member member;

    read_defaults(letter, queue, position);
    if (mark && mark->flags & INLINE_MARK_UNREADABLE)
        return;
    if (!json_members_find(entry.data, entry.size, METADATA_KEY, &member)) {
        text_append(&letter->payload, entry.data, entry.size);
        return;
    }
    read_metadata(letter, member.value, (size_t)(member.end - member.value));
    json_members_without(&letter->payload, entry.data, entry.size, &member);
}

void inline_dead_letter_release(struct inline_dead_letter *letter)
{
    struct text *texts[] = {&letter->original_id, &letter->stream, &letter->group,
                            &letter->consumer,    &letter->reason, &letter->failed_at,
                            &letter->payload};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        text_release(texts[i]);
    *letter = (struct inline_dead_letter){0};
}

/* --- Showing ------------------------------------------------------------------------------------
 */

static void show_text(struct text *text, const char *key, const struct text *value)
{
    text_appendf(text, "\"%s\": ", key);
    text_append_json(text, text_string(value), value->size);
    text_append_string(text, ", ");
}

void inline_dead_letter_show(const struct inline_dead_letter *letter, struct text *text,
                             const struct inline_stream *queue, uint64_t position)
{
    char id[MESSAGE_ID_SIZE];

    message_id_write(&queue->ids, position, id);
    text_appendf(text, "{\"dlq_id\": \"%.*s\", ", (int)sizeof(id), id);
    show_text(text, "original_id", &letter->original_id);
    show_text(text, "stream", &letter->stream);
    show_text(text, "consumer_group", &letter->group);
    show_text(text, "consumer", &letter->consumer);
    show_text(text, "failure_reason", &letter->reason);
    if (letter->failed_at.size > 0)
        show_text(text, "failed_at", &letter->failed_at);
    else
        text_append_string(text, "\"failed_at\": null, ");
    text_appendf(text, "\"retry_count\": %lld, \"dlq_stream\": ", (long long)letter->retry_count);
    text_append_json(text, queue->name, strlen(queue->name));
    text_append_string(text, ", \"payload\": ");
    if (letter->payload.size > 0)
        text_append(text, letter->payload.data, letter->payload.size);
    else
        text_append_string(text, "null");
    text_append_string(text, "}");
}
