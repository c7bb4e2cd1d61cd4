/* identity_row.c: what is alike is compared, the rest is computed for a whole row at a time.

     {"gauntlet": "rrrrrrrr-tttt-ssSSSSSSSS-iiiiiiiiiiiiiiii-dddddddd", "body": ...}
      alike ........................                                   alike ......

   Comparing with an intact payload settles all that is alike.  What is left are loops without
   branches: a digest each, and then the digits of all, which the compiler makes vectors of. */
#include "base/identity_row.h"

#include "base/identity_parts.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define WIDTH      IDENTITY_ROW_MAX
#define WORTHWHILE (WIDTH / 2) /* fewer are faster one by one */
#define DIGITS     8u          /* of the sequence, its low ones, and of the digest */

/* Where the payloads begin to differ, and where they are alike again. */
#define FIRST_PART  (IDENTITY_TAG_OFFSET + IDENTITY_TAG_SEQUENCE + 2u)
#define SECOND_PART (IDENTITY_TAG_OFFSET + IDENTITY_TAG_SIZE)

/* Compared at once: what one register holds wherever this runs. */
typedef uint64_t lanes __attribute__((vector_size(16)));

static inline lanes differ(const char *one, const char *other)
{
    lanes first, second;

    memcpy(&first, one, sizeof(first));
    memcpy(&second, other, sizeof(second));
    return first ^ second;
}

/* The last bytes of each part are compared with some of those before.  The very shortest payloads,
   where these would be of the digest, are read one by one. */
static int are_alike(const struct identity_row *row, const struct identity_reader *model)
{
    const char *like = model->payload;
    const size_t last = model->size - sizeof(lanes);
    lanes different = {0};
    int dash = 0;

    if (last < SECOND_PART)
        return 0;
    for (size_t i = 0; i < row->count; i++) {
        const char *payload = row->payloads[i];

        if (row->sizes[i] != model->size)
            return 0;
        different |= differ(payload, like) | differ(payload + last, like + last);
        different |= differ(payload + SECOND_PART, like + SECOND_PART);
        different |=
            differ(payload + FIRST_PART - sizeof(lanes), like + FIRST_PART - sizeof(lanes));
        for (size_t at = SECOND_PART + sizeof(lanes); at < last; at += sizeof(lanes))
            different |= differ(payload + at, like + at);
        dash |= payload[IDENTITY_TAG_OFFSET + IDENTITY_TAG_DIGEST - 1] ^ '-';
    }
    return (different[0] | different[1]) == 0 && dash == 0;
}

/* --- Digests -------------------------------------------------------------------------------------
 */

/* XXH3 of 33 to 64 bytes mixes four times sixteen of them, each with its part of a constant secret,
   and sums up.  Sixteen bytes from here on, with the seed put in: */
struct mixer {
    uint64_t low, high;
};

static struct mixer mixer_make(unsigned offset, uint64_t seed)
{
    const char *secret = (const char *)XXH3_kSecret + offset;

    return (struct mixer){.low = identity_load(secret) + seed,
                          .high = identity_load(secret + 8) - seed};
}

static inline uint64_t mix(const char *text, struct mixer mixer)
{
    return XXH3_mul128_fold64(identity_load(text) ^ mixer.low,
                              identity_load(text + 8) ^ mixer.high);
}

/* The digits that differ, as they stand, and the digests that the texts should carry. */
struct digits {
    char sequences[WIDTH][DIGITS], digests[WIDTH][DIGITS];
    uint32_t expected[WIDTH]; /* the first digit in the first byte */
};

/* Payloads that were due together are next to each other. */
struct moment {
    uint64_t high, low; /* its digits */
    uint64_t time_ns, mixed;
};

static struct moment read_moment(const char *tag, struct mixer mixer)
{
    const char *text = tag + IDENTITY_TAG_INTENDED;
    struct moment moment = {.high = identity_load(text), .low = identity_load(text + 8)};

    moment.time_ns = (uint64_t)identity_decode(moment.high) << 32 | identity_decode(moment.low);
    moment.mixed = mix(text, mixer);
    return moment;
}

static inline int is_of_moment(const char *tag, const struct moment *moment)
{
    return identity_load(tag + IDENTITY_TAG_INTENDED) == moment->high &&
           identity_load(tag + IDENTITY_TAG_INTENDED + 8) == moment->low;
}

