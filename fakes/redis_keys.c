/* redis_keys.c: commands about connections, and about keys that are no streams. */
#include <string.h>

#include "base/memory.h"
#include "fakes/redis_state.h"

struct fake_key *fake_key_of(struct fake_client *client, size_t index, enum fake_type type,
                             bool *ret_failed)
{
    struct fake_key *key = fake_store_find(&client->fake->store, fake_word(client, index));

    *ret_failed = key && key->type != type;
    if (!*ret_failed)
        return key;
    fake_say_error(client, "WRONGTYPE Operation against a key holding the wrong kind of value");
    return NULL;
}

static void say_ok(struct fake_client *client)
{
    fake_say_status(client, "OK");
}

static void ping(struct fake_client *client)
{
    fake_say_status(client, "PONG");
}

static void info(struct fake_client *client)
{
    fake_say_text(client, "# Server\r\nredis_version:7.0.0\r\nredis_mode:standalone\r\n"
                          "process_id:1\r\nuptime_in_seconds:1\r\nconnected_clients:1\r\n"
                          "used_memory:1000000\r\nloading:0\r\n");
}

static void del(struct fake_client *client)
{
    int64_t count = 0;

    for (size_t i = 1; i < client->word_count; i++)
        count += fake_store_remove(&client->fake->store, fake_word(client, i));
    fake_wake_readers(client->fake); /* who waits for a stream hears that it is gone */
    fake_say_number(client, count);
}

static void set(struct fake_client *client)
{
    struct fake_bytes value = fake_word(client, 2);
    struct fake_key *key;

    fake_store_remove(&client->fake->store, fake_word(client, 1));
    key = fake_store_make(&client->fake->store, fake_word(client, 1), REDIS_IS_STRING);
    key->string = fake_bytes_new(value.data, value.size);
    fake_wake_readers(client->fake);
    say_ok(client);
}

/* --- Lists -------------------------------------------------------------------------------------
 */

static void rpush(struct fake_client *client)
{
    bool failed;
    struct fake_key *key = fake_key_of(client, 1, REDIS_IS_LIST, &failed);

    if (failed)
        return;
    if (!key)
        key = fake_store_make(&client->fake->store, fake_word(client, 1), REDIS_IS_LIST);
    for (size_t i = 2; i < client->word_count; i++) {
        struct fake_bytes word = fake_word(client, i);

        if (key->item_count == key->item_capacity) {
            key->item_capacity = key->item_capacity ? key->item_capacity * 2 : 16;
            key->items = memory_grow(key->items, key->item_capacity, sizeof(*key->items));
        }
        key->items[key->item_count++] = fake_bytes_new(word.data, word.size);
    }
    fake_say_number(client, (int64_t)key->item_count);
}

static void llen(struct fake_client *client)
{
    bool failed;
    const struct fake_key *key = fake_key_of(client, 1, REDIS_IS_LIST, &failed);

    if (!failed)
        fake_say_number(client, key ? (int64_t)key->item_count : 0);
}

static void lrange(struct fake_client *client)
{
    bool failed;
    const struct fake_key *key = fake_key_of(client, 1, REDIS_IS_LIST, &failed);
    int64_t count = key ? (int64_t)key->item_count : 0;
    int64_t from = fake_word_number(client, 2), to = fake_word_number(client, 3);

    if (failed)
        return;
    to = to < 0 ? to + count : to;
    to = to >= count ? count - 1 : to;
    fake_say_array(client, from <= to ? (size_t)(to - from + 1) : 0);
    for (int64_t i = from; i <= to; i++)
        fake_say_bytes(client, key->items[i].data, key->items[i].size);
}

/* --- Sets and hashes ---------------------------------------------------------------------------
 */

static void say_fields(struct fake_client *client, enum fake_type type)
{
    bool failed;
    const struct fake_key *key = fake_key_of(client, 1, type, &failed);

    if (failed)
        return;
    fake_say_array(client, key ? fake_field_count(key) : 0);
    for (size_t i = 0; key && i < key->fields.count; i++)
        if (key->fields.entries[i].value)
            fake_say_bytes(client, key->fields.entries[i].key, key->fields.entries[i].key_size);
}

static void smembers(struct fake_client *client)
{
    say_fields(client, REDIS_IS_SET);
}

static void hkeys(struct fake_client *client)
{
    say_fields(client, REDIS_IS_HASH);
}

static void hdel(struct fake_client *client)
{
    bool failed;
    struct fake_key *key = fake_key_of(client, 1, REDIS_IS_HASH, &failed);

    if (!failed)
        fake_say_number(client, key && fake_field_remove(key, fake_word(client, 2)));
}

/* --- Channels ----------------------------------------------------------------------------------
 */

static void subscribe(struct fake_client *client)
{
    struct fake_bytes name = fake_word(client, 1);

    map_set(&client->channels, name.data, name.size, client);
    fake_say_array(client, 3);
    fake_say_text(client, "subscribe");
    fake_say_bytes(client, name.data, name.size);
    fake_say_number(client, 1);
}

static void publish(struct fake_client *client)
{
    int64_t count = 0;

    fake_publish(client, fake_word(client, 1), fake_word(client, 2), &count);
    fake_say_number(client, count);
}

/* --- Several in one ----------------------------------------------------------------------------
 */

static void multi(struct fake_client *client)
{
    client->is_in_multi = true;
    say_ok(client);
}

static void script(struct fake_client *client)
{
    fake_load_script(client);
}

const struct fake_command_entry fake_key_commands[] = {
    {"PING", 1, ping},
    {"SELECT", 2, say_ok},
    {"CLIENT", 2, say_ok},
    {"AUTH", 2, say_ok},
    {"INFO", 1, info},
    {"DEL", 2, del},
    {"UNLINK", 2, del},
    {"SET", 3, set},
    {"RPUSH", 3, rpush},
    {"LLEN", 2, llen},
    {"LRANGE", 4, lrange},
    {"SMEMBERS", 2, smembers},
    {"HKEYS", 2, hkeys},
    {"HDEL", 3, hdel},
    {"SUBSCRIBE", 2, subscribe},
    {"PUBLISH", 3, publish},
    {"MULTI", 1, multi},
    {"SCRIPT", 3, script},
    {"EVALSHA", 3, fake_run_script},
    {"EVAL", 3, fake_run_script},
    {NULL, 0, NULL},
};
