/* json_scan.c: a JSON scanner without recursion and without memory of its own. */
#include "json_scan.h"

#include <stdint.h>
#include <string.h>

#define DEPTH_MAX 4096u

struct scan {
    const char *at, *end;
    enum redis_json_dialect dialect;
    size_t depth;
    unsigned char kinds[DEPTH_MAX / 8]; /* a bit for each open container: 1 is an object */
};

static void skip_space(struct scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' || *scan->at == '\r'))
        scan->at++;
}

static bool take(struct scan *scan, char wanted)
{
    if (scan->at == scan->end || *scan->at != wanted)
        return false;
    scan->at++;
    return true;
}

static bool take_word(struct scan *scan, const char *word)
{
    size_t size = strlen(word);

    if ((size_t)(scan->end - scan->at) < size || memcmp(scan->at, word, size) != 0)
        return false;
    scan->at += size;
    return true;
}

static bool take_digits(struct scan *scan)
{
    const char *start = scan->at;

    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
        scan->at++;
    return scan->at > start;
}

static bool take_number(struct scan *scan)
{
    take(scan, '-');
    if (scan->dialect == REDIS_JSON_PYTHON && take_word(scan, "Infinity"))
        return true;
    if (!take(scan, '0') && !take_digits(scan))
        return false;
    if (take(scan, '.') && !take_digits(scan))
        return false;
    if (take(scan, 'e') || take(scan, 'E')) {
        if (!take(scan, '-'))
            take(scan, '+');
        return take_digits(scan);
    }
    return true;
}

/* Behind one UTF-8 sequence of more than one byte, or NULL. */
static const char *skip_utf8(const char *at, const char *end)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = (unsigned char)*at;
    size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    uint32_t code = lead & (0xFFu >> (size + 1));

    if (lead < 0xC2 || lead > 0xF4 || (size_t)(end - at) < size)
        return NULL;
    for (size_t i = 1; i < size; i++) {
        if (((unsigned char)at[i] & 0xC0) != 0x80)
            return NULL;
        code = code << 6 | ((unsigned char)at[i] & 0x3Fu);
    }
    if (code < smallest[size] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        return NULL;
    return at + size;
}

static bool is_hexadecimal(const char *at, const char *end)
{
    if (end - at < 4)
        return false;
    for (int i = 0; i < 4; i++)
        if (!memchr("0123456789abcdefABCDEF", at[i], 22))
            return false;
    return true;
}

/* Behind one character of a string, escaped or not, or NULL. */
static const char *skip_character(const char *at, const char *end)
{
    unsigned char first = (unsigned char)*at;

    if (first >= 0x80)
        return skip_utf8(at, end);
    if (first < 0x20)
        return NULL;
    if (first != '\\')
        return at + 1;
    if (++at == end)
        return NULL;
    if (*at == 'u')
        return is_hexadecimal(at + 1, end) ? at + 5 : NULL;
    return memchr("\"\\/bfnrt", *at, 8) ? at + 1 : NULL;
}

static bool take_string(struct scan *scan)
{
    if (!take(scan, '"'))
        return false;
    while (scan->at < scan->end && *scan->at != '"') {
        scan->at = skip_character(scan->at, scan->end);
        if (!scan->at)
            return false;
    }
    return take(scan, '"');
}

static bool take_scalar(struct scan *scan)
{
    switch (scan->at < scan->end ? *scan->at : '\0') {
    case '"':
        return take_string(scan);
    case 't':
        return take_word(scan, "true");
    case 'f':
        return take_word(scan, "false");
    case 'n':
        return take_word(scan, "null");
    case 'N':
        return scan->dialect == REDIS_JSON_PYTHON && take_word(scan, "NaN");
    case 'I':
        return scan->dialect == REDIS_JSON_PYTHON && take_word(scan, "Infinity");
    default:
        return take_number(scan);
    }
}

static bool is_in_object(const struct scan *scan)
{
    size_t top = scan->depth - 1;

    return scan->kinds[top / 8] & (1u << (top % 8));
}

static bool push(struct scan *scan, bool is_object)
{
    unsigned bit = 1u << (scan->depth % 8);
    unsigned char *kinds = &scan->kinds[scan->depth / 8];

    if (scan->depth == DEPTH_MAX)
        return false;
    *kinds = (unsigned char)(is_object ? *kinds | bit : *kinds & ~bit);
    scan->depth++;
    return true;
}

