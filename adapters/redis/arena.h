/* arena.h: memory that is given out piece by piece and taken back all at once. */
#ifndef REDIS_ARENA_H
#define REDIS_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct redis_arena_chunk;

/* Zero-initialised is empty. */
struct redis_arena {
    struct redis_arena_chunk *first, *current;
    char *at, *end; /* what is free of the current chunk */
};

void *redis_arena_take_slowly(struct redis_arena *arena, size_t size);

/* Pieces are aligned for pointers and stay where they are until the arena is cleared.  NULL when
   memory ran out. */
static inline void *redis_arena_take(struct redis_arena *arena, size_t size)
{
    char *piece = arena->at;

    if ((size_t)(arena->end - piece) < size + 8u || size > SIZE_MAX / 2)
        return redis_arena_take_slowly(arena, size);
    arena->at = piece + ((size + 7u) & ~(size_t)7u);
    return piece;
}
/* Copies; NULL when memory ran out. */
char *redis_arena_copy(struct redis_arena *arena, const void *bytes, size_t size);
/* Take every piece back; some memory is kept for the next round. */
void redis_arena_clear(struct redis_arena *arena);
void redis_arena_release(struct redis_arena *arena);

#endif
