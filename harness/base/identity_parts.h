/* identity_parts.h: what the files of identity share; nobody else includes it. */
#ifndef BASE_IDENTITY_PARTS_H
#define BASE_IDENTITY_PARTS_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "base/identity.h"

/* The tag is the text between the quotes, and where its parts begin. */
enum {
    IDENTITY_TAG_OFFSET = 14, /* in the payload */
    IDENTITY_TAG_TRACK = 9,
    IDENTITY_TAG_SEQUENCE = 14,
    IDENTITY_TAG_INTENDED = 25,
    IDENTITY_TAG_DIGEST = 42,
    IDENTITY_TAG_COVERED = 41, /* by the digest */
    IDENTITY_TAG_SIZE = 50
};

/* Take a whole tag apart; -1 when a digit or a dash is wrong, and `ret` is then untouched. */
int identity_tag_read(const char *tag, struct identity *ret);
int identity_tag_agrees(const char *tag, uint64_t body_digest);
/* The slow path: any JSON, in any order and spacing. */
enum identity_verdict identity_json_read(const char *payload, size_t size, struct identity *ret);

static inline uint64_t identity_load(const char *text)
{
    uint64_t chunk;

    memcpy(&chunk, text, sizeof(chunk));
    return le64toh(chunk);
}

#define IDENTITY_EACH_BYTE(value) (0x0101010101010101ull * (value))

/* Eight digits, the first in the lowest byte, to their value: nibbles, bytes, halves, whole. */
static inline uint32_t identity_decode(uint64_t chunk)
{
    uint64_t value = (chunk & IDENTITY_EACH_BYTE(0x0F)) + 9 * (chunk >> 6 & IDENTITY_EACH_BYTE(1));

    value = (value << 4 | value >> 8) & 0x00FF00FF00FF00FFull;
    value = (value << 8 | value >> 16) & 0x0000FFFF0000FFFFull;
    return (uint32_t)(value << 16 | value >> 32);
}

#endif
