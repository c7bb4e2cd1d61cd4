/* map.c: open addressing over an array of entries that keeps the order of insertion. */
#include "base/map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define SLOT_COUNT_MIN 16

static int is_entry(const struct map_entry *entry, const void *key, size_t key_size)
{
    if (!entry->value || entry->key_size != key_size)
        return 0;
    return key_size == 0 || memcmp(entry->key, key, key_size) == 0;
}

/* The slot of a key, or the empty one where it would go.  A removed entry keeps its slot until the
   next rebuild, so that searches go past it.  There is always an empty slot. */
static size_t *find_slot(const struct map *map, const void *key, size_t key_size)
{
    size_t mask = map->slot_count - 1;
    size_t at = (size_t)XXH3_64bits(key, key_size) & mask;

    while (map->slots[at] && !is_entry(&map->entries[map->slots[at] - 1], key, key_size))
        at = (at + 1) & mask;
    return &map->slots[at];
}

static size_t drop_removed(struct map *map)
{
    size_t kept = 0;

    assert(map->entries || map->count == 0);
    for (size_t i = 0; i < map->count; i++)
        if (map->entries[i].value)
            map->entries[kept++] = map->entries[i];
    return kept;
}

/* Make room: drop what was removed, and keep at least half of the slots empty. */
static void rebuild(struct map *map)
{
    map->count = drop_removed(map);
    if (map->count * 2 >= map->capacity) {
        map->capacity = map->capacity ? map->capacity * 2 : SLOT_COUNT_MIN / 2;
        map->entries = memory_grow(map->entries, map->capacity, sizeof(struct map_entry));
    }
    map->slot_count = map->capacity * 2;
    free(map->slots);
    map->slots = memory_new(map->slot_count, sizeof(size_t));
    for (size_t i = 0; i < map->count; i++)
        *find_slot(map, map->entries[i].key, map->entries[i].key_size) = i + 1;
}

static struct map_entry *find_entry(const struct map *map, const void *key, size_t key_size)
{
    size_t index = map->slot_count ? *find_slot(map, key, key_size) : 0;

    return index ? &map->entries[index - 1] : NULL;
}

void *map_get(const struct map *map, const void *key, size_t key_size)
{
    const struct map_entry *entry = find_entry(map, key, key_size);

    return entry ? entry->value : NULL;
}

void map_set(struct map *map, const void *key, size_t key_size, void *value)
{
    struct map_entry *entry = find_entry(map, key, key_size);

    assert(value);
    if (entry) {
        entry->value = value;
        return;
    }
    if (map->count == map->capacity)
        rebuild(map);
    assert(map->entries); /* a map with room has them */
    entry = &map->entries[map->count];
    *entry = (struct map_entry){memory_new(1, key_size + 1), key_size, value};
    if (key_size)
        memcpy(entry->key, key, key_size);
    *find_slot(map, key, key_size) = ++map->count;
}

void *map_remove(struct map *map, const void *key, size_t key_size)
{
    struct map_entry *entry = find_entry(map, key, key_size);
    void *value;

    if (!entry)
        return NULL;
    value = entry->value;
    free(entry->key);
    *entry = (struct map_entry){0};
    return value;
}

void map_release(struct map *map)
{
    if (!map)
        return;
    for (size_t i = 0; i < map->count; i++)
        free(map->entries[i].key);
    free(map->entries);
    free(map->slots);
    *map = (struct map){0};
}
