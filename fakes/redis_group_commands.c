/* redis_group_commands.c: commands about the groups of streams. */
#include <stdio.h>
#include <string.h>

#include "fakes/redis_state.h"

static const char no_key[] = "ERR The XGROUP subcommand requires the key to exist. Note that for "
                             "CREATE you may want to use the MKSTREAM option to create an empty "
                             "stream automatically.";

/* The group of two words; an error when it is not there. */
static struct fake_group *group_of(struct fake_client *client, size_t stream_index,
                                   size_t group_index, struct fake_stream **ret_stream)
{
    bool failed;
    struct fake_stream *stream = fake_stream_of(client, stream_index, &failed);
    struct fake_group *group =
        stream ? fake_group_find(stream, fake_word(client, group_index)) : NULL;
    char line[512];

    if (failed)
        return NULL;
    *ret_stream = stream;
    if (!group) {
        (void)snprintf(line, sizeof(line),
                       "NOGROUP No such key '%.200s' or consumer group '%.200s'",
                       fake_word(client, stream_index).data, fake_word(client, group_index).data);
        fake_say_error(client, line);
    }
    return group;
}

static void xgroup(struct fake_client *client)
{
    bool failed;
    struct fake_stream *stream = fake_stream_of(client, 2, &failed);
    struct fake_group *group;

    if (failed)
        return;
    if (fake_word_is(client, 1, "CREATE")) {
        if (!stream && !fake_find_word(client, 5, "MKSTREAM")) {
            fake_say_error(client, no_key);
            return;
        }
        if (!stream)
            stream = fake_store_make(&client->fake->store, fake_word(client, 2), REDIS_IS_STREAM)
                         ->stream;
        if (fake_group_make(stream, fake_word(client, 3)))
            fake_say_status(client, "OK");
        else
            fake_say_error(client, "BUSYGROUP Consumer Group name already exists");
    } else if (fake_word_is(client, 1, "DESTROY")) {
        fake_say_number(client, stream && fake_group_remove(stream, fake_word(client, 3)));
        fake_wake_readers(client->fake);
    } else {
        group = group_of(client, 2, 3, &stream);
        if (!group)
            return;
        fake_group_leave(group, fake_word(client, 4));
        fake_say_number(client, 0);
    }
}

/* --- Looking -----------------------------------------------------------------------------------
 */

static void say_field(struct fake_client *client, const char *name, int64_t number)
{
    fake_say_text(client, name);
    fake_say_number(client, number);
}

static size_t count_consumers(const struct fake_group *group)
{
    size_t count = 0;

    for (const struct fake_consumer *consumer = group->consumers; consumer;
         consumer = consumer->next)
        count++;
    return count;
}

static void say_groups(struct fake_client *client, const struct fake_stream *stream)
{
    size_t count = 0;

    for (const struct fake_group *group = stream->groups; group; group = group->next)
        count++;
    fake_say_array(client, count);
    for (const struct fake_group *group = stream->groups; group; group = group->next) {
        fake_say_array(client, 8);
        fake_say_text(client, "name");
        fake_say_text(client, group->name);
        say_field(client, "consumers", (int64_t)count_consumers(group));
        say_field(client, "pending", (int64_t)group->pending_count);
        fake_say_text(client, "last-delivered-id");
        fake_say_id(client, group->last);
    }
}

static void xinfo(struct fake_client *client)
{
    bool failed;
    struct fake_stream *stream = fake_stream_of(client, 2, &failed);
    const struct fake_group *group;

    if (failed)
        return;
    if (!stream) {
        fake_say_error(client, "ERR no such key");
        return;
    }
    if (fake_word_is(client, 1, "GROUPS")) {
        say_groups(client, stream);
        return;
    }
    group = group_of(client, 2, 3, &stream);
    if (!group)
        return;
    fake_say_array(client, count_consumers(group));
    for (const struct fake_consumer *consumer = group->consumers; consumer;
         consumer = consumer->next) {
        fake_say_array(client, 4);
        fake_say_text(client, "name");
        fake_say_text(client, consumer->name);
        say_field(client, "pending", 0);
    }
}

