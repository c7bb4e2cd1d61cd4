/* operation.h: the operations that rules may name, as bits.  Private to this room. */
#ifndef LINK_OPERATION_H
#define LINK_OPERATION_H

#include <stdatomic.h>
#include <stdint.h>

enum { OPERATION_MAX = 40 };

struct link_owner {
    atomic_int counts[OPERATION_MAX]; /* calls under way, by operation */
};

/* -1 when there is no such operation. */
int operation_index(const char *op);
/* Every operation that a word means: "read" means all that read.  0 when there is no such word. */
uint64_t operation_set(const char *word);
const char *operation_name(int index);
/* The operations that have calls under way. */
uint64_t owner_operations(struct link_owner *owner);

#endif
