/* json.c: a JSON reader that recurses as deep as the text does, and no deeper than 200. */
#include "adapters/stdio/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { DEPTH_MAX = 200, TOKENS_FIRST = 64 };

struct reader {
    struct stdio_json *json;
    const char *at, *end;
    unsigned depth;
};

static int fail(struct reader *reader, const char *wrong)
{
    reader->json->wrong = wrong;
    reader->json->wrong_at = (size_t)(reader->at - reader->json->bytes);
    return -1;
}

static uint32_t place(const struct reader *reader)
{
    return (uint32_t)(reader->at - reader->json->bytes);
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

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t' ||
                                        *reader->at == '\n' || *reader->at == '\r'))
        reader->at++;
}

/* --- Strings --------------------------------------------------------------------------------- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four digits, or -1. */
static int32_t read_hex(const char *digits, size_t size)
{
    int32_t value = 0;

    if (size < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_value(digits[i]);

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static bool is_between(int32_t value, int32_t low, int32_t high)
{
    return value >= low && value <= high;
}

/* The reader stands behind "\u". */
static int read_unicode(struct reader *reader)
{
    size_t left = (size_t)(reader->end - reader->at);
    int32_t unit = read_hex(reader->at, left);

    if (unit < 0)
        return fail(reader, "four hexadecimal digits after \\u");
    if (is_between(unit, 0xDC00, 0xDFFF))
        return fail(reader, "a character, not the second half of one");
    if (!is_between(unit, 0xD800, 0xDBFF)) {
        reader->at += 4;
        return 0;
    }
    if (left < 10 || reader->at[4] != '\\' || reader->at[5] != 'u' ||
        !is_between(read_hex(reader->at + 6, left - 6), 0xDC00, 0xDFFF))
        return fail(reader, "the second half of a character after its first");
    reader->at += 10;
    return 0;
}

static int read_escape(struct reader *reader)
{
    if (++reader->at == reader->end)
        return fail(reader, "the end of the string");
    if (*reader->at == 'u') {
        reader->at++;
        return read_unicode(reader);
    }
    if (!*reader->at || !strchr("\"\\/bfnrt", *reader->at))
        return fail(reader, "one of \" \\ / b f n r t u after a backslash");
    reader->at++;
    return 0;
}

/* The size of the well-formed character that starts here, 0 when there is none. */
static size_t measure(const unsigned char *bytes, size_t size)
{
    unsigned char lead = bytes[0];
    size_t following = lead < 0xC2 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF5 ? 3 : 0;
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;

    if (following == 0 || size <= following || bytes[1] < low || bytes[1] > high)
        return 0;
    for (size_t i = 2; i <= following; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
    return following + 1;
}

static int read_beyond_ascii(struct reader *reader)
{
    size_t size = measure((const unsigned char *)reader->at, (size_t)(reader->end - reader->at));

    if (size == 0)
        return fail(reader, "UTF-8");
    reader->at += size;
    return 0;
}

/* The reader stands on the quote. */
static int read_string(struct reader *reader)
{
    size_t index;
    bool has_escape = false;
    int result = 0;

    reader->at++;
    index = add_token(reader, STDIO_STRING);
    while (reader->at < reader->end && *reader->at != '"' && result == 0) {
        unsigned char byte = (unsigned char)*reader->at;

        if (byte == '\\') {
            has_escape = true;
            result = read_escape(reader);
        } else if (byte >= 0x80) {
            result = read_beyond_ascii(reader);
        } else if (byte < 0x20) {
            result = fail(reader, "\\u and four digits for a control character");
        } else {
            reader->at++;
        }
    }
    if (result < 0)
        return -1;
    if (reader->at == reader->end)
        return fail(reader, "the end of the string");
    end_token(reader, index);
    reader->json->tokens[index].has_escape = has_escape;
    reader->at++;
    return 0;
}

/* --- Numbers and words ----------------------------------------------------------------------- */

static bool skip_digits(struct reader *reader)
{
    const char *begin = reader->at;

    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9')
        reader->at++;
    return reader->at > begin;
}

static bool skip_one(struct reader *reader, const char *characters)
{
    if (reader->at == reader->end || !*reader->at || !strchr(characters, *reader->at))
        return false;
    reader->at++;
    return true;
}

static int read_number(struct reader *reader)
{
    size_t index = add_token(reader, STDIO_NUMBER);

    (void)skip_one(reader, "-");
    if (!skip_one(reader, "0") && !skip_digits(reader))
        return fail(reader, "a value");
    if (skip_one(reader, ".") && !skip_digits(reader))
        return fail(reader, "digits after the point");
    if (skip_one(reader, "eE")) {
        (void)skip_one(reader, "+-");
        if (!skip_digits(reader))
            return fail(reader, "digits of the exponent");
    }
    end_token(reader, index);
    return 0;
}

static int read_word(struct reader *reader, const char *word, enum stdio_kind kind)
{
    size_t size = strlen(word);
    size_t index;

    if ((size_t)(reader->end - reader->at) < size || memcmp(reader->at, word, size) != 0)
        return fail(reader, "a value");
    index = add_token(reader, kind);
    reader->at += size;
    end_token(reader, index);
    return 0;
}

/* --- Everything ------------------------------------------------------------------------------ */

static int read_value(struct reader *reader);

static int read_key(struct reader *reader)
{
    if (reader->at == reader->end || *reader->at != '"')
        return fail(reader, "a key in quotes");
    if (read_string(reader) < 0)
        return -1;
    skip_blanks(reader);
    if (!skip_one(reader, ":"))
        return fail(reader, "a colon after the key");
    return 0;
}

static int read_members(struct reader *reader, size_t index, char closing)
{
    const char closings[] = {closing, '\0'};

    skip_blanks(reader);
    if (skip_one(reader, closings))
        return 0;
    do {
        skip_blanks(reader);
        if (closing == '}' && read_key(reader) < 0)
            return -1;
        if (read_value(reader) < 0)
            return -1;
        reader->json->tokens[index].count++;
        skip_blanks(reader);
    } while (skip_one(reader, ","));
    if (!skip_one(reader, closings))
        return fail(reader,
                    closing == '}' ? "a comma or a closing brace" : "a comma or a closing bracket");
    return 0;
}

static int read_container(struct reader *reader, enum stdio_kind kind, char closing)
{
    size_t index = add_token(reader, kind);

    if (++reader->depth > DEPTH_MAX)
        return fail(reader, "less depth");
    reader->at++;
    if (read_members(reader, index, closing) < 0)
        return -1;
    reader->depth--;
    end_token(reader, index);
    return 0;
}

static int read_value(struct reader *reader)
{
    skip_blanks(reader);
    if (reader->at == reader->end)
        return fail(reader, "a value");
    switch (*reader->at) {
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

int stdio_json_read(struct stdio_json *json, char *bytes, size_t size)
{
    struct reader reader = {.json = json, .at = bytes, .end = bytes + size};

    json->bytes = bytes;
    json->count = 0;
    json->wrong = NULL;
    if (size >= UINT32_MAX)
        return fail(&reader, "a shorter line");
    if (read_value(&reader) < 0)
        return -1;
    skip_blanks(&reader);
    return reader.at == reader.end ? 0 : fail(&reader, "the end of the line");
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
    int32_t unit = read_hex(from, 4);

    from += 4;
    if (is_between(unit, 0xD800, 0xDBFF)) {
        unit = 0x10000 + ((unit - 0xD800) << 10) + (read_hex(from + 2, 4) - 0xDC00);
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
