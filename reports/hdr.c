/* hdr.c: the V2 encoding of HdrHistogram.

       compressed:  cookie 4 | length 4 | zlib of:
                    cookie 4 | payload length 4 | index offset 4 | digits 4
                    lowest value 8 | highest value 8 | ratio 8 | payload

   all big-endian.  The payload counts the buckets from the first, each a ZigZag LEB128 number; a
   negative one stands for a run of empty buckets.  Our buckets are those of HdrHistogram with three
   significant digits (2048 linear steps, halved from then on), so an index is the same in both. */
#include "reports/hdr.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "reports/base64.h"

#define COOKIE            0x1c849313u /* 0x1c849303 | 0x10: words are numbers of variable length */
#define COOKIE_COMPRESSED 0x1c849314u
#define DIGITS            3u
#define HEAD_SIZE         40u
#define OUTER_SIZE        8u
#define CODE_MAX          (HEAD_SIZE + 9u * HISTOGRAM_BUCKETS) /* 9 bytes at most for a number */

_Static_assert(HISTOGRAM_SUB_BITS == 10, "three significant digits are 2048 steps, halved");

/* --- Writing ------------------------------------------------------------------------------------
 */

static void put_word(struct text *text, uint64_t word, size_t size)
{
    while (size-- > 0)
        text_append(text, (char[]){(char)(word >> (8 * size) & 255u)}, 1);
}

/* Seven bits a byte, the low ones first; the ninth byte holds eight. */
static void put_number(struct text *text, int64_t number)
{
    uint64_t zigzag = (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);

    for (int byte = 0; byte < 8 && zigzag > 127; byte++, zigzag >>= 7)
        text_append(text, (char[]){(char)(zigzag & 127u) | (char)-128}, 1);
    text_append(text, (char[]){(char)zigzag}, 1);
}

static void put_counts(struct text *text, const struct histogram *histogram)
{
    uint32_t last = histogram_bucket(histogram->maximum);
    uint32_t zeros = 0;
    for (uint32_t i = 0; histogram->count > 0 && i <= last; i++) {
        if (histogram->counts[i] == 0) {
            zeros++;
            continue;
        }
        if (zeros > 0)
            put_number(text, zeros > 1 ? -(int64_t)zeros : 0);
        put_number(text, (int64_t)histogram->counts[i]);
        zeros = 0;
    }
}

static void put_plain(struct text *text, const struct histogram *histogram)
{
    static const double ratio = 1.0;
    struct text counts = {0};
    uint64_t bits;
    memcpy(&bits, &ratio, sizeof(bits));
    put_counts(&counts, histogram);
    put_word(text, COOKIE, 4);
    put_word(text, counts.size, 4);
    put_word(text, 0, 4);
    put_word(text, DIGITS, 4);
    put_word(text, 1, 8);
    put_word(text, HISTOGRAM_VALUE_MAX, 8);
    put_word(text, bits, 8);
    text_append(text, text_string(&counts), counts.size);
    text_release(&counts);
}

void hdr_encode(const struct histogram *histogram, struct text *text)
{
    struct text plain = {0}, outer = {0};
    put_plain(&plain, histogram);
    uLongf size = compressBound((uLong)plain.size);
    unsigned char *packed = memory_new(size, 1);
    /* Cannot fail: the buffer is large enough by construction. */
    (void)compress2(packed, &size, (const Bytef *)plain.data, (uLong)plain.size,
                    Z_DEFAULT_COMPRESSION);
    put_word(&outer, COOKIE_COMPRESSED, 4);
    put_word(&outer, size, 4);
    text_append(&outer, packed, size);
    base64_encode(outer.data, outer.size, text);
    free(packed);
    text_release(&outer);
    text_release(&plain);
}

/* --- Reading ------------------------------------------------------------------------------------
 */

static int fail(struct error *reterr, const char *why)
{
    return error_set(reterr, ERROR_USAGE, "not a histogram in HdrHistogram's V2 encoding: %s", why);
}

static uint64_t word_at(const unsigned char *bytes, size_t size)
{
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++)
        word = word << 8 | bytes[i];
    return word;
}

struct cursor {
    const unsigned char *at, *end;
};

static int take_number(struct cursor *cursor, int64_t *ret_number)
{
    uint64_t zigzag = 0;
    for (unsigned byte = 0; byte < 9; byte++) {
        if (cursor->at == cursor->end)
            return -1;
        uint64_t bits = *cursor->at++;
        bool is_last = byte == 8 || bits < 128;
        zigzag |= (byte == 8 ? bits : bits & 127u) << (7 * byte);
        if (is_last)
            break;
    }
    *ret_number = (int64_t)(zigzag >> 1) ^ -(int64_t)(zigzag & 1u);
    return 0;
}

static int take_counts(struct cursor *cursor, struct histogram *histogram)
{
    uint64_t index = 0;
    while (cursor->at < cursor->end) {
        int64_t number;
        if (take_number(cursor, &number))
            return -1;
        uint64_t steps = number < 0 ? 0 - (uint64_t)number : 1;
        if (steps > HISTOGRAM_BUCKETS - index)
            return -1;
        if (number > 0)
            histogram_record_many(histogram, histogram_bucket_begin((uint32_t)index),
                                  (uint64_t)number);
        index += steps;
    }
    return 0;
}

static int decode_plain(const unsigned char *bytes, size_t size, struct histogram *histogram,
                        struct error *reterr)
{
    if (size < HEAD_SIZE || word_at(bytes, 4) != COOKIE)
        return fail(reterr, "it begins with something else");
    /* An offset of 1 is none: hdr-histogram-js writes it and shifts nothing. */
    if (word_at(bytes + 8, 4) > 1 || word_at(bytes + 12, 4) != DIGITS ||
        word_at(bytes + 16, 8) != 1)
        return fail(reterr, "its buckets are others than those of three digits from 1 ns on");
    if (word_at(bytes + 4, 4) != size - HEAD_SIZE)
        return fail(reterr, "its length is wrong");
    struct cursor cursor = {bytes + HEAD_SIZE, bytes + size};
    if (take_counts(&cursor, histogram))
        return fail(reterr, "its counts are cut off, or too many");
    return 0;
}

static int inflate_code(const struct text *packed, unsigned char *plain, uLongf *size,
                        struct error *reterr)
{
    const unsigned char *bytes = (const unsigned char *)packed->data;
    if (packed->size < OUTER_SIZE || word_at(bytes, 4) != COOKIE_COMPRESSED)
        return fail(reterr, "it begins with something else");
    if (word_at(bytes + 4, 4) != packed->size - OUTER_SIZE ||
        uncompress(plain, size, bytes + OUTER_SIZE, (uLong)(packed->size - OUTER_SIZE)) != Z_OK)
        return fail(reterr, "it is damaged");
    return 0;
}

int hdr_decode(const char *code, struct histogram *histogram, struct error *reterr)
{
    struct text packed = {0};
    unsigned char *plain = memory_new(CODE_MAX, 1);
    uLongf size = CODE_MAX;
    int result = base64_decode(code, &packed) ? fail(reterr, "it is no base64")
                                              : inflate_code(&packed, plain, &size, reterr);
    if (result == 0)
        result = decode_plain(plain, size, histogram, reterr);
    free(plain);
    text_release(&packed);
    return result;
}
