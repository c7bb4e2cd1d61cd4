/* identity_json.c: the slow path of identity, for payloads that were rewritten on their way. */
#include "base/identity_parts.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define LOAD_FLAGS (JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES)
#define DUMP_FLAGS (JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY)

static int is_body_intact(const char *tag, const json_t *body)
{
    char *text = body ? json_dumps(body, DUMP_FLAGS) : NULL;
    int is_intact = text && identity_tag_agrees(tag, identity_body_digest(text, strlen(text)));

    free(text);
    return is_intact;
}

/* Damaged: a tag that still stands in its place says whose message it was.  Nothing is asked of
   what follows the sequence number, for the message may have been cut short. */
static int salvage(const char *payload, size_t size, struct identity *ret)
{
    char tag[IDENTITY_TAG_SIZE];
    size_t available = size > IDENTITY_TAG_OFFSET ? size - IDENTITY_TAG_OFFSET : 0;
    size_t needed = IDENTITY_TAG_INTENDED - 1; /* run, track and sequence */

    if (available < needed || memcmp(payload, IDENTITY_HEAD, IDENTITY_TAG_OFFSET) != 0)
        return -1;
    memcpy(tag, "00000000-0000-0000000000-0000000000000000-00000000", sizeof(tag));
    memcpy(tag, payload + IDENTITY_TAG_OFFSET, available < sizeof(tag) ? available : sizeof(tag));
    if (identity_tag_read(tag, ret) == 0)
        return 0;
    memcpy(tag + needed, "-0000000000000000-00000000", sizeof(tag) - needed);
    return identity_tag_read(tag, ret);
}

/* An object with a "gauntlet": ours, intact only when nothing was changed, added or taken away. */
static enum identity_verdict judge(const json_t *root, const json_t *mark, struct identity *ret)
{
    const char *tag = json_string_value(mark);

    if (!tag || json_string_length(mark) != IDENTITY_TAG_SIZE || identity_tag_read(tag, ret) != 0)
        return IDENTITY_CORRUPT;
    if (json_object_size(root) != 2 || !is_body_intact(tag, json_object_get(root, "body")))
        return IDENTITY_CORRUPT;
    return IDENTITY_INTACT;
}

enum identity_verdict identity_json_read(const char *payload, size_t size, struct identity *ret)
{
    json_t *root = size ? json_loadb(payload, size, LOAD_FLAGS, NULL) : NULL;
    const json_t *mark = json_object_get(root, "gauntlet");
    enum identity_verdict verdict = IDENTITY_FOREIGN;

    *ret = (struct identity){0};
    if (salvage(payload, size, ret) == 0)
        verdict = IDENTITY_CORRUPT;
    if (mark)
        verdict = judge(root, mark, ret);
    json_decref(root);
    return verdict;
}

int identity_canonical(const char *json, size_t size, char **ret_text, struct error *reterr)
{
    json_error_t problem;
    json_t *value = json_loadb(json, size, LOAD_FLAGS, &problem);
    char *text;

    if (!value)
        return error_set(reterr, ERROR_SCENARIO, "not JSON: %s (line %d, column %d)", problem.text,
                         problem.line, problem.column);
    text = json_dumps(value, DUMP_FLAGS);
    json_decref(value);
    if (!text)
        return error_set(reterr, ERROR_SYSTEM, "out of memory while writing JSON");
    *ret_text = text;
    return 0;
}
