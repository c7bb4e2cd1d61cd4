/* operation.h: the operations that rules may name, as bits, and who is doing which.  Private to
   this room. */
#ifndef LINK_OPERATION_H
#define LINK_OPERATION_H

#include <stdatomic.h>
#include <stdint.h>

enum { OPERATION_MAX = 40 };

/* -1 when there is no such operation. */
int operation_index(const char *op);
/* Every operation that a word means: "read" means all that read.  0 when there is no such word. */
uint64_t operation_set(const char *word);
/* Those that change nothing. */
uint64_t operation_looking(void);
/* "a, b, c": all of them, for messages. */
const char *operation_words(void);
const char *operation_name(int index);

/* Links and calls of one owner live on one loop; a proxy's links may live on another. */
struct link_owner {
    atomic_int calls[OPERATION_MAX];  /* under way */
    atomic_int claims[OPERATION_MAX]; /* of requests that name the operation themselves */
};

/* The operations that have calls under way. */
uint64_t owner_operations(struct link_owner *owner);
/* Those of them that no request without a reply is known to belong to. */
uint64_t owner_free_operations(struct link_owner *owner);
/* A request that names these operations was sent (1) or is over (-1). */
void owner_claim(struct link_owner *owner, uint64_t operations, int change);

#endif
