/* heap.h: a binary min-heap of nodes embedded in their owners, ordered by (due, serial). */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct heap_node {
    uint64_t due, serial;
    size_t index; /* 1-based position; 0 when not in a heap */
};

struct heap {
    struct heap_node **nodes;
    size_t count, capacity;
    uint64_t serial_next;
};

void heap_insert(struct heap *heap, struct heap_node *node, uint64_t due);
void heap_remove(struct heap *heap, struct heap_node *node); /* fine when not in it */
struct heap_node *heap_first(const struct heap *heap);       /* NULL when empty */
void heap_release(struct heap *heap);

#endif
