/* identity.c: writing and reading the identity at fixed offsets, eight hexadecimal digits at a
   time.

   A reader first tries the shape that identity_write gives; only a payload that differs from it is
   parsed as JSON (identity_json.c).  Many that are alike are read side by side (identity_row.c). */
#include "base/identity.h"

#include "base/identity_parts.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define EACH_BYTE IDENTITY_EACH_BYTE

/* Four and two digits are read as eight with zeros in front. */
static inline uint64_t load_4(const char *text)
{
    uint32_t chunk;

    memcpy(&chunk, text, sizeof(chunk));
    return (uint64_t)le32toh(chunk) << 32 | 0x30303030u;
}

static inline uint64_t load_2(const char *text)
{
    uint16_t chunk;

    memcpy(&chunk, text, sizeof(chunk));
    return (uint64_t)le16toh(chunk) << 48 | 0x303030303030u;
}

/* The top bit of each byte that is none of 0-9 and a-f.  Bytes from 0x80 on are taken out first, so
   that no addition carries into the next byte. */
static inline uint64_t find_bad(uint64_t chunk)
{
    uint64_t low = chunk & EACH_BYTE(0x7F);
    uint64_t digit = (low + EACH_BYTE(0x80 - '0')) & ~(low + EACH_BYTE(0x7F - '9'));
    uint64_t letter = (low + EACH_BYTE(0x80 - 'a')) & ~(low + EACH_BYTE(0x7F - 'f'));

    return (chunk | ~(digit | letter)) & EACH_BYTE(0x80);
}

static inline uint64_t encode(uint32_t number)
{
    uint64_t value = number;
    uint64_t is_letter;

    value = (value >> 16 | value << 32) & 0x0000FFFF0000FFFFull;
    value = (value >> 8 | value << 16) & 0x00FF00FF00FF00FFull;
    value = (value >> 4 | value << 8) & EACH_BYTE(0x0F);
    is_letter = (value + EACH_BYTE(6)) >> 4 & EACH_BYTE(1);
    return htole64(value + EACH_BYTE('0') + is_letter * ('a' - '0' - 10));
}

static inline void store(char *target, uint64_t chunk)
{
    memcpy(target, &chunk, sizeof(chunk));
}

/* `tag` is the part between the quotes; all offsets are IDENTITY_TAG_*. */
static inline uint64_t encode_digest(const char *tag, uint64_t body_digest)
{
    return encode((uint32_t)XXH3_64bits_withSeed(tag, IDENTITY_TAG_COVERED, body_digest));
}

static inline int tag_agrees(const char *tag, uint64_t body_digest)
{
    uint64_t expected = encode_digest(tag, body_digest);

    return memcmp(tag + IDENTITY_TAG_DIGEST, &expected, sizeof(expected)) == 0;
}

int identity_tag_agrees(const char *tag, uint64_t body_digest)
{
    return tag_agrees(tag, body_digest);
}

static inline int has_dashes(const char *tag)
{
    return tag[IDENTITY_TAG_TRACK - 1] == '-' && tag[IDENTITY_TAG_SEQUENCE - 1] == '-' &&
           tag[IDENTITY_TAG_INTENDED - 1] == '-' && tag[IDENTITY_TAG_DIGEST - 1] == '-';
}

static inline void decode_tag(const char *tag, struct identity *ret)
{
    ret->run = identity_decode(identity_load(tag));
    ret->track = identity_decode(load_4(tag + IDENTITY_TAG_TRACK));
    ret->sequence = (uint64_t)identity_decode(load_2(tag + IDENTITY_TAG_SEQUENCE)) << 32 |
                    identity_decode(identity_load(tag + IDENTITY_TAG_SEQUENCE + 2));
    ret->intended_ns = (uint64_t)identity_decode(identity_load(tag + IDENTITY_TAG_INTENDED)) << 32 |
                       identity_decode(identity_load(tag + IDENTITY_TAG_INTENDED + 8));
}

int identity_tag_read(const char *tag, struct identity *ret)
{
    uint64_t bad = find_bad(identity_load(tag)) | find_bad(load_4(tag + IDENTITY_TAG_TRACK)) |
                   find_bad(load_2(tag + IDENTITY_TAG_SEQUENCE)) |
                   find_bad(identity_load(tag + IDENTITY_TAG_SEQUENCE + 2)) |
                   find_bad(identity_load(tag + IDENTITY_TAG_INTENDED)) |
                   find_bad(identity_load(tag + IDENTITY_TAG_INTENDED + 8));

    if (bad || !has_dashes(tag))
        return -1;
    decode_tag(tag, ret);
    return 0;
}

uint64_t identity_body_digest(const void *body, size_t size)
{
    return XXH3_64bits(body, size);
}

