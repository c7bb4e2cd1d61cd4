/* ceiling_inline.c: how fast messages can go through memory and be checked: a ring of payloads and
   a byte per message.  What an in-process broker and a ledger cost at the very least.

   ceiling_inline COUNT IN_FLIGHT BATCH PAYLOAD_SIZE */
#include <stdlib.h>
#include <string.h>

#include "bench/raw.h"

enum { SENT = 1, DELIVERED = 2, ACKED = 4 };

struct pass {
    char *ring; /* `slot_count` payloads; a power of two */
    uint64_t slot_count;
    char *payload; /* the number of the message stands in its first 8 bytes */
    size_t payload_size;
    unsigned char *marks;
    uint64_t count, sent, delivered;
};

static void publish(struct pass *pass, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++, pass->sent++) {
        memcpy(pass->payload, &pass->sent, sizeof(pass->sent));
        memcpy(pass->ring + (pass->sent & (pass->slot_count - 1)) * pass->payload_size,
               pass->payload, pass->payload_size);
        pass->marks[pass->sent] |= SENT;
    }
}

static void deliver(struct pass *pass, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++, pass->delivered++) {
        const char *payload =
            pass->ring + (pass->delivered & (pass->slot_count - 1)) * pass->payload_size;
        uint64_t number;

        memcpy(&number, payload, sizeof(number));
        if (number >= pass->count || pass->marks[number] != SENT ||
            memcmp(payload + 8, pass->payload + 8, pass->payload_size - 8) != 0)
            raw_fail("a message is not the one that was due");
        pass->marks[number] |= DELIVERED;
    }
}

static void acknowledge(struct pass *pass, uint64_t first)
{
    for (uint64_t i = first; i < pass->delivered; i++)
        pass->marks[i] |= ACKED;
}

static void check(const struct pass *pass)
{
    for (uint64_t i = 0; i < pass->count; i++)
        if (pass->marks[i] != (SENT | DELIVERED | ACKED))
            raw_fail("a message is missing");
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

int main(int argc, char **argv)
{
    uint64_t in_flight = raw_argument(argc, argv, 2, 1000),
             batch = raw_argument(argc, argv, 3, 250);
    struct pass pass = {.count = raw_argument(argc, argv, 1, 10000000),
                        .payload_size = raw_argument(argc, argv, 4, 100),
                        .slot_count = 1};
    uint64_t begin_ns, cpu_ns;

    while (pass.slot_count < in_flight)
        pass.slot_count *= 2;
    pass.ring = raw_memory(pass.slot_count, pass.payload_size);
    pass.payload = raw_memory(pass.payload_size, 1);
    pass.marks = raw_memory(pass.count, 1);
    memset(pass.payload, 'x', pass.payload_size);
    begin_ns = raw_now_ns();
    cpu_ns = raw_cpu_ns();
    while (pass.delivered < pass.count) {
        uint64_t first = pass.delivered;

        publish(&pass, smaller(in_flight - (pass.sent - first), pass.count - pass.sent));
        deliver(&pass, smaller(batch, pass.sent - first));
        acknowledge(&pass, first);
    }
    check(&pass);
    raw_print(pass.count, raw_now_ns() - begin_ns, raw_cpu_ns() - cpu_ns);
    free(pass.ring);
    free(pass.payload);
    free(pass.marks);
    return 0;
}
