/* value_parse.c: a JSON reader that is strict about the grammar and keeps what it reads. */
#include <string.h>

#include "actors/value_json.h"

/* Far beyond what clauses ask for, and far below what the stack bears. */
enum { DEPTH_MAX = 2000 };

struct reader {
    const char *at, *end;
    unsigned depth;
    struct text scratch; /* the string being read */
};

static struct value *read_value(struct reader *reader);

static void skip_space(struct reader *reader)
{
    while (reader->at < reader->end && memchr(" \t\r\n", *reader->at, 4))
        reader->at++;
}

static bool take(struct reader *reader, char wanted)
{
    skip_space(reader);
    if (reader->at == reader->end || *reader->at != wanted)
        return false;
    reader->at++;
    return true;
}

/* --- Numbers --------------------------------------------------------------------------------- */

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

/* The end of the number that begins here; NULL when there is none. */
static const char *find_number_end(const char *at, const char *end)
{
    const char *digits;

    if (at < end && *at == '-')
        at++;
    digits = at;
    at = skip_digits(at, end);
    if (at == digits || (*digits == '0' && at - digits > 1))
        return NULL;
    if (at < end && *at == '.') {
        digits = ++at;
        at = skip_digits(at, end);
        if (at == digits)
            return NULL;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        digits = at;
        at = skip_digits(at, end);
        if (at == digits)
            return NULL;
    }
    return at;
}

bool value_is_number(const char *text, size_t size)
{
    return size > 0 && find_number_end(text, text + size) == text + size;
}

static struct value *read_number(struct reader *reader)
{
    const char *begin = reader->at, *end = find_number_end(begin, reader->end);

    if (!end)
        return NULL;
    reader->at = end;
    return value_number(begin, (size_t)(end - begin));
}

/* --- Strings --------------------------------------------------------------------------------- */

static bool read_hex(struct reader *reader, unsigned *ret_unit)
{
    unsigned unit = 0;

    if (reader->end - reader->at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        static const char DIGITS[] = "0123456789abcdef";
        unsigned char letter = (unsigned char)*reader->at++;
        const char *digit =
            letter ? strchr(DIGITS, letter >= 'A' && letter <= 'F' ? letter + 32 : letter) : NULL;

        if (!digit)
            return false;
        unit = unit * 16 + (unsigned)(digit - DIGITS);
    }
    *ret_unit = unit;
    return true;
}

static void append_utf8(struct text *text, unsigned code)
{
    char bytes[4];
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned LEAD[] = {0, 0, 0xC0, 0xE0, 0xF0};

    for (size_t i = size - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    bytes[0] = (char)(LEAD[size] | code);
    text_append(text, bytes, size);
}

/* Half a pair stands for itself: what was lost on the way shows up as a difference. */
static bool read_code(struct reader *reader)
{
    unsigned high, low = 0;
    const char *mark;

    if (!read_hex(reader, &high))
        return false;
    mark = reader->at;
    if (high >= 0xD800 && high < 0xDC00 && reader->end - mark >= 6 && memcmp(mark, "\\u", 2) == 0) {
        reader->at += 2;
        if (!read_hex(reader, &low))
            return false;
        if (low >= 0xDC00 && low < 0xE000)
            high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        else
            reader->at = mark;
    }
    append_utf8(&reader->scratch, high);
    return true;
}

static bool read_escape(struct reader *reader)
{
    static const char LETTERS[] = "\"\\/bfnrt", BYTES[] = "\"\\/\b\f\n\r\t";
    const char *found;

    if (reader->at == reader->end)
        return false;
    if (*reader->at == 'u') {
        reader->at++;
        return read_code(reader);
    }
    found = *reader->at ? strchr(LETTERS, *reader->at) : NULL;
    if (!found)
        return false;
    reader->at++;
    text_append(&reader->scratch, &BYTES[found - LETTERS], 1);
    return true;
}

static const char *skip_plain(const char *at, const char *end)
{
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
        at++;
    return at;
}

/* After the opening quote; the content is then in `scratch`. */
static bool read_string(struct reader *reader)
{
    text_clear(&reader->scratch);
    for (;;) {
        const char *end = skip_plain(reader->at, reader->end);

        text_append(&reader->scratch, reader->at, (size_t)(end - reader->at));
        reader->at = end;
        if (end == reader->end || (unsigned char)*end < 0x20)
            return false;
        reader->at++;
        if (*end == '"')
            return true;
        if (!read_escape(reader))
            return false;
    }
}

/* --- Lists and objects ----------------------------------------------------------------------- */

static bool read_items(struct reader *reader, struct value *list)
{
    if (take(reader, ']'))
        return true;
    do {
        struct value *item = read_value(reader);

        if (!item)
            return false;
        value_append(list, item);
    } while (take(reader, ','));
    return take(reader, ']');
}

static bool read_member(struct reader *reader, struct value *object)
{
    struct value *item;
    size_t index = object->count;

    if (!take(reader, '"') || !read_string(reader))
        return false;
    value_set_sized(object, text_string(&reader->scratch), reader->scratch.size, NULL);
    item = take(reader, ':') ? read_value(reader) : NULL;
    object->items[index] = item;
    return item != NULL;
}

static bool read_members(struct reader *reader, struct value *object)
{
    if (take(reader, '}'))
        return true;
    do {
        if (!read_member(reader, object))
            return false;
    } while (take(reader, ','));
    return take(reader, '}');
}

static struct value *read_nested(struct reader *reader, struct value *value,
                                 bool (*read)(struct reader *reader, struct value *value))
{
    bool is_read = ++reader->depth <= DEPTH_MAX && read(reader, value);

    reader->depth--;
    if (is_read)
        return value;
    value_drop(value);
    return NULL;
}

/* --- Values ---------------------------------------------------------------------------------- */

static bool take_word(struct reader *reader, const char *word)
{
    size_t size = strlen(word);

    if ((size_t)(reader->end - reader->at) < size || memcmp(reader->at, word, size) != 0)
        return false;
    reader->at += size;
    return true;
}

static struct value *read_value(struct reader *reader)
{
    if (take(reader, '{'))
        return read_nested(reader, value_object(), read_members);
    if (take(reader, '['))
        return read_nested(reader, value_list(), read_items);
    if (take(reader, '"'))
        return read_string(reader)
                   ? value_string(text_string(&reader->scratch), reader->scratch.size)
                   : NULL;
    if (take_word(reader, "null"))
        return value_null();
    if (take_word(reader, "true"))
        return value_boolean(true);
    if (take_word(reader, "false"))
        return value_boolean(false);
    return read_number(reader);
}

struct value *value_parse(const char *text, size_t size)
{
    struct reader reader = {.at = text ? text : ""};
    struct value *value;

    reader.end = reader.at + (text ? size : 0);
    value = read_value(&reader);
    skip_space(&reader);
    if (reader.at != reader.end) {
        value_drop(value);
        value = NULL;
    }
    text_release(&reader.scratch);
    return value;
}
