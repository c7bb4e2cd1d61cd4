/* redis_script_keep.c: scripts about dead letters, retention and partitions. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/redis_script_parts.h"

static char data_word[] = "data", nothing[] = "";

/* --- Dead letters ------------------------------------------------------------------------------
 */

static void add(struct fake_client *client, struct fake_bytes stream, struct fake_bytes payload)
{
    (void)fake_stream_add(fake_store_make(fake_store_of(client), stream, REDIS_IS_STREAM)->stream,
                          fake_wall_ms(client->fake), fake_literal(data_word), payload);
    fake_wake_readers(client->fake);
}

void fake_script_replay(struct fake_client *client)
{
    struct fake_key *queue = fake_store_find(fake_store_of(client), fake_key_at(client, 1));
    const struct fake_key *target = fake_store_find(fake_store_of(client), fake_key_at(client, 2));
    bool is_later = client->fake->lies & REDIS_FAKE_REPLAYS_IN_PARTS;
    bool is_copy = client->fake->lies & REDIS_FAKE_REPLAYS_IN_COPIES;
    struct fake_id id;

    if (target && target->type != REDIS_IS_STREAM) {
        fake_say_error(client, "WRONGTYPE the target is no stream");
        return;
    }
    if (!queue || !queue->stream || !fake_id_read(fake_argument_at(client, 1), 0, &id) ||
        !fake_stream_entry(queue->stream, id)) {
        fake_say_number(client, 0);
        return;
    }
    if (is_copy)
        fake_do_later(client, fake_key_at(client, 1), fake_argument_at(client, 1), true);
    else
        (void)fake_stream_delete(queue->stream, id);
    if (is_later)
        fake_do_later(client, fake_key_at(client, 2), fake_argument_at(client, 2), false);
    else
        add(client, fake_key_at(client, 2), fake_argument_at(client, 2));
    fake_say_number(client, 1);
}

/* --- Trim --------------------------------------------------------------------------------------
 */

static struct fake_id need_of(const struct fake_group *group)
{
    bool is_behind =
        group->pending_count > 0 && fake_id_order(group->pending[0].id, group->last) < 0;

    return is_behind ? group->pending[0].id : group->last;
}

void fake_script_trim(struct fake_client *client)
{
    struct fake_key *key = fake_store_find(fake_store_of(client), fake_key_at(client, 1));
    struct fake_stream *stream = key ? key->stream : NULL;
    int64_t surplus = stream ? (int64_t)stream->count - fake_number_at(client, 1) : 0;
    struct fake_id floor = {UINT64_MAX, UINT64_MAX};
    size_t count;

    if (surplus <= 0) {
        fake_say_number(client, 0);
        return;
    }
    for (const struct fake_group *group = stream->groups; group; group = group->next)
        if (fake_id_order(need_of(group), floor) < 0)
            floor = need_of(group);
    count = fake_stream_seek(stream, floor);
    count = count < (size_t)surplus ? count : (size_t)surplus;
    count -= count % 100;
    fake_stream_cut(stream, count);
    fake_say_number(client, (int64_t)count);
}

/* --- Partitions --------------------------------------------------------------------------------
 */

void fake_script_record(struct fake_client *client)
{
    struct fake_key *times =
        fake_store_make(fake_store_of(client), fake_key_at(client, 2), REDIS_IS_HASH);
    struct fake_key *index =
        fake_store_make(fake_store_of(client), fake_key_at(client, 1), REDIS_IS_SET);
    struct text text = {0};

    text_appendf(&text, "%" PRIu64, fake_wall_ms(client->fake));
    (void)fake_field_set(times, fake_argument_at(client, 1),
                         (struct fake_bytes){text.data, text.size});
    text_release(&text);
    fake_say_number(client,
                    fake_field_set(index, fake_argument_at(client, 1), fake_literal(nothing)));
}

static bool is_idle(struct fake_client *client, uint64_t since_ms)
{
    return (int64_t)(fake_wall_ms(client->fake) - since_ms) >= fake_number_at(client, 2);
}

static bool is_done_with(struct fake_client *client, struct fake_bytes name)
{
    const struct fake_key *key = fake_store_find(fake_store_of(client), name);
    const struct fake_stream *stream = key ? key->stream : NULL;

    if (!stream || stream->count == 0)
        return true;
    if (!is_idle(client, stream->entries[stream->count - 1].id.ms) || !stream->groups)
        return false;
    for (const struct fake_group *group = stream->groups; group; group = group->next)
        if (group->pending_count > 0 ||
            fake_id_order(group->last, stream->entries[stream->count - 1].id) < 0)
            return false;
    return true;
}

void fake_script_reap(struct fake_client *client)
{
    struct fake_key *times = fake_store_find(fake_store_of(client), fake_key_at(client, 2));
    struct fake_key *index = fake_store_find(fake_store_of(client), fake_key_at(client, 1));
    const struct fake_bytes *recorded =
        times ? fake_field_get(times, fake_argument_at(client, 1)) : NULL;
    size_t key_count = (size_t)fake_word_number(client, 2);
    bool is_over = !recorded || is_idle(client, strtoull(recorded->data, NULL, 10));

    for (size_t i = 3; is_over && i <= key_count; i++)
        is_over = is_done_with(client, fake_key_at(client, i));
    if (is_over && index)
        (void)fake_field_remove(index, fake_argument_at(client, 1));
    if (is_over && times)
        (void)fake_field_remove(times, fake_argument_at(client, 1));
    for (size_t i = 3; is_over && i <= key_count; i++)
        (void)fake_store_remove(fake_store_of(client), fake_key_at(client, i));
    fake_say_number(client, is_over);
}
