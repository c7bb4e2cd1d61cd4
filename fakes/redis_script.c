/* redis_script.c: the scripts of the adapters, known by their text and done natively. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fakes/redis_script_parts.h"

/* Run another command in place of this one, and come back to the script's words. */
static void run_as(struct fake_client *client, const struct fake_bytes *words, size_t count)
{
    struct fake_bytes *kept = client->words;
    size_t kept_count = client->word_count;
    struct fake_bytes *copy = memory_new(count, sizeof(*copy));

    memcpy(copy, words, count * sizeof(*copy));
    client->words = copy;
    client->word_count = count;
    fake_handle(client);
    client->words = kept;
    client->word_count = kept_count;
    free(copy);
}

/* Words of commands that scripts run. */
static char xreadgroup[] = "XREADGROUP", group_word[] = "GROUP", count_word[] = "COUNT",
            streams_word[] = "STREAMS", xautoclaim[] = "XAUTOCLAIM", xack[] = "XACK";

/* --- Leases ---------------------------------------------------------------------------------- */

static bool holds(struct fake_client *client)
{
    const struct fake_key *key = fake_store_find(fake_store_of(client), fake_key_at(client, 1));
    struct fake_bytes token = fake_argument_at(client, 1);

    return key && key->type == REDIS_IS_STRING && key->string.size == token.size &&
           memcmp(key->string.data, token.data, token.size) == 0;
}

static void set_end(struct fake_client *client, struct fake_key *key, int64_t milliseconds)
{
    key->ends_ns = client->fake->store.now_ns + (uint64_t)milliseconds * 1000000u;
}

static void acquire(struct fake_client *client)
{
    struct fake_key *generation, *lease;
    int64_t number = 1, ttl_ms = fake_number_at(client, 2);
    struct text text = {0};

    if (fake_store_find(fake_store_of(client), fake_key_at(client, 1))) {
        fake_say_nil(client);
        return;
    }
    if (ttl_ms <= 0) {
        fake_say_error(client, "ERR invalid expire time in 'set' command");
        return;
    }
    generation = fake_store_make(fake_store_of(client), fake_key_at(client, 2), REDIS_IS_STRING);
    if (generation->string.data)
        number = strtoll(generation->string.data, NULL, 10) + 1;
    free(generation->string.data);
    text_appendf(&text, "%" PRId64, number);
    generation->string = fake_bytes_new(text.data, text.size);
    text_clear(&text);
    text_appendf(&text, "%s:%" PRId64, fake_argument_at(client, 1).data, number);
    lease = fake_store_make(fake_store_of(client), fake_key_at(client, 1), REDIS_IS_STRING);
    lease->string = fake_bytes_new(text.data, text.size);
    set_end(client, lease, ttl_ms);
    text_release(&text);
    fake_say_number(client, number);
}

static void renew(struct fake_client *client)
{
    bool is_held = holds(client);

    if (is_held)
        set_end(client, fake_store_find(fake_store_of(client), fake_key_at(client, 1)),
                fake_number_at(client, 2));
    fake_say_number(client, is_held);
}

static void release(struct fake_client *client)
{
    fake_say_number(client, holds(client) &&
                                fake_store_remove(fake_store_of(client), fake_key_at(client, 1)));
}

/* --- Fenced ------------------------------------------------------------------------------------
 */

static void make_group(struct fake_client *client, struct fake_bytes name, struct fake_bytes group)
{
    (void)fake_group_make(fake_store_make(fake_store_of(client), name, REDIS_IS_STREAM)->stream,
                          group);
}

static void fenced_read(struct fake_client *client)
{
    const struct fake_bytes words[] = {
        fake_literal(xreadgroup),    fake_literal(group_word), fake_argument_at(client, 2),
        fake_argument_at(client, 3), fake_literal(count_word), fake_argument_at(client, 4),
        fake_literal(streams_word),  fake_key_at(client, 2),   fake_argument_at(client, 5)};

    if (!holds(client)) {
        fake_say_error(client, "FENCED");
        return;
    }
    make_group(client, fake_key_at(client, 2), fake_argument_at(client, 2));
    run_as(client, words, sizeof(words) / sizeof(words[0]));
}

static void fenced_claim(struct fake_client *client)
{
    const struct fake_bytes words[] = {fake_literal(xautoclaim),    fake_key_at(client, 2),
                                       fake_argument_at(client, 2), fake_argument_at(client, 1),
                                       fake_argument_at(client, 3), fake_argument_at(client, 4),
                                       fake_literal(count_word),    fake_argument_at(client, 5)};
    const struct fake_key *key = fake_store_find(fake_store_of(client), fake_key_at(client, 2));
    const struct fake_group *group =
        key && key->stream ? fake_group_find(key->stream, fake_argument_at(client, 2)) : NULL;
    bool has_idle = false;

    for (size_t i = 0; group && i < group->pending_count; i++)
        has_idle |= fake_pending_idle_ms(&group->pending[i], fake_store_of(client)->now_ns) >=
                    fake_number_at(client, 3);
    if (holds(client)) {
        run_as(client, words, sizeof(words) / sizeof(words[0]));
    } else if (has_idle) {
        fake_say_error(client, "FENCED");
    } else {
        fake_say_array(client, 2);
        fake_say_text(client, "0-0");
        fake_say_array(client, 0);
    }
}

