/* xml.c: text escaped for XML. */
#include "reports/xml.h"

#include <stdbool.h>
#include <string.h>

/* Bytes of the character at `string`, 0 when it is no UTF-8 or none that XML 1.0 allows. */
static size_t xml_character(const unsigned char *string)
{
    unsigned first = string[0];
    if (first < 0x80)
        return first >= 0x20 || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
    size_t size = first >= 0xC2 && first <= 0xDF   ? 2
                  : first >= 0xE0 && first <= 0xEF ? 3
                  : first >= 0xF0 && first <= 0xF4 ? 4
                                                   : 0;
    unsigned code = size ? first & (0xFFu >> (size + 1)) : 0;
    for (size_t i = 1; i < size; i++) {
        if ((string[i] & 0xC0u) != 0x80u)
            return 0;
        code = code << 6 | (string[i] & 0x3Fu);
    }
    bool is_short = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    bool is_wrong =
        (code >= 0xD800 && code <= 0xDFFF) || (code & 0xFFFEu) == 0xFFFE || code > 0x10FFFF;
    return is_short || is_wrong ? 0 : size;
}

static const char *entity_of(char character)
{
    static const struct {
        char character;
        const char *entity;
    } entities[] = {{'&', "&amp;"},   {'<', "&lt;"},   {'>', "&gt;"},   {'"', "&quot;"},
                    {'\'', "&apos;"}, {'\n', "&#10;"}, {'\r', "&#13;"}, {'\t', "&#9;"}};
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
        if (entities[i].character == character)
            return entities[i].entity;
    return NULL;
}

void xml_put_escaped(struct text *text, const char *string)
{
    while (*string) {
        size_t size = xml_character((const unsigned char *)string);
        const char *entity = entity_of(*string);
        if (entity)
            text_append_string(text, entity);
        else if (size)
            text_append(text, string, size);
        else
            text_append_string(text, "\xEF\xBF\xBD");
        string += size ? size : 1;
    }
}

void xml_put_attribute(struct text *text, const char *name, const char *value)
{
    text_appendf(text, " %s=\"", name);
    xml_put_escaped(text, value ? value : "");
    text_append_string(text, "\"");
}
