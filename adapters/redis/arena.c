/* arena.c: a list of chunks, filled from the front; large pieces get a chunk of their own. */
#include "arena.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE (32u * 1024u - 64u)
#define KEEP_COUNT 16u /* chunks kept by clear: half a megabyte */

struct redis_arena_chunk {
    struct redis_arena_chunk *next;
    size_t capacity;
    max_align_t data[];
};

static struct redis_arena_chunk *make_chunk(size_t capacity)
{
    struct redis_arena_chunk *chunk = NULL;

    if (capacity < SIZE_MAX - sizeof(*chunk))
        chunk = malloc(sizeof(*chunk) + capacity);
    if (chunk) {
        chunk->next = NULL;
        chunk->capacity = capacity;
    }
    return chunk;
}

static void use_chunk(struct redis_arena *arena, struct redis_arena_chunk *chunk)
{
    arena->current = chunk;
    arena->at = chunk ? (char *)chunk->data : NULL;
    arena->end = chunk ? arena->at + chunk->capacity : NULL;
}

/* Make `current` a chunk with room for `size`: one that was kept, or a new one before it. */
static int turn_to_next(struct redis_arena *arena, size_t size)
{
    struct redis_arena_chunk **place = arena->current ? &arena->current->next : &arena->first;
    struct redis_arena_chunk *chunk = *place;

    if (!chunk || chunk->capacity < size) {
        chunk = make_chunk(size > CHUNK_SIZE ? size : CHUNK_SIZE);
        if (!chunk)
            return -1;
        chunk->next = *place;
        *place = chunk;
    }
    use_chunk(arena, chunk);
    return 0;
}

void *redis_arena_take_slowly(struct redis_arena *arena, size_t size)
{
    void *piece;

    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + 7u) & ~(size_t)7u;
    if ((size_t)(arena->end - arena->at) < size && turn_to_next(arena, size))
        return NULL;
    piece = arena->at;
    arena->at += size;
    return piece;
}

char *redis_arena_copy(struct redis_arena *arena, const void *bytes, size_t size)
{
    char *copy = redis_arena_take(arena, size ? size : 1);

    if (copy && size)
        memcpy(copy, bytes, size);
    return copy;
}

void redis_arena_clear(struct redis_arena *arena)
{
    struct redis_arena_chunk **place = &arena->first;
    size_t kept = 0;

    while (arena->current != arena->first && *place) {
        struct redis_arena_chunk *chunk = *place;

        if (chunk->capacity > CHUNK_SIZE || kept == KEEP_COUNT) {
            *place = chunk->next;
            free(chunk);
        } else {
            place = &chunk->next;
            kept++;
        }
    }
    if (arena->first && arena->first->capacity > CHUNK_SIZE) {
        redis_arena_release(arena);
        return;
    }
    use_chunk(arena, arena->first);
}

void redis_arena_release(struct redis_arena *arena)
{
    while (arena->first) {
        struct redis_arena_chunk *chunk = arena->first;

        arena->first = chunk->next;
        free(chunk);
    }
    use_chunk(arena, NULL);
}
