/* redis_store.h: what the fake server keeps: keys with values of a type, and an end of life. */
#ifndef FAKES_REDIS_STORE_H
#define FAKES_REDIS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

struct fake_bytes {
    char *data; /* NUL behind it */
    size_t size;
};

enum fake_type { REDIS_IS_STRING, REDIS_IS_LIST, REDIS_IS_SET, REDIS_IS_HASH, REDIS_IS_STREAM };

struct fake_stream;

struct fake_key {
    enum fake_type type;
    uint64_t ends_ns;         /* 0: never */
    struct fake_bytes string; /* string */
    struct fake_bytes *items; /* list */
    size_t item_count, item_capacity;
    struct map fields; /* hash and set: values are struct fake_bytes */
    struct fake_stream *stream;
};

struct fake_store {
    struct map keys; /* struct fake_key */
    uint64_t now_ns; /* kept by the server */
};

struct fake_bytes fake_bytes_new(const char *data, size_t size);
bool fake_bytes_are(struct fake_bytes bytes, const char *text);

/* NULL when it is not there. */
struct fake_key *fake_store_find(struct fake_store *store, struct fake_bytes name);
struct fake_key *fake_store_make(struct fake_store *store, struct fake_bytes name,
                                 enum fake_type type);
bool fake_store_remove(struct fake_store *store, struct fake_bytes name);
void fake_store_release(struct fake_store *store);

/* Hashes and sets.  True when the field is new (set), or was there (remove). */
bool fake_field_set(struct fake_key *key, struct fake_bytes field, struct fake_bytes value);
const struct fake_bytes *fake_field_get(const struct fake_key *key, struct fake_bytes field);
bool fake_field_remove(struct fake_key *key, struct fake_bytes field);
size_t fake_field_count(const struct fake_key *key);

#endif
