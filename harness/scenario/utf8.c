/* utf8.c: libfyaml takes a text that is no UTF-8 for one that ends, so it is checked before. */
#include "scenario/utf8.h"

#include <stdint.h>

/* How a character of each length begins, and the smallest code point that needs that length. */
static const struct {
    unsigned mask, mark;
    uint32_t minimum;
} LENGTHS[] = {{0x80, 0x00, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};

/* Bytes of the character at `text`, and what it is; 0 when it is none. */
static size_t read_character(const unsigned char *text, size_t size, uint32_t *ret_code)
{
    size_t length = 0;
    uint32_t code;

    while (length < 4 && (text[0] & LENGTHS[length].mask) != LENGTHS[length].mark)
        length++;
    if (length == 4 || length >= size)
        return 0;
    code = text[0] & ~LENGTHS[length].mask & 0xFFu;
    for (size_t i = 1; i <= length; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (text[i] & 0x3Fu);
    }
    if (code < LENGTHS[length].minimum || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        return 0;
    *ret_code = code;
    return length + 1;
}

static int is_control(uint32_t code)
{
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || code == 0x7F;
}

int utf8_check(const char *file, const char *text, size_t size, struct error *reterr)
{
    struct source_place place = {file, 1, 1};

    for (size_t i = 0; i < size;) {
        uint32_t code = 0;
        size_t length = read_character((const unsigned char *)text + i, size - i, &code);

        if (length == 0)
            return error_set_at(reterr, place, "byte 0x%02x is no UTF-8: save the file as UTF-8",
                                (unsigned char)text[i]);
        if (is_control(code))
            return error_set_at(reterr, place, "the control character 0x%02x has no place here",
                                (unsigned)code);
        i += length;
        if (code == '\n')
            place.line++;
        place.column = code == '\n' ? 1 : place.column + 1;
    }
    return 0;
}
