/* pick.h: one of several things (a key, a stream) for each message, by a distribution. */
#ifndef ACTORS_PICK_H
#define ACTORS_PICK_H

#include <stdint.h>

enum pick_kind { PICK_ROUND_ROBIN, PICK_UNIFORM, PICK_ZIPF };

struct pick {
    enum pick_kind kind;
    uint64_t count;                 /* of the things; at least 1 */
    double whole, first, threshold; /* zipf: constants of its sampler */
};

/* zipf has exponent 1, the shape of what people ask for: thing k is 1/k as frequent as the first.
 */
struct pick pick_make(enum pick_kind kind, uint64_t count);
/* From 0; `bits` are random, `index` numbers the messages. */
uint64_t pick_draw(const struct pick *pick, uint64_t bits, uint64_t index);

#endif