static void say_summary(struct fake_client *client, const struct fake_group *group)
{
    fake_say_array(client, 4);
    fake_say_number(client, (int64_t)group->pending_count);
    if (group->pending_count > 0) {
        fake_say_id(client, group->pending[0].id);
        fake_say_id(client, group->pending[group->pending_count - 1].id);
    } else {
        fake_say_nil(client);
        fake_say_nil(client);
    }
    fake_say_nothing_to_read(client);
}

static void say_pending(struct fake_client *client, const struct fake_pending *pending)
{
    fake_say_array(client, 4);
    fake_say_id(client, pending->id);
    fake_say_text(client, pending->owner->name);
    fake_say_number(client, fake_pending_idle_ms(pending, client->fake->store.now_ns));
    fake_say_number(client, (int64_t)pending->deliveries);
}

static bool is_listed(const struct fake_client *client, const struct fake_pending *pending,
                      int64_t idle_ms, size_t consumer)
{
    return fake_pending_idle_ms(pending, client->fake->store.now_ns) >= idle_ms &&
           (consumer >= client->word_count || fake_word_is(client, consumer, pending->owner->name));
}

/* XPENDING key group [[IDLE ms] from to count [consumer]] */
static void xpending(struct fake_client *client)
{
    struct fake_stream *stream;
    const struct fake_group *group = group_of(client, 1, 2, &stream);
    size_t at = fake_word_is(client, 3, "IDLE") ? 5 : 3, count = 0, first, most;
    int64_t idle_ms = at == 5 ? fake_word_number(client, 4) : 0;
    struct fake_id from, to;

    if (!group)
        return;
    if (client->word_count == 3) {
        say_summary(client, group);
        return;
    }
    if (!fake_id_read(fake_word(client, at), 0, &from) ||
        !fake_id_read(fake_word(client, at + 1), UINT64_MAX, &to)) {
        fake_say_error(client, "ERR Invalid stream ID specified as stream command argument");
        return;
    }
    first = fake_pending_seek(group, from);
    most = (size_t)fake_word_number(client, at + 2);
    for (size_t i = first;
         i < group->pending_count && count < most && fake_id_order(group->pending[i].id, to) <= 0;
         i++)
        count += is_listed(client, &group->pending[i], idle_ms, at + 3);
    fake_say_array(client, count);
    for (size_t i = first; count > 0; i++)
        if (is_listed(client, &group->pending[i], idle_ms, at + 3)) {
            say_pending(client, &group->pending[i]);
            count--;
        }
}

/* --- Settling ----------------------------------------------------------------------------------
 */

static void xack(struct fake_client *client)
{
    bool failed;
    struct fake_stream *stream = fake_stream_of(client, 1, &failed);
    struct fake_group *group = stream ? fake_group_find(stream, fake_word(client, 2)) : NULL;
    int64_t count = 0;
    struct fake_id id;

    for (size_t i = 3; !failed && group && i < client->word_count; i++)
        count += fake_id_read(fake_word(client, i), 0, &id) && fake_pending_remove(group, id);
    if (!failed)
        fake_say_number(client, count);
}

static void take_over(const struct fake_client *client, struct fake_pending *pending,
                      struct fake_consumer *owner)
{
    pending->owner = owner;
    pending->since_ns = client->fake->store.now_ns;
    pending->idle_extra_ms = 0;
    pending->deliveries++;
}

/* XAUTOCLAIM key group consumer min-idle from COUNT n.  What was deleted leaves the group. */
static void xautoclaim(struct fake_client *client)
{
    struct fake_stream *stream;
    struct fake_group *group = group_of(client, 1, 2, &stream);
    int64_t idle_ms = fake_word_number(client, 4), left = fake_word_number(client, 7);
    struct fake_consumer *owner;
    struct text *list = &client->fake->list, *output = client->output;
    struct fake_id from;
    size_t count = 0, i;

    if (!group)
        return;
    owner = fake_group_consumer(group, fake_word(client, 3));
    (void)fake_id_read(fake_word(client, 5), 0, &from);
    text_clear(list);
    client->output = list;
    for (i = fake_pending_seek(group, from); i < group->pending_count && left > 0;) {
        struct fake_pending *pending = &group->pending[i];
        const struct fake_entry *entry = fake_stream_entry(stream, pending->id);

        if (!entry) {
            (void)fake_pending_remove(group, pending->id);
            continue;
        }
        i++;
        if (fake_pending_idle_ms(pending, client->fake->store.now_ns) < idle_ms)
            continue;
        take_over(client, pending, owner);
        fake_say_entry(client, entry);
        count++;
        left--;
    }
    client->output = output;
    fake_say_array(client, 3);
    fake_say_id(client, i < group->pending_count ? group->pending[i].id : (struct fake_id){0});
    fake_say_array(client, count);
    text_append(client->output, text_string(list), list->size);
    fake_say_array(client, 0);
}