static bool take_key(struct scan *scan)
{
    skip_space(scan);
    if (!take_string(scan))
        return false;
    skip_space(scan);
    return take(scan, ':');
}

enum progress { BROKEN, VALUE_NEXT, VALUE_DONE };

/* A value begins here: pass a scalar or an empty container, or enter a container. */
static enum progress begin_value(struct scan *scan)
{
    bool is_object;

    skip_space(scan);
    is_object = take(scan, '{');
    if (!is_object && !take(scan, '['))
        return take_scalar(scan) ? VALUE_DONE : BROKEN;
    skip_space(scan);
    if (take(scan, is_object ? '}' : ']'))
        return VALUE_DONE;
    if (!push(scan, is_object))
        return BROKEN;
    return !is_object || take_key(scan) ? VALUE_NEXT : BROKEN;
}

/* A value inside a container ended here: go on to the next one, or leave the container. */
static enum progress end_value(struct scan *scan)
{
    bool is_object = is_in_object(scan);

    skip_space(scan);
    if (take(scan, ','))
        return !is_object || take_key(scan) ? VALUE_NEXT : BROKEN;
    if (!take(scan, is_object ? '}' : ']'))
        return BROKEN;
    scan->depth--;
    return VALUE_DONE;
}

const char *redis_json_skip(const char *at, const char *end, enum redis_json_dialect dialect)
{
    struct scan scan = {.at = at, .end = end, .dialect = dialect};
    enum progress progress = VALUE_NEXT;

    while (progress == VALUE_NEXT || (progress == VALUE_DONE && scan.depth))
        progress = progress == VALUE_NEXT ? begin_value(&scan) : end_value(&scan);
    return progress == VALUE_DONE ? scan.at : NULL;
}

bool redis_json_is_object(const char *text, size_t size, enum redis_json_dialect dialect)
{
    struct scan scan = {.at = text, .end = text + size};

    skip_space(&scan);
    if (scan.at == scan.end || *scan.at != '{')
        return false;
    scan.at = redis_json_skip(scan.at, scan.end, dialect);
    if (!scan.at)
        return false;
    skip_space(&scan);
    return scan.at == scan.end;
}

bool redis_json_is_empty(const char *text, size_t size)
{
    struct redis_json_member member = {0};

    return !redis_json_next_member(text, size, &member);
}

/* The place of the next item of a container: behind its bracket, or behind the comma after the item
   before it.  NULL when there is none. */
static const char *find_item(struct scan *scan, const char *behind, char bracket)
{
    if (behind)
        scan->at = behind;
    skip_space(scan);
    if (!take(scan, behind ? ',' : bracket))
        return NULL;
    skip_space(scan);
    return scan->at < scan->end && *scan->at != '}' && *scan->at != ']' ? scan->at : NULL;
}

bool redis_json_next_member(const char *text, size_t size, struct redis_json_member *member)
{
    struct scan scan = {.at = text, .end = text + size, .dialect = REDIS_JSON_PYTHON};
    const char *start = find_item(&scan, member->end, '{');

    if (!start || !take_string(&scan))
        return false;
    member->start = start;
    member->key = (struct adapter_text){start + 1, (size_t)(scan.at - start) - 2};
    skip_space(&scan);
    if (!take(&scan, ':'))
        return false;
    skip_space(&scan);
    member->end = redis_json_skip(scan.at, scan.end, REDIS_JSON_PYTHON);
    if (!member->end)
        return false;
    member->value = (struct adapter_text){scan.at, (size_t)(member->end - scan.at)};
    return true;
}

struct adapter_text redis_json_find(const char *text, size_t size, const char *key)
{
    struct redis_json_member member = {0};
    size_t key_size = strlen(key);

    while (redis_json_next_member(text, size, &member))
        if (member.key.size == key_size && !memcmp(member.key.data, key, key_size))
            return member.value;
    return (struct adapter_text){0};
}

bool redis_json_next_element(const char *text, size_t size, struct adapter_text *element)
{
    struct scan scan = {.at = text, .end = text + size, .dialect = REDIS_JSON_PYTHON};
    const char *behind = element->data ? element->data + element->size : NULL;
    const char *start = find_item(&scan, behind, '[');
    const char *end = start ? redis_json_skip(start, scan.end, REDIS_JSON_PYTHON) : NULL;

    if (!end)
        return false;
    *element = (struct adapter_text){start, (size_t)(end - start)};
    return true;
}
