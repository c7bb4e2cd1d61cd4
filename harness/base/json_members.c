/* json_members.c: members of the outermost object, found, left out and added. */
#include "base/json_members.h"

#include <string.h>

#include "base/json_scan.h"

bool json_members_is_object(const char *json, size_t size, unsigned rules)
{
    struct json_scan scan = {.at = json, .end = json + size, .rules = rules};

    if (size == 0)
        return false;
    json_scan_space(&scan);
    if (scan.at == scan.end || *scan.at != '{' || !json_scan_value(&scan))
        return false;
    json_scan_space(&scan);
    return scan.at == scan.end;
}

bool json_members_is_message(const char *json, size_t size)
{
    struct json_scan scan = {.at = json, .end = json + size};

    return json_members_is_object(json, size, 0) && json_scan_mark(&scan, '{') &&
           !json_scan_mark(&scan, '}');
}

/* --- One after the other --------------------------------------------------------------------- */

/* Onto the first item of a container, or onto the one behind the item that ends at `behind`. */
static bool find_item(struct json_scan *scan, const char *behind, char bracket)
{
    if (behind)
        scan->at = behind;
    if (!json_scan_mark(scan, behind ? ',' : bracket))
        return false;
    json_scan_space(scan);
    return scan->at < scan->end && *scan->at != '}' && *scan->at != ']';
}

static bool read_value(struct json_scan *scan, struct json_member *ret)
{
    json_scan_space(scan);
    ret->value = scan->at;
    if (!json_scan_value(scan))
        return false;
    ret->end = scan->at;
    return true;
}

bool json_members_next(const char *json, size_t size, struct json_member *member)
{
    struct json_scan scan = {.at = json, .end = json + size, .rules = JSON_SCAN_PYTHON};

    if (!find_item(&scan, member->end, '{'))
        return false;
    member->begin = scan.at;
    if (!json_scan_string(&scan))
        return false;
    member->key_end = scan.at;
    return json_scan_mark(&scan, ':') && read_value(&scan, member);
}

bool json_elements_next(const char *json, size_t size, struct json_member *element)
{
    struct json_scan scan = {.at = json, .end = json + size, .rules = JSON_SCAN_PYTHON};

    if (!find_item(&scan, element->end, '['))
        return false;
    element->begin = scan.at;
    return read_value(&scan, element);
}

/* --- By name --------------------------------------------------------------------------------- */

/* The character an escape stands for; 0 when it is none that an ASCII key can hold. */
static char read_escape(const char **at, const char *end)
{
    static const char kinds[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *found;
    char kind = *(*at)++;
    int unit;

    if (kind != 'u') {
        found = strchr(kinds, kind);
        return found ? meanings[found - kinds] : '\0';
    }
    unit = json_scan_hexadecimal(*at, end);
    *at += 4;
    return unit < 0x80 ? (char)unit : '\0';
}

static bool is_named(const struct json_member *member, const char *key)
{
    const char *at = member->begin + 1, *end = member->key_end - 1;

    while (at < end) {
        char c = *at++;

        if (c == '\\')
            c = read_escape(&at, end);
        if (c == '\0' || c != *key++)
            return false;
    }
    return *key == '\0';
}

bool json_members_find(const char *json, size_t size, const char *key, struct json_member *ret)
{
    struct json_member member = {0};
    bool found = false;

    while (json_members_next(json, size, &member))
        if (is_named(&member, key)) {
            *ret = member;
            found = true;
        }
    return found;
}

/* --- Other texts ----------------------------------------------------------------------------- */

void json_members_without(struct text *text, const char *json, size_t size,
                          const struct json_member *member)
{
    const char *end = json + size, *from = member->begin, *to = member->end;
    struct json_member next = *member;

    if (json_members_next(json, size, &next)) { /* the comma behind it goes too, */
        to = next.begin;
    } else { /* or, at the end, the one before it */
        while (from[-1] != ',' && from[-1] != '{')
            from--;
        from -= from[-1] == ',';
    }
    text_append(text, json, (size_t)(from - json));
    text_append(text, to, (size_t)(end - to));
}

void json_members_with(struct text *text, const char *json, size_t size, const char *key,
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
