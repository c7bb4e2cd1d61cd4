/* redis_stream.h: streams of the fake server, their groups, and what these have pending. */
#ifndef FAKES_REDIS_STREAM_H
#define FAKES_REDIS_STREAM_H

#include "fakes/redis_store.h"

struct fake_id {
    uint64_t ms, seq;
};

struct fake_entry {
    struct fake_id id;
    struct fake_bytes field, value;
};

struct fake_consumer {
    struct fake_consumer *next;
    char *name;
};

struct fake_pending {
    struct fake_id id;
    struct fake_consumer *owner;
    uint64_t since_ns; /* of the last delivery; later than now when its idle time was set so */
    int64_t idle_extra_ms;
    uint64_t deliveries;
};

struct fake_group {
    struct fake_group *next;
    char *name;
    struct fake_id last;
    struct fake_pending *pending; /* by id */
    size_t pending_count, pending_capacity;
    struct fake_consumer *consumers;
};

struct fake_stream {
    struct fake_entry *entries; /* by id */
    size_t count, capacity;
    struct fake_id last;
    struct fake_group *groups;
};

struct fake_stream *fake_stream_new(void);
void fake_stream_free(struct fake_stream *stream); /* NULL is fine */

int fake_id_order(struct fake_id a, struct fake_id b);
/* "5-1", "5", "-" and "+"; a missing number is `seq`. */
bool fake_id_read(struct fake_bytes text, uint64_t seq, struct fake_id *ret_id);

struct fake_id fake_stream_add(struct fake_stream *stream, uint64_t now_ms, struct fake_bytes field,
                               struct fake_bytes value);
/* The index of the first entry that is not before `id`. */
size_t fake_stream_seek(const struct fake_stream *stream, struct fake_id id);
const struct fake_entry *fake_stream_entry(const struct fake_stream *stream, struct fake_id id);
bool fake_stream_delete(struct fake_stream *stream, struct fake_id id);
/* The first `count` entries. */
void fake_stream_cut(struct fake_stream *stream, size_t count);

struct fake_group *fake_group_find(const struct fake_stream *stream, struct fake_bytes name);
/* NULL when it is there already. */
struct fake_group *fake_group_make(struct fake_stream *stream, struct fake_bytes name);
bool fake_group_remove(struct fake_stream *stream, struct fake_bytes name);
struct fake_consumer *fake_group_consumer(struct fake_group *group, struct fake_bytes name);
void fake_group_leave(struct fake_group *group, struct fake_bytes consumer);

size_t fake_pending_seek(const struct fake_group *group, struct fake_id id);
struct fake_pending *fake_pending_find(const struct fake_group *group, struct fake_id id);
struct fake_pending *fake_pending_add(struct fake_group *group, struct fake_id id);
bool fake_pending_remove(struct fake_group *group, struct fake_id id);
int64_t fake_pending_idle_ms(const struct fake_pending *pending, uint64_t now_ns);

#endif
