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

/* Write the part that differs within a stream, into an id that holds the prefix already. */
static inline void message_id_write_position(char *id, uint64_t position)
{
    uint32_t high = htole32((uint32_t)(message_id_digits((uint32_t)(position >> 32)) >> 32));
    uint64_t low = htole64(message_id_digits((uint32_t)position));

    memcpy(id + MESSAGE_ID_PREFIX_SIZE, &high, sizeof(high));
    memcpy(id + MESSAGE_ID_PREFIX_SIZE + sizeof(high), &low, sizeof(low));
}

/* MESSAGE_ID_SIZE bytes, no NUL. */
static inline void message_id_write(const struct message_id_space *space, uint64_t position,
                                    char *id)
{
    memcpy(id, space->prefix, MESSAGE_ID_PREFIX_SIZE);
    message_id_write_position(id, position);
}

/* False when this is no id of this space. */
static inline bool message_id_read(const struct message_id_space *space, const char *id,
                                   size_t size, uint64_t *ret_position)
{
    uint64_t low, position;
    uint32_t high;
    char again[MESSAGE_ID_SIZE];

    if (size != MESSAGE_ID_SIZE || memcmp(id, space->prefix, MESSAGE_ID_PREFIX_SIZE) != 0)
        return false;
    memcpy(&high, id + MESSAGE_ID_PREFIX_SIZE, sizeof(high));
    memcpy(&low, id + MESSAGE_ID_PREFIX_SIZE + sizeof(high), sizeof(low));
    position = (uint64_t)message_id_value((uint64_t)le32toh(high) << 32 | 0x30303030u) << 32 |
               message_id_value(le64toh(low));
    message_id_write_position(again, position);
    if (memcmp(again + MESSAGE_ID_PREFIX_SIZE, id + MESSAGE_ID_PREFIX_SIZE,
               MESSAGE_ID_SIZE - MESSAGE_ID_PREFIX_SIZE) != 0)
        return false;
    *ret_position = position;
    return true;
}

#endif
