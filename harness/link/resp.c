/* resp.c: one element after the other; arrays count down what is left of them. */
#include "link/resp.h"

#include <stdlib.h>
#include <string.h>

static void begin_frame(struct resp_scanner *scanner)
{
    scanner->state = RESP_LINE;
    scanner->line_size = 0;
    scanner->depth = 0;
    scanner->type = '\0';
    scanner->word_size = 0;
    scanner->element_count = 0;
    scanner->content_depth = 0;
    scanner->has_content = false;
}

/* An element is complete, and with it every array that it was the last of. */
static bool end_element(struct resp_scanner *scanner)
{
    while (scanner->depth > 0) {
        if (--scanner->left[scanner->depth - 1] > 0)
            return false;
        scanner->depth--;
    }
    scanner->state = RESP_OVER;
    return true;
}

static void note_content(struct resp_scanner *scanner)
{
    scanner->has_content = true;
    if (scanner->depth > scanner->content_depth)
        scanner->content_depth = scanner->depth;
}

static bool begin_array(struct resp_scanner *scanner, int64_t count)
{
    if (scanner->depth == 0)
        scanner->element_count = count > 0 ? (uint32_t)count : 0;
    if (count <= 0)
        return end_element(scanner);
    if (scanner->depth == RESP_DEPTH_MAX) {
        scanner->is_broken = true;
        return end_element(scanner);
    }
    scanner->left[scanner->depth++] = count;
    return false;
}

static bool begin_bulk(struct resp_scanner *scanner, int64_t size)
{
    if (size < 0)
        return end_element(scanner);
    if (size > 0)
        note_content(scanner);
    scanner->bulk_left = (uint64_t)size + 2;
    scanner->state = RESP_BULK;
    return false;
}

static bool take_header(struct resp_scanner *scanner)
{
    char type = scanner->line[0];
    int64_t number;

    scanner->line[scanner->line_size] = '\0';
    number = scanner->line_size > 1 ? strtoll(scanner->line + 1, NULL, 10) : 0;
    if (scanner->depth == 0)
        scanner->type = type;
    scanner->line_size = 0;
    if (type == '*' || type == '~' || type == '>')
        return begin_array(scanner, number);
    if (type == '%')
        return begin_array(scanner, number * 2);
    if (type == '|') /* attributes, and then what they are about */
        return begin_array(scanner, number * 2 + 1);
    if (type == '$' || type == '=' || type == '!')
        return begin_bulk(scanner, number);
    if (type != '_')
        note_content(scanner);
    return end_element(scanner);
}

static size_t scan_line(struct resp_scanner *scanner, const char *bytes, size_t size,
                        bool *ret_complete)
{
    const char *end = memchr(bytes, '\n', size);
    size_t taken = end ? (size_t)(end - bytes) + 1 : size;
    size_t room = RESP_WORD_SIZE - 1 - scanner->line_size;
    size_t kept = taken < room ? taken : room;

    memcpy(scanner->line + scanner->line_size, bytes, kept);
    scanner->line_size += (uint32_t)kept;
    if (end)
        *ret_complete = take_header(scanner);
    return taken;
}

static void note_word(struct resp_scanner *scanner, const char *bytes, size_t size)
{
    size_t room = RESP_WORD_SIZE - 1 - scanner->word_size;

    if (size > room)
        size = room;
    memcpy(scanner->word + scanner->word_size, bytes, size);
    scanner->word_size += (uint32_t)size;
    scanner->word[scanner->word_size] = '\0';
}

static bool is_word(const struct resp_scanner *scanner)
{
    return scanner->depth == 1 && scanner->left[0] == scanner->element_count;
}

static size_t scan_bulk(struct resp_scanner *scanner, const char *bytes, size_t size,
                        bool *ret_complete)
{
    size_t taken = size < scanner->bulk_left ? size : (size_t)scanner->bulk_left;
    uint64_t after = scanner->bulk_left - taken;

    if (is_word(scanner) && scanner->bulk_left > 2)
        note_word(scanner, bytes, taken - (after < 2 ? (size_t)(2 - after) : 0));
    scanner->bulk_left = after;
    if (after == 0) {
        scanner->state = RESP_LINE;
        *ret_complete = end_element(scanner);
    }
    return taken;
}

size_t resp_scan(struct resp_scanner *scanner, const char *bytes, size_t size, bool *ret_complete)
{
    size_t taken = 0;

    *ret_complete = false;
    if (scanner->state == RESP_BEGIN || scanner->state == RESP_OVER)
        begin_frame(scanner);
    while (taken < size && !*ret_complete) {
        size_t left = size - taken;

        taken += scanner->state == RESP_BULK
                     ? scan_bulk(scanner, bytes + taken, left, ret_complete)
                     : scan_line(scanner, bytes + taken, left, ret_complete);
    }
    return taken;
}
