/* heap.c: a binary min-heap; nodes know their place, so that any of them can leave. */
#include "base/heap.h"

#include <stdlib.h>

#include "base/memory.h"

static int is_before(const struct heap_node *a, const struct heap_node *b)
{
    return a->due != b->due ? a->due < b->due : a->serial < b->serial;
}

/* Positions are 1-based: the children of i are 2i and 2i + 1. */
static void place(struct heap *heap, struct heap_node *node, size_t index)
{
    heap->nodes[index - 1] = node;
    node->index = index;
}

static void sift_up(struct heap *heap, struct heap_node *node, size_t index)
{
    while (index > 1 && is_before(node, heap->nodes[index / 2 - 1])) {
        place(heap, heap->nodes[index / 2 - 1], index);
        index /= 2;
    }
    place(heap, node, index);
}

static void sift_down(struct heap *heap, struct heap_node *node, size_t index)
{
    for (size_t child = 2 * index; child <= heap->count; child = 2 * index) {
        if (child < heap->count && is_before(heap->nodes[child], heap->nodes[child - 1]))
            child++;
        if (!is_before(heap->nodes[child - 1], node))
            break;
        place(heap, heap->nodes[child - 1], index);
        index = child;
    }
    place(heap, node, index);
}

void heap_insert(struct heap *heap, struct heap_node *node, uint64_t due)
{
    heap_remove(heap, node);
    if (heap->count == heap->capacity) {
        heap->capacity = heap->capacity ? heap->capacity * 2 : 64;
        heap->nodes = memory_grow(heap->nodes, heap->capacity, sizeof(struct heap_node *));
    }
    node->due = due;
    node->serial = heap->serial_next++;
    heap->count++;
    sift_up(heap, node, heap->count);
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
    size_t index = node->index;
    struct heap_node *last;

    if (index == 0)
        return;
    node->index = 0;
    last = heap->nodes[--heap->count];
    if (last == node)
        return;
    /* The last node takes the free place, and may have to go either way from there. */
    if (index > 1 && is_before(last, heap->nodes[index / 2 - 1]))
        sift_up(heap, last, index);
    else
        sift_down(heap, last, index);
}

struct heap_node *heap_first(const struct heap *heap)
{
    return heap->count ? heap->nodes[0] : NULL;
}

void heap_release(struct heap *heap)
{
    if (!heap)
        return;
    for (size_t i = 0; i < heap->count; i++)
        heap->nodes[i]->index = 0;
    free(heap->nodes);
    *heap = (struct heap){0};
}
