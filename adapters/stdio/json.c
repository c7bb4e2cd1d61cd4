/* json.c: a JSON reader that recurses as deep as the text does, and no deeper than 200. */
#include "adapters/stdio/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/memory.h"

enum { DEPTH_MAX = 200, TOKENS_FIRST = 64 };

struct reader {
    struct stdio_json *json;
    struct json_scan scan;
    unsigned depth;
};

static bool fail(struct reader *reader, const char *wrong)
{
    reader->scan.wrong = wrong;
    return false;
}

static uint32_t place(const struct reader *reader)
{
    return (uint32_t)(reader->scan.at - reader->json->bytes);
}

static size_t add_token(struct reader *reader, enum stdio_kind kind)
{
    struct stdio_json *json = reader->json;

    if (json->count == json->capacity) {
        json->capacity = json->capacity ? json->capacity * 2 : TOKENS_FIRST;
        json->tokens = memory_grow(json->tokens, json->capacity, sizeof(*json->tokens));
    }
    json->tokens[json->count] = (struct stdio_token){.kind = kind, .begin = place(reader)};
    return json->count++;
}

static void end_token(struct reader *reader, size_t index)
{
    struct stdio_token *token = &reader->json->tokens[index];

    token->end = place(reader);
    token->next = (uint32_t)reader->json->count;
}

/* --- Scalars --------------------------------------------------------------------------------- */

/* The token of a string lies between its quotes. */
static bool read_string(struct reader *reader)
{
    size_t index = add_token(reader, STDIO_STRING);

    if (!json_scan_string(&reader->scan))
        return false;
    end_token(reader, index);
    struct stdio_token *token = &reader->json->tokens[index];
    token->begin++;
    token->end--;
    token->has_escape = reader->scan.has_escape;
    return true;
}

static bool read_number(struct reader *reader)
{
    size_t index = add_token(reader, STDIO_NUMBER);

    if (!json_scan_number(&reader->scan))
        return false;
    end_token(reader, index);
    return true;
}

static bool read_word(struct reader *reader, const char *word, enum stdio_kind kind)
{
    size_t index = add_token(reader, kind);

    if (!json_scan_word(&reader->scan, word))
        return false;
    end_token(reader, index);
    return true;
}

/* --- Everything ------------------------------------------------------------------------------ */

static bool read_value(struct reader *reader);

static bool read_key(struct reader *reader)
{
    json_scan_space(&reader->scan);
    if (reader->scan.at == reader->scan.end || *reader->scan.at != '"')
        return fail(reader, "a key in quotes");
    if (!read_string(reader))
        return false;
    return json_scan_mark(&reader->scan, ':') || fail(reader, "a colon after the key");
}

static bool read_members(struct reader *reader, size_t index, char closing)
{
    if (json_scan_mark(&reader->scan, closing))
        return true;
    do {
        if (closing == '}' && !read_key(reader))
            return false;
        if (!read_value(reader))
            return false;
        reader->json->tokens[index].count++;
    } while (json_scan_mark(&reader->scan, ','));
    return json_scan_mark(&reader->scan, closing) ||
           fail(reader,
                closing == '}' ? "a comma or a closing brace" : "a comma or a closing bracket");
}

static bool read_container(struct reader *reader, enum stdio_kind kind, char closing)
{
    size_t index = add_token(reader, kind);

    if (++reader->depth > DEPTH_MAX)
        return fail(reader, "less depth");
    reader->scan.at++;
    if (!read_members(reader, index, closing))
        return false;
    reader->depth--;
    end_token(reader, index);
    return true;
}

static bool read_value(struct reader *reader)
{
    json_scan_space(&reader->scan);
    if (reader->scan.at == reader->scan.end)
        return fail(reader, "a value");
    switch (*reader->scan.at) {
    case '{':
        return read_container(reader, STDIO_OBJECT, '}');
    case '[':
        return read_container(reader, STDIO_ARRAY, ']');
    case '"':
        return read_string(reader);
    case 't':
        return read_word(reader, "true", STDIO_TRUE);
    case 'f':
        return read_word(reader, "false", STDIO_FALSE);
    case 'n':
        return read_word(reader, "null", STDIO_NULL);
    default:
        return read_number(reader);
    }
}

static bool read_line(struct reader *reader, size_t size)
{
    if (size >= UINT32_MAX)
        return fail(reader, "a shorter line");
    if (!read_value(reader))
        return false;
    json_scan_space(&reader->scan);
    return reader->scan.at == reader->scan.end || fail(reader, "the end of the line");
}

int stdio_json_read(struct stdio_json *json, char *bytes, size_t size)
{
    struct reader reader = {.json = json,
                            .scan = {.at = bytes, .end = bytes + size, .rules = JSON_SCAN_PAIRED}};

    json->bytes = bytes;
    json->count = 0;
    json->wrong = NULL;
    if (read_line(&reader, size))
        return 0;
    json->wrong = reader.scan.wrong;
    json->wrong_at = place(&reader);
    return -1;
}