static void digest_row(struct identity_row *row, const struct identity_reader *model,
                       struct digits *digits)
{
    const char *tag = model->payload + IDENTITY_TAG_OFFSET;
    const struct mixer first = mixer_make(0, model->body_digest);
    const struct mixer last = mixer_make(16, model->body_digest);
    const struct mixer second = mixer_make(32, model->body_digest);
    const struct mixer third = mixer_make(48, model->body_digest);
    const uint64_t alike = IDENTITY_TAG_COVERED * XXH_PRIME64_1 + mix(tag, first);
    struct moment moment = read_moment(tag, last);

    for (size_t i = 0; i < WIDTH; i++) {
        uint64_t sum;

        tag = row->payloads[i] + IDENTITY_TAG_OFFSET;
        if (!is_of_moment(tag, &moment))
            moment = read_moment(tag, last);
        sum = alike + moment.mixed + mix(tag + 16, second) +
              mix(tag + IDENTITY_TAG_COVERED - 32, third);
        digits->expected[i] = htobe32((uint32_t)XXH3_avalanche(sum));
        memcpy(digits->sequences[i], tag + IDENTITY_TAG_SEQUENCE + 2, DIGITS);
        memcpy(digits->digests[i], tag + IDENTITY_TAG_DIGEST, DIGITS);
        row->identities[i].intended_ns = moment.time_ns;
    }
}

/* --- Digits --------------------------------------------------------------------------------------
 */

static inline unsigned char digit_of(unsigned nibble)
{
    return (unsigned char)(nibble + '0' + (nibble > 9 ? 'a' - '0' - 10 : 0));
}

static inline unsigned nibble_of(unsigned char digit)
{
    return (digit & 0x0Fu) + 9u * (digit >> 6 & 1u);
}

static int digests_agree(const struct digits *digits)
{
    unsigned char bytes[sizeof(digits->expected)], text[sizeof(digits->digests)] = {0};

    memcpy(bytes, digits->expected, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++) {
        text[2 * i] = digit_of(bytes[i] >> 4);
        text[2 * i + 1] = digit_of(bytes[i] & 0x0Fu);
    }
    return memcmp(text, digits->digests, sizeof(text)) == 0;
}

static void decode_sequences(const struct digits *digits, uint32_t ret[WIDTH])
{
    unsigned char text[sizeof(digits->sequences)], bytes[sizeof(text) / 2] = {0};

    memcpy(text, digits->sequences, sizeof(text));
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(nibble_of(text[2 * i]) << 4 | nibble_of(text[2 * i + 1]));
    memcpy(ret, bytes, sizeof(bytes));
    for (size_t i = 0; i < WIDTH; i++)
        ret[i] = be32toh(ret[i]);
}

static bool are_consecutive(const uint32_t low[WIDTH])
{
    uint32_t different = 0;

    for (uint32_t i = 0; i < WIDTH; i++)
        different |= (low[i] - i) ^ low[0];
    return different == 0 && low[0] <= low[WIDTH - 1];
}

/* --- Rows ----------------------------------------------------------------------------------------
 */

/* All of a row that are like the reader's last intact payload; false when one is not, or when a
   digest does not agree. */
static int read_side_by_side(struct identity_row *row, const struct identity_reader *model)
{
    const uint64_t high = model->identity.sequence & ~(uint64_t)UINT32_MAX;
    struct digits digits;
    uint32_t low[WIDTH];

    if (!are_alike(row, model))
        return 0;
    for (size_t i = row->count; i < WIDTH; i++) /* the model stands in for those missing */
        row->payloads[i] = model->payload;
    digest_row(row, model, &digits);
    if (!digests_agree(&digits))
        return 0;
    decode_sequences(&digits, low);
    for (size_t i = 0; i < WIDTH; i++) {
        row->identities[i].run = model->identity.run;
        row->identities[i].track = model->identity.track;
        row->identities[i].sequence = high | low[i];
    }
    memset(row->verdicts, IDENTITY_INTACT, sizeof(row->verdicts));
    row->is_run = row->count == WIDTH && are_consecutive(low);
    return 1;
}

static void read_one(struct identity_row *row, struct identity_reader *reader, size_t at)
{
    row->verdicts[at] = (uint8_t)identity_read_next(reader, row->payloads[at], row->sizes[at],
                                                    &row->identities[at]);
}

void identity_row_read(struct identity_row *row, struct identity_reader *reader)
{
    row->is_run = false;
    if (row->count >= WORTHWHILE) {
        if (!reader->payload) /* read twice, so that the first row has its model, too */
            read_one(row, reader, 0);
        if (reader->payload && read_side_by_side(row, reader))
            return;
    }
    for (size_t i = 0; i < row->count; i++)
        read_one(row, reader, i);
}
