/* dead_letter.c: dead letters as text. */
#include "dead_letter.h"

#include <string.h>

#include "base/json_members.h"

#define METADATA "_dlq_metadata"

struct adapter_text redis_dead_letter_metadata(struct adapter_text stored)
{
    struct json_member member;

    return json_members_find(stored.data, stored.size, METADATA, &member)
               ? (struct adapter_text){member.value, (size_t)(member.end - member.value)}
               : (struct adapter_text){0};
}

void redis_dead_letter_payload(struct text *text, struct adapter_text stored)
{
    struct json_member member;

    if (json_members_find(stored.data, stored.size, METADATA, &member))
        json_members_without(text, stored.data, stored.size, &member);
    else
        text_append(text, stored.data, stored.size);
}

struct adapter_text redis_dead_letter_fact(const struct redis_dead_letter *letter, const char *key)
{
    const struct adapter_text *metadata = &letter->metadata;
    struct json_member member;

    if (!metadata->data || !json_members_find(metadata->data, metadata->size, key, &member))
        return (struct adapter_text){0};
    return (struct adapter_text){member.value, (size_t)(member.end - member.value)};
}

/* "key": the fact as it was written, or the default. */
static void append_fact(struct text *text, const struct redis_dead_letter *letter, const char *name,
                        const char *key, const char *otherwise)
{
    struct adapter_text fact = redis_dead_letter_fact(letter, key);

    text_appendf(text, ", \"%s\": ", name);
    if (fact.data)
        text_append(text, fact.data, fact.size);
    else
        text_append_string(text, otherwise);
}

static size_t size_without_ending(const char *queue)
{
    size_t size = strlen(queue);

    return size > 4 && !strcmp(queue + size - 4, ":dlq") ? size - 4 : size;
}

void redis_dead_letter_write(struct text *text, const struct redis_dead_letter *letter,
                             const char *queue)
{
    struct text id = {0}, stream = {0};

    text_append_json(&id, letter->id.data, letter->id.size);
    text_append_json(&stream, queue, size_without_ending(queue));
    text_appendf(text, "{\"dlq_id\": %s", id.data);
    append_fact(text, letter, "original_id", "original_id", id.data);
    append_fact(text, letter, "stream", "original_stream", stream.data);
    append_fact(text, letter, "consumer_group", "consumer_group", "\"\"");
    append_fact(text, letter, "failure_reason", "failure_reason",
                letter->stored.data ? "\"unknown\"" : "\"unreadable\"");
    append_fact(text, letter, "failed_at", "failed_at", "null");
    append_fact(text, letter, "retry_count", "retry_count", "0");
    text_append_string(text, ", \"dlq_stream\": ");
    text_append_json(text, queue, strlen(queue));
    text_append_string(text, ", \"payload\": ");
    if (letter->stored.data)
        redis_dead_letter_payload(text, letter->stored);
    else
        text_append_string(text, "null");
    text_append_string(text, "}");
    text_release(&id);
    text_release(&stream);
}
