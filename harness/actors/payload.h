/* payload.h: makes payloads of a stated size that carry their identity (base/identity.h). */
#ifndef ACTORS_PAYLOAD_H
#define ACTORS_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "actors/pick.h"
#include "base/identity.h"

struct payload_share { /* one range of sizes among several */
    uint64_t size_min, size_max;
    double until; /* the shares up to and with it, 0 to 1 */
};

struct payload_plan {
    uint64_t size_min, size_max; /* bytes of the whole payload; ignored with a body */
    const char *body;            /* canonical JSON text, borrowed; NULL: filled to the size */
    const struct payload_share *shares; /* borrowed; none: one range, from size_min to size_max */
    size_t share_count;
    uint64_t keys; /* distinct values of a "key" in the body; 0: none */
    enum pick_kind keys_pick;
    uint64_t seed, actor;
};

struct payload_maker {
    struct payload_plan plan;
    struct pick key; /* of the keys */
    char *filler;    /* random letters, size_max of them and more */
    size_t filler_size;
    bool is_constant;     /* every body is the same: written once, digested once */
    uint64_t body_digest; /* of the constant body */
    size_t constant_size; /* of a payload with the constant body */
};

void payload_maker_init(struct payload_maker *maker, const struct payload_plan *plan);
void payload_maker_release(struct payload_maker *maker);
/* Bytes that a buffer for one payload needs. */
size_t payload_size_max(const struct payload_maker *maker);
/* Put what never changes into a buffer; once per buffer. */
void payload_prepare(const struct payload_maker *maker, char *buffer);
/* Write the payload of one message into a prepared buffer, all but its digest; its size. */
size_t payload_write(const struct payload_maker *maker, char *buffer,
                     const struct identity *identity);
/* Write its digest: then it can be sent. */
void payload_seal(const struct payload_maker *maker, char *buffer, size_t size);

#endif