/* --- Reading -----------------------------------------------------------------------------------
 */

static void say_head(struct fake_client *client, size_t at, size_t count)
{
    fake_say_array(client, 1);
    fake_say_array(client, 2);
    fake_say_text(client, fake_word(client, at + 1).data);
    fake_say_array(client, count);
}

/* What this consumer has pending, from an id on. */
static void read_own(struct fake_client *client, size_t at, const struct fake_stream *stream,
                     const struct fake_group *group, size_t most)
{
    struct fake_bytes consumer = fake_word(client, 3);
    struct text *list = &client->fake->list, *output = client->output;
    struct fake_id from;
    size_t count = 0;

    (void)fake_id_read(fake_word(client, at + 2), 0, &from);
    from.seq++;
    text_clear(list);
    client->output = list;
    for (size_t i = fake_pending_seek(group, from); i < group->pending_count && count < most; i++) {
        const struct fake_entry *entry = fake_stream_entry(stream, group->pending[i].id);

        if (!fake_bytes_are(consumer, group->pending[i].owner->name))
            continue;
        count++;
        if (entry) {
            fake_say_entry(client, entry);
        } else {
            fake_say_array(client, 2);
            fake_say_id(client, group->pending[i].id);
            fake_say_nothing_to_read(client);
        }
    }
    client->output = output;
    say_head(client, at, count);
    text_append(client->output, text_string(list), list->size);
}

static void read_new(struct fake_client *client, size_t at, const struct fake_stream *stream,
                     struct fake_group *group, size_t most)
{
    size_t block = fake_find_word(client, 1, "BLOCK"), first, count;
    struct fake_consumer *owner = fake_group_consumer(group, fake_word(client, 3));
    struct fake_id after = {group->last.ms, group->last.seq + 1};

    first = fake_stream_seek(stream, after);
    count = stream->count - first < most ? stream->count - first : most;
    if (count == 0) {
        if (block)
            fake_block(client, fake_word_number(client, block + 1));
        else
            fake_say_nothing_to_read(client);
        return;
    }
    say_head(client, at, count);
    for (size_t i = first; i < first + count; i++) {
        struct fake_pending *pending = fake_pending_find(group, stream->entries[i].id);

        if (!pending)
            pending = fake_pending_add(group, stream->entries[i].id);
        pending->deliveries = 0;
        take_over(client, pending, owner);
        group->last = stream->entries[i].id;
        fake_say_entry(client, &stream->entries[i]);
    }
}

/* XREADGROUP GROUP group consumer COUNT n [BLOCK ms] STREAMS key id */
static void xreadgroup(struct fake_client *client)
{
    struct fake_stream *stream;
    size_t at = fake_find_word(client, 1, "STREAMS");
    size_t option = fake_find_word(client, 4, "COUNT");
    struct fake_group *group = group_of(client, at + 1, 2, &stream);
    int64_t most = option && option < at ? fake_word_number(client, option + 1) : INT32_MAX;

    if (!group)
        return;
    if (fake_word_is(client, at + 2, ">"))
        read_new(client, at, stream, group, most > 0 ? (size_t)most : SIZE_MAX);
    else
        read_own(client, at, stream, group, most > 0 ? (size_t)most : SIZE_MAX);
}

const struct fake_command_entry fake_group_commands[] = {
    {"XGROUP", 4, xgroup}, {"XINFO", 3, xinfo},           {"XPENDING", 3, xpending},
    {"XACK", 4, xack},     {"XAUTOCLAIM", 8, xautoclaim}, {"XREADGROUP", 7, xreadgroup},
    {NULL, 0, NULL},
};
