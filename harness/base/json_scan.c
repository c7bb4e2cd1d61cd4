/* json_scan.c: values of JSON, one inside the other, without recursion; strings, whose plain
   characters pass eight at a time, in UTF-8 (RFC 3629). */
#include "base/json_scan.h"

#include <stdint.h>
#include <string.h>

void json_scan_space(struct json_scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' || *scan->at == '\r'))
        scan->at++;
}

static bool fail(struct json_scan *scan, const char *wrong)
{
    scan->wrong = wrong;
    return false;
}

static bool take(struct json_scan *scan, char mark)
{
    if (scan->at == scan->end || *scan->at != mark)
        return false;
    scan->at++;
    return true;
}

bool json_scan_mark(struct json_scan *scan, char mark)
{
    json_scan_space(scan);
    return take(scan, mark);
}

/* --- Escapes --------------------------------------------------------------------------------- */

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int json_scan_hexadecimal(const char *digits, const char *end)
{
    int value = 0;

    if (end - digits < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = digit_value(digits[i]);

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static bool is_first_half(int unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_second_half(int unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* Behind the backslash and the "u". */
static bool skip_unit(struct json_scan *scan)
{
    const char *at = scan->at;
    int unit = json_scan_hexadecimal(at, scan->end);

    if (unit < 0)
        return fail(scan, "four hexadecimal digits after \\u");
    scan->at += 4;
    if (!(scan->rules & JSON_SCAN_PAIRED) || (unit & 0xF800) != 0xD800)
        return true;
    scan->at = at;
    if (!is_first_half(unit))
        return fail(scan, "a character, not the second half of one");
    if (scan->end - at < 10 || at[4] != '\\' || at[5] != 'u' ||
        !is_second_half(json_scan_hexadecimal(at + 6, scan->end)))
        return fail(scan, "the second half of a character after its first");
    scan->at += 10;
    return true;
}

/* On the backslash. */
static bool skip_escape(struct json_scan *scan)
{
    scan->has_escape = true;
    if (++scan->at == scan->end)
        return fail(scan, "the end of the string");
    if (*scan->at == 'u') {
        scan->at++;
        return skip_unit(scan);
    }
    if (!memchr("\"\\/bfnrt", *scan->at, 8))
        return fail(scan, "one of \" \\ / b f n r t u after a backslash");
    scan->at++;
    return true;
}

/* --- Characters ------------------------------------------------------------------------------ */

/* The bytes of the well-formed character that starts here with 0x80 or more, 0 when there is none:
   the table of RFC 3629, section 4. */
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

static bool skip_wide(struct json_scan *scan)
{
    size_t size = measure((const unsigned char *)scan->at, (size_t)(scan->end - scan->at));

    scan->at += size;
    return size > 0 || fail(scan, "UTF-8");
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Is one of eight bytes a control character, a quote, a backslash or not ASCII?  (A byte x below n
   borrows in x - n; x ^ c is below 1 where x is c; the high bits say so.) */
static bool has_special(const char *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof(word));
    uint64_t quote = word ^ EACH('"'), backslash = word ^ EACH('\\');
    return ((word | (word - EACH(0x20)) | (quote - EACH(1)) | (backslash - EACH(1))) &
            EACH(0x80)) != 0;
}

static void skip_plain(struct json_scan *scan)
{
    const char *at = scan->at;

    while (scan->end - at >= 8 && !has_special(at))
        at += 8;
    while (at < scan->end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80 &&
           *at != '"' && *at != '\\')
        at++;
    scan->at = at;
}

bool json_scan_string(struct json_scan *scan)
{
    bool goes_on = true;

    scan->has_escape = false;
    if (scan->at == scan->end || *scan->at != '"')
        return fail(scan, "a value");
    scan->at++;
    while (goes_on) {
        skip_plain(scan);
        if (scan->at == scan->end)
            return fail(scan, "the end of the string");
        if (*scan->at == '"')
            break;
        if (*scan->at == '\\')
            goes_on = skip_escape(scan);
        else
            goes_on = (unsigned char)*scan->at >= 0x80
                          ? skip_wide(scan)
                          : fail(scan, "\\u and four digits for a control character");
    }
    scan->at += goes_on;
    return goes_on;
}

/* --- Numbers and words ----------------------------------------------------------------------- */

bool json_scan_word(struct json_scan *scan, const char *word)
{
    size_t size = strlen(word);

    if ((size_t)(scan->end - scan->at) < size || memcmp(scan->at, word, size) != 0)
        return fail(scan, "a value");
    scan->at += size;
    return true;
}

static bool skip_digits(struct json_scan *scan)
{
    const char *begin = scan->at;

    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
        scan->at++;
    return scan->at > begin;
}

static bool skip_exponent(struct json_scan *scan)
{
    if (!take(scan, 'e') && !take(scan, 'E'))
        return true;
    if (!take(scan, '+'))
        take(scan, '-');
    return skip_digits(scan) || fail(scan, "digits of the exponent");
}

bool json_scan_number(struct json_scan *scan)
{
    take(scan, '-');
    if (scan->rules & JSON_SCAN_PYTHON && scan->at < scan->end && *scan->at == 'I')
        return json_scan_word(scan, "Infinity");
    if (!take(scan, '0') && !skip_digits(scan))
        return fail(scan, "a value");
    if (take(scan, '.') && !skip_digits(scan))
        return fail(scan, "digits after the point");
    return skip_exponent(scan);
}

static bool skip_scalar(struct json_scan *scan)
{
    switch (scan->at < scan->end ? *scan->at : '\0') {
    case '"':
        return json_scan_string(scan);
    case 't':
        return json_scan_word(scan, "true");
    case 'f':
        return json_scan_word(scan, "false");
    case 'n':
        return json_scan_word(scan, "null");
    case 'N':
        return scan->rules & JSON_SCAN_PYTHON ? json_scan_word(scan, "NaN") : fail(scan, "a value");
    default:
        return json_scan_number(scan);
    }
}

/* --- Objects and arrays ---------------------------------------------------------------------- */

struct nest {
    size_t depth;
    char closers[JSON_SCAN_DEPTH_MAX]; /* what ends each open object or array */
};

bool json_scan_key(struct json_scan *scan)
{
    json_scan_space(scan);
    if (scan->at == scan->end || *scan->at != '"')
        return fail(scan, "a key in quotes");
    if (!json_scan_string(scan))
        return false;
    return json_scan_mark(scan, ':') || fail(scan, "a colon after the key");
}

enum step { STEP_WRONG, STEP_VALUE, STEP_AFTER };

static enum step begin_inner(struct json_scan *scan, char closer)
{
    return closer == '}' && !json_scan_key(scan) ? STEP_WRONG : STEP_VALUE;
}

/* A scalar, an empty object or array, or the beginning of another. */
static enum step begin_value(struct json_scan *scan, struct nest *nest)
{
    char closer;

    json_scan_space(scan);
    if (scan->at == scan->end || (*scan->at != '{' && *scan->at != '['))
        return skip_scalar(scan) ? STEP_AFTER : STEP_WRONG;
    closer = *scan->at++ == '{' ? '}' : ']';
    if (json_scan_mark(scan, closer))
        return STEP_AFTER;
    if (nest->depth == JSON_SCAN_DEPTH_MAX) {
        fail(scan, "less depth");
        return STEP_WRONG;
    }
    nest->closers[nest->depth++] = closer;
    return begin_inner(scan, closer);
}

static enum step end_value(struct json_scan *scan, struct nest *nest)
{
    char closer = nest->closers[nest->depth - 1];

    if (json_scan_mark(scan, ','))
        return begin_inner(scan, closer);
    if (!take(scan, closer)) {
        fail(scan, closer == '}' ? "a comma or a closing brace" : "a comma or a closing bracket");
        return STEP_WRONG;
    }
    nest->depth--;
    return STEP_AFTER;
}

bool json_scan_value(struct json_scan *scan)
{
    struct nest nest;
    enum step step = STEP_VALUE;

    nest.depth = 0;
    while (step == STEP_VALUE || (step == STEP_AFTER && nest.depth > 0))
        step = step == STEP_VALUE ? begin_value(scan, &nest) : end_value(scan, &nest);
    return step == STEP_AFTER;
}
