/* map.h: text keys to pointers, for set-up and slow paths; iteration is in order of insertion. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>

struct map_entry {
    char *key; /* the map's own copy */
    size_t key_size;
    void *value; /* the caller's; NULL after map_remove */
};

struct map {
    struct map_entry *entries; /* [0, count), removed ones have a NULL value */
    size_t count, capacity;
    size_t *slots; /* index + 1, 0 empty */
    size_t slot_count;
};

/* All take any bytes as a key.  map_get gives NULL when absent. */
void *map_get(const struct map *map, const void *key, size_t key_size);
void map_set(struct map *map, const void *key, size_t key_size, void *value);
void *map_remove(struct map *map, const void *key, size_t key_size);
void map_release(struct map *map); /* the values stay the caller's */

#endif
