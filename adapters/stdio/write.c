/* write.c: JSON text, with the common case (ASCII that needs few escapes) done in long steps. */
#include "adapters/stdio/write.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

void stdio_write_number(struct text *line, int64_t number)
{
    char digits[24];
    char *at = digits + sizeof(digits);
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (number < 0)
        *--at = '-';
    text_append(line, at, (size_t)(digits + sizeof(digits) - at));
}

/* --- Strings --------------------------------------------------------------------------------- */

/* What stands for itself inside a JSON string. */
static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/* Quotes and backslashes are what payloads are full of. */
static size_t escape_run(const char *bytes, size_t size, char *to, size_t room)
{
    size_t taken = 0, put = 0;

    while (taken < size && put + 2 <= room) {
        char byte = bytes[taken];

        if (is_plain((unsigned char)byte)) {
            to[put++] = byte;
        } else if (byte == '"' || byte == '\\') {
            to[put++] = '\\';
            to[put++] = byte;
        } else {
            break;
        }
        taken++;
    }
    to[put] = '\0';
    return taken;
}

static size_t count_rare(const char *bytes, size_t size)
{
    size_t count = 0;

    while (count < size && !is_plain((unsigned char)bytes[count]) && bytes[count] != '"' &&
           bytes[count] != '\\')
        count++;
    return count;
}

/* The quotes that text_append_json puts around what it writes are taken off again. */
static void write_rare(struct text *line, const char *bytes, size_t size)
{
    struct text quoted = {0};

    text_append_json(&quoted, bytes, size);
    text_append(line, quoted.data + 1, quoted.size - 2);
    text_release(&quoted);
}

void stdio_write_string(struct text *line, const char *bytes, size_t size)
{
    char run[512];

    text_append(line, "\"", 1);
    while (size > 0) {
        size_t taken = escape_run(bytes, size, run, sizeof(run) - 1);

        if (taken > 0) {
            text_append_string(line, run);
        } else {
            taken = count_rare(bytes, size);
            write_rare(line, bytes, taken);
        }
        bytes += taken;
        size -= taken;
    }
    text_append(line, "\"", 1);
}

/* --- Bytes ----------------------------------------------------------------------------------- */

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static bool is_ascii(const char *bytes, size_t size)
{
    unsigned char all = 0;

    for (size_t i = 0; i < size; i++)
        all |= (unsigned char)bytes[i];
    return all < 0x80;
}

/* A replacement that was not there before betrays bytes that are no UTF-8. */
static size_t count_replacements(const char *bytes, size_t size)
{
    size_t count = 0;

    for (size_t i = 0; i + 3 <= size; i++)
        count += memcmp(bytes + i, "\xEF\xBF\xBD", 3) == 0;
    return count;
}

static void write_base64(struct text *line, const unsigned char *bytes, size_t size)
{
    text_append_string(line, "{\"base64\":\"");
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t group = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0u) |
                         (left > 2 ? bytes[i + 2] : 0u);
        char digits[4] = {DIGITS[group >> 18], DIGITS[group >> 12 & 63], DIGITS[group >> 6 & 63],
                          DIGITS[group & 63]};

        if (left < 3)
            digits[3] = '=';
        if (left < 2)
            digits[2] = '=';
        text_append(line, digits, sizeof(digits));
    }
    text_append_string(line, "\"}");
}

void stdio_write_bytes(struct text *line, const char *bytes, size_t size)
{
    size_t before = line->size;

    stdio_write_string(line, bytes, size);
    if (is_ascii(bytes, size) || count_replacements(line->data + before, line->size - before) ==
                                     count_replacements(bytes, size))
        return;
    line->size = before;
    line->data[before] = '\0';
    write_base64(line, (const unsigned char *)bytes, size);
}

static int digit_value(char digit)
{
    const char *found = digit ? strchr(DIGITS, digit) : NULL;

    return found ? (int)(found - DIGITS) : -1;
}

int64_t stdio_base64_decode(char *bytes, size_t size)
{
    size_t put = 0;
    uint32_t group = 0;
    int bits = 0;

    if (size % 4 != 0)
        return -1;
    while (size > 0 && bytes[size - 1] == '=' && size % 4 != 2)
        size--;
    for (size_t i = 0; i < size; i++) {
        int value = digit_value(bytes[i]);

        if (value < 0)
            return -1;
        group = group << 6 | (uint32_t)value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes[put++] = (char)(group >> bits & 0xFF);
        }
    }
    return (int64_t)put;
}

/* --- Members --------------------------------------------------------------------------------- */

static void write_key(struct text *line, const char *key)
{
    text_append(line, ",\"", 2);
    text_append_string(line, key);
    text_append(line, "\":", 2);
}

void stdio_write_member(struct text *line, const char *key, const char *string)
{
    if (!string)
        return;
    write_key(line, key);
    stdio_write_string(line, string, strlen(string));
}

void stdio_write_count(struct text *line, const char *key, int64_t number)
{
    write_key(line, key);
    stdio_write_number(line, number);
}
