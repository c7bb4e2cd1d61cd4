/* redis_stream_commands.c: commands about streams without groups. */
#include <string.h>

#include "fakes/redis_state.h"

#define NODE 100 /* entries that lazy trimming removes together */

static const char bad_id[] = "ERR Invalid stream ID specified as stream command argument";

struct fake_stream *fake_stream_of(struct fake_client *client, size_t index, bool *ret_failed)
{
    struct fake_key *key = fake_key_of(client, index, REDIS_IS_STREAM, ret_failed);

    return key ? key->stream : NULL;
}

static void xadd(struct fake_client *client)
{
    bool failed;
    struct fake_stream *stream = fake_stream_of(client, 1, &failed);

    if (failed)
        return;
    if (!stream)
        stream =
            fake_store_make(&client->fake->store, fake_word(client, 1), REDIS_IS_STREAM)->stream;
    fake_say_id(client, fake_stream_add(stream, fake_wall_ms(client->fake), fake_word(client, 3),
                                        fake_word(client, 4)));
    fake_wake_readers(client->fake);
}

static void xlen(struct fake_client *client)
{
    bool failed;
    const struct fake_stream *stream = fake_stream_of(client, 1, &failed);

    if (!failed)
        fake_say_number(client, stream ? (int64_t)stream->count : 0);
}

static void xdel(struct fake_client *client)
{
    bool failed;
    struct fake_stream *stream = fake_stream_of(client, 1, &failed);
    int64_t count = 0;
    struct fake_id id;

    for (size_t i = 2; !failed && i < client->word_count; i++) {
        if (!fake_id_read(fake_word(client, i), 0, &id)) {
            fake_say_error(client, bad_id);
            return;
        }
        count += stream && fake_stream_delete(stream, id);
    }
    if (!failed)
        fake_say_number(client, count);
}

/* "(5-1" begins behind it. */
static bool read_bound(struct fake_bytes word, uint64_t seq, struct fake_id *ret_id)
{
    bool is_open = word.size > 0 && word.data[0] == '(';
    struct fake_bytes rest = {word.data + is_open, word.size - is_open};

    if (!fake_id_read(rest, seq, ret_id))
        return false;
    if (is_open)
        ret_id->seq++;
    return true;
}

static void say_range(struct fake_client *client, struct fake_bytes from_word,
                      struct fake_bytes to_word, bool is_reverse)
{
    bool failed;
    const struct fake_stream *stream = fake_stream_of(client, 1, &failed);
    size_t option = fake_find_word(client, 4, "COUNT"), first, past, count, most = SIZE_MAX;
    struct fake_id from, to;

    if (failed)
        return;
    if (!read_bound(from_word, 0, &from) || !read_bound(to_word, UINT64_MAX, &to)) {
        fake_say_error(client, bad_id);
        return;
    }
    if (option)
        most = (size_t)fake_word_number(client, option + 1);
    first = stream ? fake_stream_seek(stream, from) : 0;
    for (past = first;
         stream && past < stream->count && fake_id_order(stream->entries[past].id, to) <= 0;)
        past++;
    count = past - first < most ? past - first : most;
    fake_say_array(client, count);
    for (size_t i = 0; stream && i < count; i++)
        fake_say_entry(client, &stream->entries[is_reverse ? past - 1 - i : first + i]);
}

static void xrange(struct fake_client *client)
{
    say_range(client, fake_word(client, 2), fake_word(client, 3), false);
}

static void xrevrange(struct fake_client *client)
{
    say_range(client, fake_word(client, 3), fake_word(client, 2), true);
}

/* XTRIM key MINID ~ id, and MAXLEN; lazily, in whole nodes. */
static void xtrim(struct fake_client *client)
{
    bool failed;
    struct fake_stream *stream = fake_stream_of(client, 1, &failed);
    size_t last = fake_word_is(client, 3, "~") || fake_word_is(client, 3, "=") ? 4 : 3;
    bool is_lazy = fake_word_is(client, 3, "~");
    size_t count = 0;
    struct fake_id id;

    if (failed)
        return;
    if (fake_word_is(client, 2, "MAXLEN")) {
        size_t most = (size_t)fake_word_number(client, last);

        count = stream && stream->count > most ? stream->count - most : 0;
    } else if (fake_id_read(fake_word(client, last), 0, &id)) {
        count = stream ? fake_stream_seek(stream, id) : 0;
    } else {
        fake_say_error(client, bad_id);
        return;
    }
    if (is_lazy)
        count -= count % NODE;
    if (count > 0)
        fake_stream_cut(stream, count);
    fake_say_number(client, (int64_t)count);
}

/* XREAD COUNT n BLOCK ms STREAMS key id */
static void xread(struct fake_client *client)
{
    bool failed;
    size_t at = fake_find_word(client, 1, "STREAMS"), count = 0, first;
    size_t block = fake_find_word(client, 1, "BLOCK"), most = fake_find_word(client, 1, "COUNT");
    const struct fake_stream *stream = fake_stream_of(client, at + 1, &failed);
    struct fake_id id;

    if (failed)
        return;
    (void)fake_id_read(fake_word(client, at + 2), 0, &id);
    id.seq++;
    first = stream ? fake_stream_seek(stream, id) : 0;
    count = stream ? stream->count - first : 0;
    if (count == 0) {
        if (block)
            fake_block(client, fake_word_number(client, block + 1));
        else
            fake_say_nothing_to_read(client);
        return;
    }
    if (most && count > (size_t)fake_word_number(client, most + 1))
        count = (size_t)fake_word_number(client, most + 1);
    fake_say_array(client, 1);
    fake_say_array(client, 2);
    fake_say_text(client, fake_word(client, at + 1).data);
    fake_say_array(client, count);
    for (size_t i = 0; i < count; i++)
        fake_say_entry(client, &stream->entries[first + i]);
}

const struct fake_command_entry fake_stream_commands[] = {
    {"XADD", 5, xadd},           {"XLEN", 2, xlen},   {"XDEL", 3, xdel},   {"XRANGE", 4, xrange},
    {"XREVRANGE", 4, xrevrange}, {"XTRIM", 4, xtrim}, {"XREAD", 4, xread}, {NULL, 0, NULL},
};
