/* redis_stream.c: entries in order, groups, and what is pending. */
#include "fakes/redis_stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- Ids ---------------------------------------------------------------------------------------
 */

int fake_id_order(struct fake_id a, struct fake_id b)
{
    if (a.ms != b.ms)
        return a.ms < b.ms ? -1 : 1;
    return a.seq < b.seq ? -1 : a.seq > b.seq;
}

static bool read_number(const char **at, uint64_t *ret_number)
{
    const char *start = *at;

    for (*ret_number = 0; **at >= '0' && **at <= '9'; (*at)++)
        *ret_number = *ret_number * 10 + (uint64_t)(**at - '0');
    return *at > start;
}

bool fake_id_read(struct fake_bytes text, uint64_t seq, struct fake_id *ret_id)
{
    const char *at = text.data;

    *ret_id = (struct fake_id){0, 0};
    if (fake_bytes_are(text, "-"))
        return true;
    if (fake_bytes_are(text, "+")) {
        *ret_id = (struct fake_id){UINT64_MAX, UINT64_MAX};
        return true;
    }
    if (!read_number(&at, &ret_id->ms))
        return false;
    ret_id->seq = seq;
    if (*at == '-') {
        at++;
        if (!read_number(&at, &ret_id->seq))
            return false;
    }
    return *at == '\0';
}

/* --- Entries -----------------------------------------------------------------------------------
 */

struct fake_stream *fake_stream_new(void)
{
    return memory_new(1, sizeof(struct fake_stream));
}

struct fake_id fake_stream_add(struct fake_stream *stream, uint64_t now_ms, struct fake_bytes field,
                               struct fake_bytes value)
{
    struct fake_entry *entry;

    if (now_ms > stream->last.ms)
        stream->last = (struct fake_id){now_ms, 0};
    else
        stream->last.seq++;
    if (stream->count == stream->capacity) {
        stream->capacity = stream->capacity ? stream->capacity * 2 : 16;
        stream->entries = memory_grow(stream->entries, stream->capacity, sizeof(*stream->entries));
    }
    entry = &stream->entries[stream->count++];
    entry->id = stream->last;
    entry->field = fake_bytes_new(field.data, field.size);
    entry->value = fake_bytes_new(value.data, value.size);
    return entry->id;
}

size_t fake_stream_seek(const struct fake_stream *stream, struct fake_id id)
{
    size_t low = 0, high = stream->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (fake_id_order(stream->entries[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct fake_entry *fake_stream_entry(const struct fake_stream *stream, struct fake_id id)
{
    size_t index = fake_stream_seek(stream, id);

    if (index == stream->count || fake_id_order(stream->entries[index].id, id) != 0)
        return NULL;
    return &stream->entries[index];
}

static void drop_entries(struct fake_stream *stream, size_t index, size_t count)
{
    for (size_t i = index; i < index + count; i++) {
        free(stream->entries[i].field.data);
        free(stream->entries[i].value.data);
    }
    if (index + count < stream->count)
        memmove(&stream->entries[index], &stream->entries[index + count],
                (stream->count - index - count) * sizeof(*stream->entries));
    stream->count -= count;
}

bool fake_stream_delete(struct fake_stream *stream, struct fake_id id)
{
    size_t index = fake_stream_seek(stream, id);

    if (index == stream->count || fake_id_order(stream->entries[index].id, id) != 0)
        return false;
    drop_entries(stream, index, 1);
    return true;
}

void fake_stream_cut(struct fake_stream *stream, size_t count)
{
    drop_entries(stream, 0, count);
}

/* --- Groups ------------------------------------------------------------------------------------
 */

struct fake_group *fake_group_find(const struct fake_stream *stream, struct fake_bytes name)
{
    struct fake_group *group = stream->groups;

    while (group &&
           (strlen(group->name) != name.size || memcmp(group->name, name.data, name.size) != 0))
        group = group->next;
    return group;
}

struct fake_group *fake_group_make(struct fake_stream *stream, struct fake_bytes name)
{
    struct fake_group **link = &stream->groups;

    if (fake_group_find(stream, name))
        return NULL;
    while (*link)
        link = &(*link)->next;
    *link = memory_new(1, sizeof(**link));
    (*link)->name = memory_string(name.data);
    return *link;
}

static void free_group(struct fake_group *group)
{
    while (group->consumers) {
        struct fake_consumer *consumer = group->consumers;

        group->consumers = consumer->next;
        free(consumer->name);
        free(consumer);
    }
    free(group->pending);
    free(group->name);
    free(group);
}

bool fake_group_remove(struct fake_stream *stream, struct fake_bytes name)
{
    struct fake_group *group = fake_group_find(stream, name), **link = &stream->groups;

    if (!group)
        return false;
    while (*link != group)
        link = &(*link)->next;
    *link = group->next;
    free_group(group);
    return true;
}

void fake_stream_free(struct fake_stream *stream)
{
    if (!stream)
        return;
    while (stream->groups) {
        struct fake_group *group = stream->groups;

        stream->groups = group->next;
        free_group(group);
    }
    drop_entries(stream, 0, stream->count);
    free(stream->entries);
    free(stream);
}

struct fake_consumer *fake_group_consumer(struct fake_group *group, struct fake_bytes name)
{
    struct fake_consumer **link = &group->consumers;

    while (*link && strcmp((*link)->name, name.data) != 0)
        link = &(*link)->next;
    if (!*link) {
        *link = memory_new(1, sizeof(**link));
        (*link)->name = memory_string(name.data);
    }
    return *link;
}

void fake_group_leave(struct fake_group *group, struct fake_bytes consumer)
{
    struct fake_consumer **link = &group->consumers, *gone;

    while (*link && strcmp((*link)->name, consumer.data) != 0)
        link = &(*link)->next;
    gone = *link;
    if (!gone)
        return;
    *link = gone->next;
    free(gone->name);
    free(gone);
}

/* --- Pending -----------------------------------------------------------------------------------
 */

size_t fake_pending_seek(const struct fake_group *group, struct fake_id id)
{
    size_t low = 0, high = group->pending_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (fake_id_order(group->pending[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct fake_pending *fake_pending_find(const struct fake_group *group, struct fake_id id)
{
    size_t index = fake_pending_seek(group, id);

    if (index == group->pending_count || fake_id_order(group->pending[index].id, id) != 0)
        return NULL;
    return &group->pending[index];
}

struct fake_pending *fake_pending_add(struct fake_group *group, struct fake_id id)
{
    size_t index = fake_pending_seek(group, id);

    if (group->pending_count == group->pending_capacity) {
        group->pending_capacity = group->pending_capacity ? group->pending_capacity * 2 : 16;
        group->pending =
            memory_grow(group->pending, group->pending_capacity, sizeof(*group->pending));
    }
    memmove(&group->pending[index + 1], &group->pending[index],
            (group->pending_count - index) * sizeof(*group->pending));
    group->pending_count++;
    group->pending[index] = (struct fake_pending){.id = id};
    return &group->pending[index];
}

bool fake_pending_remove(struct fake_group *group, struct fake_id id)
{
    size_t index = fake_pending_seek(group, id);

    if (index == group->pending_count || fake_id_order(group->pending[index].id, id) != 0)
        return false;
    group->pending_count--;
    memmove(&group->pending[index], &group->pending[index + 1],
            (group->pending_count - index) * sizeof(*group->pending));
    return true;
}

int64_t fake_pending_idle_ms(const struct fake_pending *pending, uint64_t now_ns)
{
    return (int64_t)((now_ns - pending->since_ns) / 1000000u) + pending->idle_extra_ms;
}
