/* dead_letter.c: dead letters as text. */
#include "dead_letter.h"

#include <string.h>

#include "json_scan.h"

#define METADATA "_dlq_metadata"

static bool is_metadata(const struct redis_json_member *member)
{
    return member->key.size == strlen(METADATA) &&
           !memcmp(member->key.data, METADATA, member->key.size);
}

/* Cut from behind the member before it, comma included; the first member goes with the comma after
   it. */
void redis_dead_letter_payload(struct text *text, struct adapter_text stored)
{
    struct redis_json_member member = {0};
    const char *end = stored.data + stored.size, *before = NULL;

    while (redis_json_next_member(stored.data, stored.size, &member)) {
        const char *cut_from = before ? before : member.start, *cut_to = member.end;

        if (!is_metadata(&member)) {
            before = member.end;
            continue;
        }
        if (!before && redis_json_next_member(stored.data, stored.size, &member))
            cut_to = member.start;
        text_append(text, stored.data, (size_t)(cut_from - stored.data));
        text_append(text, cut_to, (size_t)(end - cut_to));
        return;
    }
    text_append(text, stored.data, stored.size);
}

struct adapter_text redis_dead_letter_fact(const struct redis_dead_letter *letter, const char *key)
{
    const struct adapter_text *metadata = &letter->metadata;

    if (!metadata->data || metadata->data[0] != '{')
        return (struct adapter_text){0};
    return redis_json_find(metadata->data, metadata->size, key);
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
