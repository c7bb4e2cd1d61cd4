/* json_text.c: members of the outermost object, found, left out and added. */
#include "adapters/inline/json_text.h"

#include <string.h>

#include "adapters/inline/json_scan.h"

bool json_text_is_message(const char *json, size_t size)
{
    struct json_scan scan, empty;

    if (size == 0)
        return false;
    scan = (struct json_scan){json, json + size};
    json_scan_space(&scan);
    empty = scan;
    if (!json_scan_mark(&empty, '{') || json_scan_mark(&empty, '}') || !json_scan_value(&scan))
        return false;
    json_scan_space(&scan);
    return scan.at == scan.end;
}

/* The character an escape stands for; 0 when it is none that an ASCII key can hold. */
static char read_escape(const char **at)
{
    static const char kinds[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *found;
    unsigned code = 0;
    char kind = *(*at)++;

    if (kind != 'u') {
        found = strchr(kinds, kind);
        return found ? meanings[found - kinds] : '\0';
    }
    for (int i = 0; i < 4; i++) {
        char c = *(*at)++;

        code = code << 4 | (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return code < 0x80 ? (char)code : '\0';
}

/* [begin, end) is a well-formed string with its quotes. */
static bool is_key(const char *begin, const char *end, const char *key)
{
    const char *at = begin + 1;

    while (at < end - 1) {
        char c = *at++;

        if (c == '\\')
            c = read_escape(&at);
        if (c == '\0' || c != *key++)
            return false;
    }
    return *key == '\0';
}

static bool skip_member(struct json_scan *scan, const char *json, const char *key,
                        struct json_member *ret, bool *ret_found)
{
    const char *begin, *key_end, *value;

    json_scan_space(scan);
    begin = scan->at;
    if (!json_scan_string(scan))
        return false;
    key_end = scan->at;
    if (!json_scan_mark(scan, ':'))
        return false;
    json_scan_space(scan);
    value = scan->at;
    if (!json_scan_value(scan))
        return false;
    if (is_key(begin, key_end, key)) {
        *ret = (struct json_member){(size_t)(begin - json), (size_t)(value - json),
                                    (size_t)(scan->at - json)};
        *ret_found = true;
    }
    return true;
}

bool json_text_find(const char *json, size_t size, const char *key, struct json_member *ret)
{
    struct json_scan scan = {json, json + size};
    bool found = false;

    if (!json_scan_mark(&scan, '{'))
        return false;
    do {
        if (!skip_member(&scan, json, key, ret, &found))
            return false;
    } while (json_scan_mark(&scan, ','));
    return found;
}

void json_text_without(struct text *text, const char *json, size_t size,
                       const struct json_member *member)
{
    struct json_scan after = {json + member->value_end, json + size};
    size_t begin = member->begin, end = member->value_end;

    if (json_scan_mark(&after, ',')) { /* one of several: its comma is the one behind it, */
        json_scan_space(&after);
        end = (size_t)(after.at - json);
    } else { /* or, at the end, the one before it */
        while (begin > 0 && json[begin] != ',' && json[begin] != '{')
            begin--;
        begin += json[begin] == '{';
    }
    text_append(text, json, begin);
    text_append(text, json + end, size - end);
}

void json_text_with(struct text *text, const char *json, size_t size, const char *key,
                    const char *value)
{
    size_t brace = size;

    while (brace > 0 && json[brace - 1] != '}')
        brace--;
    if (brace == 0)
        return;
    text_append(text, json, brace - 1);
    text_append_string(text, ", ");
    text_append_json(text, key, strlen(key));
    text_append_string(text, ": ");
    text_append_string(text, value);
    text_append(text, json + brace - 1, size - (brace - 1));
}
