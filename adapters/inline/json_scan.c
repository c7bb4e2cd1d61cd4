/* json_scan.c: the grammar of RFC 8259, without recursion. */
#include "adapters/inline/json_scan.h"

#include <string.h>

enum { DEPTH_MAX = 1000 };

void json_scan_space(struct json_scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' || *scan->at == '\r'))
        scan->at++;
}

static bool is_at(const struct json_scan *scan, char mark)
{
    return scan->at < scan->end && *scan->at == mark;
}

bool json_scan_mark(struct json_scan *scan, char mark)
{
    json_scan_space(scan);
    if (!is_at(scan, mark))
        return false;
    scan->at++;
    return true;
}

/* --- Strings ------------------------------------------------------------------------------------
 */

static bool is_hexadecimal(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* What follows a backslash. */
static bool skip_escape(struct json_scan *scan)
{
    if (scan->at == scan->end)
        return false;
    char kind = *scan->at++;
    if (kind != 'u')
        return kind && strchr("\"\\/bfnrt", kind) != NULL;
    if (scan->end - scan->at < 4)
        return false;
    for (int i = 0; i < 4; i++)
        if (!is_hexadecimal(*scan->at++))
            return false;
    return true;
}

/* How a character of several bytes begins, and the least code point that needs so many. */
static const struct {
    unsigned char mask, lead, extra;
    unsigned least;
} leads[] = {{0xE0, 0xC0, 1, 0x80}, {0xF0, 0xE0, 2, 0x800}, {0xF8, 0xF0, 3, 0x10000}};

static bool skip_extra(struct json_scan *scan, unsigned code, unsigned extra, unsigned least)
{
    while (extra-- > 0) {
        if (scan->at == scan->end || ((unsigned char)*scan->at & 0xC0u) != 0x80)
            return false;
        code = code << 6 | ((unsigned char)*scan->at++ & 0x3Fu);
    }
    return code >= least && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

static bool skip_wide(struct json_scan *scan)
{
    unsigned char first = (unsigned char)*scan->at++;

    for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
        if ((first & leads[i].mask) == leads[i].lead)
            return skip_extra(scan, first & (unsigned char)~leads[i].mask, leads[i].extra,
                              leads[i].least);
    return false;
}

bool json_scan_string(struct json_scan *scan)
{
    if (!is_at(scan, '"'))
        return false;
    scan->at++;
    while (scan->at < scan->end) {
        unsigned char c = (unsigned char)*scan->at;

        if (c >= 0x80) {
            if (!skip_wide(scan))
                return false;
            continue;
        }
        scan->at++;
        if (c == '"')
            return true;
        if (c < 0x20 || (c == '\\' && !skip_escape(scan)))
            return false;
    }
    return false;
}

/* --- Numbers and words --------------------------------------------------------------------------
 */

static bool skip_digits(struct json_scan *scan)
{
    const char *begin = scan->at;

    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
        scan->at++;
    return scan->at > begin;
}

static bool skip_number(struct json_scan *scan)
{
    if (is_at(scan, '-'))
        scan->at++;
    if (is_at(scan, '0'))
        scan->at++;
    else if (!skip_digits(scan))
        return false;
    if (is_at(scan, '.')) {
        scan->at++;
        if (!skip_digits(scan))
            return false;
    }
    if (!is_at(scan, 'e') && !is_at(scan, 'E'))
        return true;
    scan->at++;
    if (is_at(scan, '+') || is_at(scan, '-'))
        scan->at++;
    return skip_digits(scan);
}

static bool skip_word(struct json_scan *scan)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t size = strlen(words[i]);

        if ((size_t)(scan->end - scan->at) >= size && memcmp(scan->at, words[i], size) == 0) {
            scan->at += size;
            return true;
        }
    }
    return false;
}

static bool skip_scalar(struct json_scan *scan)
{
    if (scan->at == scan->end)
        return false;
    if (*scan->at == '"')
        return json_scan_string(scan);
    if (*scan->at == '-' || (*scan->at >= '0' && *scan->at <= '9'))
        return skip_number(scan);
    return skip_word(scan);
}

/* --- Objects and arrays -------------------------------------------------------------------------
 */

struct nest {
    char closers[DEPTH_MAX]; /* what ends each open object or array */
    size_t depth;
};

static bool skip_key(struct json_scan *scan)
{
    json_scan_space(scan);
    return json_scan_string(scan) && json_scan_mark(scan, ':');
}

enum step { STEP_WRONG, STEP_VALUE, STEP_AFTER };

/* A scalar, an empty object or array, or the beginning of another. */
static enum step begin_value(struct json_scan *scan, struct nest *nest)
{
    char closer;

    json_scan_space(scan);
    if (!is_at(scan, '{') && !is_at(scan, '['))
        return skip_scalar(scan) ? STEP_AFTER : STEP_WRONG;
    closer = *scan->at++ == '{' ? '}' : ']';
    if (json_scan_mark(scan, closer))
        return STEP_AFTER;
    if (nest->depth == DEPTH_MAX)
        return STEP_WRONG;
    nest->closers[nest->depth++] = closer;
    return closer == '}' && !skip_key(scan) ? STEP_WRONG : STEP_VALUE;
}

static enum step end_value(struct json_scan *scan, struct nest *nest)
{
    char closer = nest->closers[nest->depth - 1];

    if (json_scan_mark(scan, ','))
        return closer == '}' && !skip_key(scan) ? STEP_WRONG : STEP_VALUE;
    if (!json_scan_mark(scan, closer))
        return STEP_WRONG;
    nest->depth--;
    return STEP_AFTER;
}

bool json_scan_value(struct json_scan *scan)
{
    struct nest nest;
    enum step step = STEP_VALUE;

    nest.depth = 0;
    while (step != STEP_WRONG) {
        if (step == STEP_VALUE)
            step = begin_value(scan, &nest);
        else if (nest.depth == 0)
            return true;
        else
            step = end_value(scan, &nest);
    }
    return false;
}
