/* message_id.c: the part of an id that is the stream's. */
#include "adapters/inline/message_id.h"

#include "base/random.h"

void message_id_space_init(struct message_id_space *space, uint64_t key, uint64_t number)
{
    uint64_t bits[2] = {random_keyed(key, number, random_key("inline stream"), 0),
                        random_keyed(key, number, random_key("inline stream"), 1)};
    char digits[32];
    static const unsigned char sources[MESSAGE_ID_PREFIX_SIZE] = {
        0, 1, 2, 3, 4, 5, 6, 7, '-', 8, 9, 10, 11, '-', 13, 14, 15, 12, '-', 17, 18, 19, 20, '-'};

    for (size_t i = 0; i < 4; i++) {
        uint64_t part = htole64(message_id_digits((uint32_t)(bits[i / 2] >> (32 * (i % 2)))));

        memcpy(digits + 8 * i, &part, sizeof(part));
    }
    for (size_t i = 0; i < MESSAGE_ID_PREFIX_SIZE; i++)
        space->prefix[i] = sources[i] == '-' ? '-' : digits[sources[i]];
    space->prefix[14] = '4';                          /* version */
    space->prefix[19] = "89ab"[(bits[1] >> 32) & 3u]; /* variant */
}