static void fenced_ack(struct fake_client *client)
{
    const struct fake_bytes words[] = {fake_literal(xack), fake_key_at(client, 2),
                                       fake_argument_at(client, 2), fake_argument_at(client, 3)};

    if (holds(client))
        run_as(client, words, sizeof(words) / sizeof(words[0]));
    else
        fake_say_number(client, -1);
}

/* --- Nacks and leaving -------------------------------------------------------------------------
 */

static int64_t power_of(int64_t delay, double multiplier, uint64_t exponent)
{
    double product = (double)delay;

    for (uint64_t i = 0; i < exponent; i++)
        product *= multiplier;
    return (int64_t)product;
}

static int64_t nack_one(struct fake_client *client, const struct fake_group *group,
                        struct fake_bytes id_text)
{
    int64_t due = fake_number_at(client, 2), mark = fake_number_at(client, 3), delay;
    struct fake_pending *pending;
    struct fake_id id;

    if (!group || !fake_id_read(id_text, 0, &id))
        return 0;
    pending = fake_pending_find(group, id);
    if (!pending)
        return 0;
    if (fake_pending_idle_ms(pending, fake_store_of(client)->now_ns) >= mark)
        return 1;
    delay = power_of(fake_number_at(client, 4), strtod(fake_argument_at(client, 5).data, NULL),
                     pending->deliveries - 1);
    delay = delay < due ? delay : due;
    pending->since_ns = fake_store_of(client)->now_ns;
    pending->idle_extra_ms = delay > 0 ? due - delay : mark;
    return 2 + delay;
}

static void nack(struct fake_client *client)
{
    const struct fake_key *key = fake_store_find(fake_store_of(client), fake_key_at(client, 1));
    const struct fake_group *group =
        key && key->stream ? fake_group_find(key->stream, fake_argument_at(client, 1)) : NULL;
    size_t first = fake_argument_index(client, 6);

    fake_say_array(client, client->word_count - first);
    for (size_t i = first; i < client->word_count; i++)
        fake_say_number(client, nack_one(client, group, fake_word(client, i)));
}

static void leave(struct fake_client *client)
{
    const struct fake_key *key = fake_store_find(fake_store_of(client), fake_key_at(client, 1));
    struct fake_group *group =
        key && key->stream ? fake_group_find(key->stream, fake_argument_at(client, 1)) : NULL;

    for (size_t i = 0; group && i < group->pending_count; i++)
        if (fake_bytes_are(fake_argument_at(client, 2), group->pending[i].owner->name))
            group = NULL;
    if (group)
        fake_group_leave(group, fake_argument_at(client, 2));
    fake_say_number(client, 0);
}

/* --- The table ---------------------------------------------------------------------------------
 */

/* `mark`: what stands in the text of this script and of no other. */
static const struct {
    const char *mark;
    fake_command *run;
} scripts[] = {
    {"'IDLE', idle, 'JUSTID'", nack},
    {"'DELCONSUMER'", leave},
    {"the target is no stream", fake_script_replay},
    {"local surplus", fake_script_trim},
    {"redis.call('SADD'", fake_script_record},
    {"'XREVRANGE'", fake_script_reap},
    {"'INCR', KEYS[2]", acquire},
    {"'PEXPIRE'", renew},
    {"redis.call('DEL', KEYS[1])", release},
    {"return redis.pcall('XREADGROUP'", fenced_read},
    {"'XAUTOCLAIM'", fenced_claim},
    {"'XACK', KEYS[2]", fenced_ack},
    {"string.match(last or ''", fake_script_take},
};

enum { SCRIPT_COUNT = sizeof(scripts) / sizeof(scripts[0]) };

static size_t script_of(const char *text)
{
    size_t i = 0;

    while (i < SCRIPT_COUNT && !strstr(text, scripts[i].mark))
        i++;
    return i;
}

void fake_load_script(struct fake_client *client)
{
    size_t script = script_of(fake_word(client, 2).data);
    char digest[48];

    if (script == SCRIPT_COUNT) {
        fake_say_error(client, "ERR this fake does not know that script");
        return;
    }
    (void)snprintf(digest, sizeof(digest), "%040zu", script);
    fake_say_text(client, digest);
}

void fake_run_script(struct fake_client *client)
{
    struct fake_bytes word = fake_word(client, 1);
    size_t script =
        fake_word_is(client, 0, "EVAL") ? script_of(word.data) : strtoull(word.data, NULL, 10);

    if (script >= SCRIPT_COUNT)
        fake_say_error(client, "NOSCRIPT No matching script. Please use EVAL.");
    else
        scripts[script].run(client);
}
