/* message_id.h: ids shaped like a version 4 UUID, computed from a position and back, without a map.

   xxxxxxxx-xxxx-4xxx-yxxx-pppppppppppp
   random per stream       position, hexadecimal

   The first part is drawn once per stream, so an id of one stream means nothing on another; the
   last part grows in publish order. */
#ifndef INLINE_MESSAGE_ID_H
#define INLINE_MESSAGE_ID_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MESSAGE_ID_SIZE        36u
#define MESSAGE_ID_PREFIX_SIZE 24u
#define MESSAGE_ID_POSITIONS   (1ull << 48)

struct message_id_space {
    char prefix[MESSAGE_ID_PREFIX_SIZE];
};

/* The space of stream `number` of the broker with this key. */
void message_id_space_init(struct message_id_space *space, uint64_t key, uint64_t number);

/* Eight lower-case hexadecimal digits of `value`, the first digit in the lowest byte. */
static inline uint64_t message_id_digits(uint32_t value)
{
    uint64_t x = __builtin_bswap32(value);

    x = (x | x << 16) & 0x0000FFFF0000FFFFu;
    x = (x | x << 8) & 0x00FF00FF00FF00FFu;
    x = (x >> 4 | x << 8) & 0x0F0F0F0F0F0F0F0Fu;
    return x + 0x3030303030303030u + (((x + 0x0606060606060606u) >> 4) & 0x0101010101010101u) * 39u;
}

/* The value of eight digits; text that is none gives a value whose digits differ from it. */
static inline uint32_t message_id_value(uint64_t digits)
{
    uint64_t x = (digits & 0x0F0F0F0F0F0F0F0Fu) + 9u * ((digits >> 6) & 0x0101010101010101u);

    x &= 0x0F0F0F0F0F0F0F0Fu;
    x = (x << 4 | x >> 8) & 0x00FF00FF00FF00FFu;
    x = (x | x >> 8) & 0x0000FFFF0000FFFFu;
    return __builtin_bswap32((uint32_t)(x | x >> 16));
}

/* Adjacent positions differ in their last digit, but for every sixteenth. */
struct message_id_cursor {
    uint64_t low;  /* the last eight digits of the position, rounded down to a multiple of 16 */
    uint32_t high; /* the first four */
};

static inline void message_id_seek(struct message_id_cursor *cursor, uint64_t position)
{
    cursor->low = message_id_digits((uint32_t)position & ~15u);
    cursor->high = (uint32_t)(message_id_digits((uint32_t)(position >> 32)) >> 32);
}

/* To be called for each position in turn. */
static inline void message_id_step(struct message_id_cursor *cursor, uint64_t position)
{
    if ((position & 15u) == 0)
        message_id_seek(cursor, position);
}

static inline uint64_t message_id_low(const struct message_id_cursor *cursor, uint64_t position)
{
    uint64_t digit = position & 15u;

    return cursor->low + ((digit + (digit > 9 ? 39u : 0u)) << 56);
}

/* Write the part that differs within a stream, into an id that holds the prefix already. */
static inline void message_id_write_at(const struct message_id_cursor *cursor, uint64_t position,
                                       char *id)
{
    uint32_t high = htole32(cursor->high);
    uint64_t low = htole64(message_id_low(cursor, position));

    memcpy(id + MESSAGE_ID_PREFIX_SIZE, &high, sizeof(high));
    memcpy(id + MESSAGE_ID_PREFIX_SIZE + sizeof(high), &low, sizeof(low));
}

static inline void message_id_write_position(char *id, uint64_t position)
{
    struct message_id_cursor cursor;

    message_id_seek(&cursor, position);
    message_id_write_at(&cursor, position, id);
}

/* MESSAGE_ID_SIZE bytes, no NUL. */
static inline void message_id_write(const struct message_id_space *space, uint64_t position,
                                    char *id)
{
    memcpy(id, space->prefix, MESSAGE_ID_PREFIX_SIZE);
    message_id_write_position(id, position);
}

/* Is this the id of that position, which the cursor is at? */
static inline bool message_id_is(const struct message_id_space *space,
                                 const struct message_id_cursor *cursor, uint64_t position,
                                 const char *id, size_t size)
{
    uint64_t ours[3], theirs[3], low;
    uint32_t high;

    if (size != MESSAGE_ID_SIZE)
        return false;
    memcpy(ours, space->prefix, sizeof(ours));
    memcpy(theirs, id, sizeof(theirs));
    memcpy(&high, id + MESSAGE_ID_PREFIX_SIZE, sizeof(high));
    memcpy(&low, id + MESSAGE_ID_PREFIX_SIZE + sizeof(high), sizeof(low));
    return ((ours[0] ^ theirs[0]) | (ours[1] ^ theirs[1]) | (ours[2] ^ theirs[2]) |
            (le64toh(low) ^ message_id_low(cursor, position)) |
            (uint64_t)(le32toh(high) ^ cursor->high)) == 0;
}

/* False when this is no id of this space. */
static inline bool message_id_read(const struct message_id_space *space, const char *id,
                                   size_t size, uint64_t *ret_position)
{
    struct message_id_cursor cursor;
    uint64_t low, position;
    uint32_t high;

    if (size != MESSAGE_ID_SIZE)
        return false;
    memcpy(&high, id + MESSAGE_ID_PREFIX_SIZE, sizeof(high));
    memcpy(&low, id + MESSAGE_ID_PREFIX_SIZE + sizeof(high), sizeof(low));
    position = (uint64_t)message_id_value((uint64_t)le32toh(high) << 32 | 0x30303030u) << 32 |
               message_id_value(le64toh(low));
    message_id_seek(&cursor, position);
    if (!message_id_is(space, &cursor, position, id, size))
        return false;
    *ret_position = position;
    return true;
}

#endif