void stdio_json_release(struct stdio_json *json)
{
    free(json->tokens);
    *json = (struct stdio_json){0};
}

/* --- Looking at it --------------------------------------------------------------------------- */

struct stdio_token *stdio_json_root(const struct stdio_json *json)
{
    return json->tokens;
}

struct stdio_token *stdio_json_first(const struct stdio_json *json, struct stdio_token *token)
{
    (void)json;
    return token + 1;
}

struct stdio_token *stdio_json_after(const struct stdio_json *json, const struct stdio_token *token)
{
    return json->tokens + token->next;
}

struct stdio_token *stdio_json_get(const struct stdio_json *json, const struct stdio_token *object,
                                   const char *key)
{
    size_t size = strlen(key), index;

    if (!object || object->kind != STDIO_OBJECT)
        return NULL;
    index = (size_t)(object - json->tokens) + 1;
    for (uint32_t i = 0; i < object->count; i++) {
        const struct stdio_token *name = &json->tokens[index];

        if (name->end - name->begin == size && memcmp(json->bytes + name->begin, key, size) == 0)
            return &json->tokens[index + 1];
        index = json->tokens[index + 1].next;
    }
    return NULL;
}

struct adapter_text stdio_json_raw(const struct stdio_json *json, const struct stdio_token *token)
{
    uint32_t quote = token->kind == STDIO_STRING;

    return (struct adapter_text){json->bytes + token->begin - quote,
                                 token->end - token->begin + 2 * quote};
}

bool stdio_json_integer(const struct stdio_json *json, const struct stdio_token *token,
                        int64_t *ret_number)
{
    char digits[24];
    char *end;

    if (!token)
        return false;
    if (token->kind == STDIO_TRUE || token->kind == STDIO_FALSE) {
        *ret_number = token->kind == STDIO_TRUE;
        return true;
    }
    size_t size = token->end - token->begin;
    if (token->kind != STDIO_NUMBER || size > 19)
        return false;
    memcpy(digits, json->bytes + token->begin, size);
    digits[size] = '\0';
    long long number = strtoll(digits, &end, 10);
    if (*end)
        return false;
    *ret_number = number;
    return true;
}

const char *stdio_json_kind(const struct stdio_token *token)
{
    static const char *const NAMES[] = {"null",     "false",  "true",     "a number",
                                        "a string", "a list", "an object"};

    return token ? NAMES[token->kind] : "nothing";
}

/* --- Unescaping ------------------------------------------------------------------------------ */

static char *put_utf8(char *to, int32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    if (c < 0x800) {
        *to++ = (char)(0xC0 | c >> 6);
    } else {
        if (c < 0x10000) {
            *to++ = (char)(0xE0 | c >> 12);
        } else {
            *to++ = (char)(0xF0 | c >> 18);
            *to++ = (char)(0x80 | (c >> 12 & 0x3F));
        }
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
    }
    *to++ = (char)(0x80 | (c & 0x3F));
    return to;
}

/* `from` stands behind "\u"; gives what is behind the escape. */
static const char *put_unicode(const char *from, char **to)
{
    int32_t unit = json_scan_hexadecimal(from, from + 4);

    from += 4;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        unit = 0x10000 + ((unit - 0xD800) << 10) +
               (json_scan_hexadecimal(from + 2, from + 6) - 0xDC00);
        from += 6;
    }
    *to = put_utf8(*to, unit);
    return from;
}

static char unescape_letter(char letter)
{
    static const char LETTERS[] = "bfnrt", BYTES[] = "\b\f\n\r\t";
    const char *found = strchr(LETTERS, letter);

    return found ? BYTES[found - LETTERS] : letter;
}

/* What was read is well-formed, and never grows. */
static char *unescape(const char *from, const char *end, char *to)
{
    while (from < end) {
        const char *backslash = memchr(from, '\\', (size_t)(end - from));
        size_t plain = (size_t)((backslash ? backslash : end) - from);

        memmove(to, from, plain);
        to += plain;
        from += plain;
        if (!backslash)
            break;
        if (from[1] == 'u') {
            from = put_unicode(from + 2, &to);
        } else {
            *to++ = unescape_letter(from[1]);
            from += 2;
        }
    }
    return to;
}

struct adapter_text stdio_json_text(struct stdio_json *json, struct stdio_token *token)
{
    char *begin;

    if (!token || token->kind != STDIO_STRING)
        return (struct adapter_text){"", 0};
    begin = json->bytes + token->begin;
    if (token->has_escape) {
        token->end = (uint32_t)(unescape(begin, json->bytes + token->end, begin) - json->bytes);
        token->has_escape = false;
    }
    return (struct adapter_text){begin, token->end - token->begin};
}

bool stdio_json_is(struct stdio_json *json, struct stdio_token *token, const char *string)
{
    struct adapter_text text = stdio_json_text(json, token);

    return token && token->kind == STDIO_STRING && text.size == strlen(string) &&
           memcmp(text.data, string, text.size) == 0;
}
