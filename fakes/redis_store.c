/* redis_store.c: keys and values. */
#include "fakes/redis_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fakes/redis_stream.h"

struct fake_bytes fake_bytes_new(const char *data, size_t size)
{
    struct fake_bytes bytes = {memory_new(size + 1, 1), size};

    if (size > 0)
        memcpy(bytes.data, data, size);
    return bytes;
}

bool fake_bytes_are(struct fake_bytes bytes, const char *text)
{
    return bytes.size == strlen(text) && strncasecmp(bytes.data, text, bytes.size) == 0;
}

/* --- Fields ------------------------------------------------------------------------------------
 */

static void free_bytes(struct fake_bytes *bytes)
{
    free(bytes->data);
    free(bytes);
}

bool fake_field_remove(struct fake_key *key, struct fake_bytes field)
{
    struct fake_bytes *old = map_remove(&key->fields, field.data, field.size);

    if (old)
        free_bytes(old);
    return old != NULL;
}

bool fake_field_set(struct fake_key *key, struct fake_bytes field, struct fake_bytes value)
{
    bool is_new = !fake_field_remove(key, field);
    struct fake_bytes *copy = memory_new(1, sizeof(*copy));

    *copy = fake_bytes_new(value.data, value.size);
    map_set(&key->fields, field.data, field.size, copy);
    return is_new;
}

const struct fake_bytes *fake_field_get(const struct fake_key *key, struct fake_bytes field)
{
    return map_get(&key->fields, field.data, field.size);
}

size_t fake_field_count(const struct fake_key *key)
{
    size_t count = 0;

    for (size_t i = 0; i < key->fields.count; i++)
        count += key->fields.entries[i].value != NULL;
    return count;
}

/* --- Keys --------------------------------------------------------------------------------------
 */

static void free_key(struct fake_key *key)
{
    free(key->string.data);
    for (size_t i = 0; i < key->item_count; i++)
        free(key->items[i].data);
    free(key->items);
    for (size_t i = 0; i < key->fields.count; i++)
        if (key->fields.entries[i].value)
            free_bytes(key->fields.entries[i].value);
    map_release(&key->fields);
    fake_stream_free(key->stream);
    free(key);
}

bool fake_store_remove(struct fake_store *store, struct fake_bytes name)
{
    struct fake_key *key = map_remove(&store->keys, name.data, name.size);

    if (key)
        free_key(key);
    return key != NULL;
}

struct fake_key *fake_store_find(struct fake_store *store, struct fake_bytes name)
{
    struct fake_key *key = map_get(&store->keys, name.data, name.size);

    if (key && key->ends_ns && key->ends_ns <= store->now_ns) {
        fake_store_remove(store, name);
        return NULL;
    }
    return key;
}

struct fake_key *fake_store_make(struct fake_store *store, struct fake_bytes name,
                                 enum fake_type type)
{
    struct fake_key *key = fake_store_find(store, name);

    if (key)
        return key;
    key = memory_new(1, sizeof(*key));
    key->type = type;
    if (type == REDIS_IS_STREAM)
        key->stream = fake_stream_new();
    map_set(&store->keys, name.data, name.size, key);
    return key;
}

void fake_store_release(struct fake_store *store)
{
    for (size_t i = 0; i < store->keys.count; i++)
        if (store->keys.entries[i].value)
            free_key(store->keys.entries[i].value);
    map_release(&store->keys);
}