void identity_put(char *payload, const struct identity *identity)
{
    char *tag = payload + IDENTITY_TAG_OFFSET;
    uint64_t track = encode(identity->track);
    uint64_t sequence = encode((uint32_t)(identity->sequence >> 32));

    /* The high halves of track and sequence are stored whole and then written over from the left,
       so that only their last digits remain. */
    store(tag + IDENTITY_TAG_SEQUENCE - 6, sequence);
    store(tag + IDENTITY_TAG_TRACK - 4, track);
    memcpy(payload, IDENTITY_HEAD, IDENTITY_TAG_OFFSET);
    store(tag, encode(identity->run));
    store(tag + IDENTITY_TAG_SEQUENCE + 2, encode((uint32_t)identity->sequence));
    store(tag + IDENTITY_TAG_INTENDED, encode((uint32_t)(identity->intended_ns >> 32)));
    store(tag + IDENTITY_TAG_INTENDED + 8, encode((uint32_t)identity->intended_ns));
    tag[IDENTITY_TAG_TRACK - 1] = tag[IDENTITY_TAG_SEQUENCE - 1] = '-';
    tag[IDENTITY_TAG_INTENDED - 1] = tag[IDENTITY_TAG_DIGEST - 1] = '-';
    memcpy(tag + IDENTITY_TAG_SIZE, IDENTITY_MIDDLE, sizeof(IDENTITY_MIDDLE) - 1);
}

void identity_seal(char *payload, uint64_t body_digest)
{
    char *tag = payload + IDENTITY_TAG_OFFSET;

    store(tag + IDENTITY_TAG_DIGEST, encode_digest(tag, body_digest));
}

void identity_write(char *payload, const struct identity *identity, uint64_t body_digest)
{
    identity_put(payload, identity);
    identity_seal(payload, body_digest);
}

static inline int has_shape(const char *payload, size_t size)
{
    return size >= IDENTITY_SIZE_MIN && payload[size - 1] == '}' &&
           memcmp(payload, IDENTITY_HEAD, IDENTITY_TAG_OFFSET) == 0 &&
           payload[IDENTITY_TAG_OFFSET + IDENTITY_TAG_DIGEST - 1] == '-' &&
           memcmp(payload + IDENTITY_TAG_OFFSET + IDENTITY_TAG_SIZE, IDENTITY_MIDDLE,
                  sizeof(IDENTITY_MIDDLE) - 1) == 0;
}

/* Equal bytes, in words; for the short bodies that a call of memcmp would take longer for. */
static inline int same_bytes(const char *one, const char *other, size_t size)
{
    size_t at = 0;

    if (size < sizeof(uint64_t) || size > 64)
        return memcmp(one, other, size) == 0;
    for (; at + sizeof(uint64_t) < size; at += sizeof(uint64_t))
        if (identity_load(one + at) != identity_load(other + at))
            return 0;
    at = size - sizeof(uint64_t);
    return identity_load(one + at) == identity_load(other + at);
}

/* Bodies are often all the same. */
static inline uint64_t digest_body(const struct identity_reader *reader, const char *payload,
                                   size_t size)
{
    size_t body_size = size - IDENTITY_BODY_OFFSET - 1;

    if (reader->payload && reader->size == size &&
        same_bytes(payload + IDENTITY_BODY_OFFSET, reader->payload + IDENTITY_BODY_OFFSET,
                   body_size))
        return reader->body_digest;
    return XXH3_64bits(payload + IDENTITY_BODY_OFFSET, body_size);
}

/* Run, track and the high digits of the sequence are the first sixteen bytes of a tag, and change
   rarely; neither do those of the time. */
static inline void decode_next(const struct identity_reader *reader, const char *tag,
                               struct identity *ret)
{
    const char *before = reader->payload ? reader->payload + IDENTITY_TAG_OFFSET : NULL;

    if (!before || identity_load(tag) != identity_load(before) ||
        identity_load(tag + 8) != identity_load(before + 8) ||
        identity_load(tag + IDENTITY_TAG_INTENDED) !=
            identity_load(before + IDENTITY_TAG_INTENDED)) {
        decode_tag(tag, ret);
        return;
    }
    ret->run = reader->identity.run;
    ret->track = reader->identity.track;
    ret->sequence = (reader->identity.sequence & ~(uint64_t)UINT32_MAX) |
                    identity_decode(identity_load(tag + IDENTITY_TAG_SEQUENCE + 2));
    ret->intended_ns = (reader->identity.intended_ns & ~(uint64_t)UINT32_MAX) |
                       identity_decode(identity_load(tag + IDENTITY_TAG_INTENDED + 8));
}

_Static_assert(IDENTITY_TAG_SEQUENCE + 2 == 16, "the low digits of the sequence begin there");

/* A digest that agrees vouches for every digit and dash it covers, so that only the slow path,
   whose digests do not agree, has to look at them one by one. */
enum identity_verdict identity_read_next(struct identity_reader *reader, const char *payload,
                                         size_t size, struct identity *ret)
{
    const char *tag = payload + IDENTITY_TAG_OFFSET;
    uint64_t body_digest;

    if (!has_shape(payload, size))
        return identity_json_read(payload, size, ret);
    body_digest = digest_body(reader, payload, size);
    if (!tag_agrees(tag, body_digest))
        return identity_json_read(payload, size, ret);
    decode_next(reader, tag, ret);
    reader->payload = payload;
    reader->size = size;
    reader->body_digest = body_digest;
    reader->identity = *ret;
    return IDENTITY_INTACT;
}

enum identity_verdict identity_read(const char *payload, size_t size, struct identity *ret)
{
    struct identity_reader reader = {0};

    return identity_read_next(&reader, payload, size, ret);
}
