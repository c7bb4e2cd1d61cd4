/* text_json.c: any bytes as a JSON string. */
#include <string.h>

#include "base/text.h"

/* What UTF-8 allows as the second byte after a lead byte, and how many bytes follow it. */
static const struct lead {
    unsigned char first, last;
    unsigned char second_min, second_max;
    unsigned char following;
} LEADS[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 1}, {0xE0, 0xE0, 0xA0, 0xBF, 2}, {0xE1, 0xEC, 0x80, 0xBF, 2},
    {0xED, 0xED, 0x80, 0x9F, 2}, {0xEE, 0xEF, 0x80, 0xBF, 2}, {0xF0, 0xF0, 0x90, 0xBF, 3},
    {0xF1, 0xF3, 0x80, 0xBF, 3}, {0xF4, 0xF4, 0x80, 0x8F, 3},
};

static const struct lead *find_lead(unsigned char byte)
{
    for (size_t i = 0; i < sizeof(LEADS) / sizeof(LEADS[0]); i++)
        if (byte >= LEADS[i].first && byte <= LEADS[i].last)
            return &LEADS[i];
    return NULL;
}

/* The size of the well-formed character that starts here, 0 when there is none. */
static size_t measure_character(const unsigned char *bytes, size_t size)
{
    const struct lead *lead;

    if (bytes[0] < 0x80)
        return 1;
    lead = find_lead(bytes[0]);
    if (!lead || size <= lead->following)
        return 0;
    if (bytes[1] < lead->second_min || bytes[1] > lead->second_max)
        return 0;
    for (size_t i = 2; i <= lead->following; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
    return lead->following + 1u;
}

static void append_escaped(struct text *text, unsigned char byte)
{
    static const char SPECIAL[] = "\"\\\b\f\n\r\t", LETTER[] = "\"\\bfnrt";
    const char *found = byte ? strchr(SPECIAL, byte) : NULL;

    if (found)
        text_appendf(text, "\\%c", LETTER[found - SPECIAL]);
    else
        text_appendf(text, "\\u%04x", byte);
}

static int is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

void text_append_json(struct text *text, const char *string, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)string;
    size_t at = 0, plain, character;

    text_append(text, "\"", 1);
    while (at < size) {
        for (plain = at; plain < size && is_plain(bytes[plain]);)
            plain++;
        text_append(text, bytes + at, plain - at);
        at = plain;
        if (at == size)
            break;
        character = measure_character(bytes + at, size - at);
        if (character == 1)
            append_escaped(text, bytes[at]);
        else if (character)
            text_append(text, bytes + at, character);
        else
            text_append_string(text, "\xEF\xBF\xBD");
        at += character ? character : 1;
    }
    text_append(text, "\"", 1);
}
