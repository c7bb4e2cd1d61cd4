/* redis_fake.c: clients that come, ask, wait, and go. */
#include "fakes/redis_fake.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fakes/redis_state.h"

#define ADDRESS  "tcp://127.0.0.1:6379"
#define EPOCH_MS 1700000000000u /* of its clock, so that ids look as usual */
#define SOON_NS  1000u

static void on_wake(void *context);

static void wake_soon(struct redis_fake *fake)
{
    loop_timer_start(fake->loop, &fake->wake, loop_now_ns(fake->loop) + SOON_NS, on_wake, fake);
}

uint64_t fake_wall_ms(const struct redis_fake *fake)
{
    return EPOCH_MS + loop_now_ns(fake->loop) / 1000000u;
}

/* --- Words -------------------------------------------------------------------------------------
 */

static void free_words(struct fake_bytes *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(words[i].data);
}

static void add_word(struct fake_client *client, const char *data, size_t size)
{
    if (client->word_count == client->word_capacity) {
        client->word_capacity = client->word_capacity ? client->word_capacity * 2 : 16;
        client->words = memory_grow(client->words, client->word_capacity, sizeof(*client->words));
    }
    client->words[client->word_count++] = fake_bytes_new(data, size);
}

/* A line "<type><number>\r\n" at `*at`; false while it is not whole. */
static bool read_line(const struct text *input, size_t *at, char type, size_t *ret_number)
{
    const char *start = input->data + *at;
    const char *end = *at < input->size ? memchr(start, '\n', input->size - *at) : NULL;

    if (!end || *start != type)
        return false;
    *ret_number = strtoull(start + 1, NULL, 10);
    *at += (size_t)(end - start) + 1;
    return true;
}

/* The next command as words; false while it is not whole. */
static bool read_command(struct fake_client *client)
{
    size_t at = 0, count, size;

    client->word_count = 0;
    if (client->input.size == 0 || !read_line(&client->input, &at, '*', &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!read_line(&client->input, &at, '$', &size) || at + size + 2 > client->input.size) {
            free_words(client->words, client->word_count);
            return false;
        }
        add_word(client, client->input.data + at, size);
        at += size + 2;
    }
    memmove(client->input.data, client->input.data + at, client->input.size - at + 1);
    client->input.size -= at;
    return true;
}

/* --- Commands ----------------------------------------------------------------------------------
 */

static const struct fake_command_entry *find_command(const struct fake_client *client)
{
    static const struct fake_command_entry *const tables[] = {
        fake_key_commands, fake_stream_commands, fake_group_commands};

    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        for (const struct fake_command_entry *entry = tables[i]; entry->name; entry++)
            if (fake_word_is(client, 0, entry->name))
                return entry;
    return NULL;
}

void fake_handle(struct fake_client *client)
{
    const struct fake_command_entry *entry = find_command(client);

    client->fake->store.now_ns = loop_now_ns(client->fake->loop);
    if (!entry)
        fake_say_error(client, "ERR unknown command");
    else if (client->word_count < entry->least)
        fake_say_error(client, "ERR wrong number of arguments");
    else
        entry->run(client);
}

static void handle_in_multi(struct fake_client *client)
{
    struct text *output = client->output;

    if (fake_word_is(client, 0, "EXEC")) {
        client->is_in_multi = false;
        fake_say_array(client, client->queued_count);
        text_append(output, text_string(&client->queued), client->queued.size);
        text_clear(&client->queued);
        client->queued_count = 0;
        return;
    }
    client->output = &client->queued;
    fake_handle(client);
    client->output = output;
    client->queued_count++;
    fake_say_status(client, "QUEUED");
}

static void send_output(struct fake_client *client)
{
    if (client->output->size > 0 && client->link)
        link_write(client->link, client->output->data, client->output->size);
    text_clear(client->output);
}

/* --- Waiting -----------------------------------------------------------------------------------
 */

static void unblock(struct fake_client *client)
{
    loop_timer_stop(client->fake->loop, &client->timer);
    free_words(client->blocked, client->blocked_count);
    free(client->blocked);
    client->blocked = NULL;
    client->blocked_count = 0;
    client->is_blocked = false;
}

static void serve(struct fake_client *client)
{
    client->output = &client->fake->reply;
    while (client->link && !client->is_blocked && !client->fake->is_stopped &&
           read_command(client)) {
        if (client->is_in_multi)
            handle_in_multi(client);
        else
            fake_handle(client);
        if (!client->is_blocked || client->blocked != client->words)
            free_words(client->words, client->word_count);
    }
    send_output(client);
}

static void on_waited_enough(void *context)
{
    struct fake_client *client = context;

    client->output = &client->fake->reply;
    unblock(client);
    fake_say_nothing_to_read(client);
    send_output(client);
    serve(client);
}

/* Keeps copies of the words: those of the command end with it. */
void fake_block(struct fake_client *client, int64_t milliseconds)
{
    struct redis_fake *fake = client->fake;

    if (client->is_blocked) /* tried again in vain */
        return;
    client->is_blocked = true;
    client->blocked_count = client->word_count;
    client->blocked = memory_new(client->word_count, sizeof(*client->blocked));
    for (size_t i = 0; i < client->word_count; i++)
        client->blocked[i] = fake_bytes_new(client->words[i].data, client->words[i].size);
    if (milliseconds > 0)
        loop_timer_start(fake->loop, &client->timer,
                         loop_now_ns(fake->loop) + (uint64_t)milliseconds * 1000000u,
                         on_waited_enough, client);
}

static void try_again(struct fake_client *client)
{
    struct fake_bytes *words = client->words;
    size_t count = client->word_count;

    client->output = &client->fake->reply;
    client->words = client->blocked;
    client->word_count = client->blocked_count;
    fake_handle(client);
    client->words = words;
    client->word_count = count;
    if (client->output->size == 0)
        return;
    unblock(client);
    send_output(client);
    serve(client);
}

void fake_wake_readers(struct redis_fake *fake)
{
    wake_soon(fake);
}

/* --- Clients -----------------------------------------------------------------------------------
 */

static void drop(struct fake_client *client, enum link_ending ending)
{
    if (client->is_blocked)
        unblock(client);
    link_close(client->link, ending);
    client->link = NULL;
    client->is_gone = true;
    wake_soon(client->fake);
}

static void free_client(struct fake_client *client)
{
    text_release(&client->input);
    text_release(&client->queued);
    map_release(&client->channels);
    free(client->words);
    free(client);
}

static void free_gone(struct redis_fake *fake)
{
    struct fake_client **link = &fake->clients;

    while (*link) {
        struct fake_client *client = *link;

        if (!client->is_gone) {
            link = &client->next;
            continue;
        }
        *link = client->next;
        free_client(client);
    }
}

static void on_wake(void *context)
{
    struct redis_fake *fake = context;

    free_gone(fake);
    for (struct fake_client *client = fake->clients; client && !fake->is_stopped;
         client = client->next)
        if (client->is_blocked)
            try_again(client);
}

static void on_received(void *context, const char *bytes, size_t size)
{
    struct fake_client *client = context;

    text_append(&client->input, bytes, size);
    serve(client);
}

static void on_closed(void *context, int error_number, const char *reason)
{
    (void)error_number, (void)reason;
    drop(context, LINK_GRACEFUL);
}

static void on_accept(void *context, struct link *far_end)
{
    static const struct link_events events = {.received = on_received, .closed = on_closed};
    struct redis_fake *fake = context;
    struct fake_client *client = memory_new(1, sizeof(*client));
    struct fake_client **link = &fake->clients;

    while (*link)
        link = &(*link)->next;
    *link = client;
    client->fake = fake;
    client->link = far_end;
    client->output = &fake->reply;
    link_far_end_start(far_end, &events, client);
    if (fake->is_dead)
        drop(client, LINK_RESET);
}

void fake_publish(struct fake_client *client, struct fake_bytes channel, struct fake_bytes message,
                  int64_t *ret_count)
{
    struct text *output = client->output;

    for (struct fake_client *other = client->fake->clients; other; other = other->next) {
        struct text push = {0};

        if (other->is_gone || !map_get(&other->channels, channel.data, channel.size))
            continue;
        other->output = &push;
        fake_say_array(other, 3);
        fake_say_text(other, "message");
        fake_say_bytes(other, channel.data, channel.size);
        fake_say_bytes(other, message.data, message.size);
        send_output(other);
        text_release(&push);
        other->output = output;
        (*ret_count)++;
    }
}

/* --- Life --------------------------------------------------------------------------------------
 */

struct redis_fake *redis_fake_new(struct loop *loop, struct link_dialer *dialer, uint32_t lies,
                                  struct error *reterr)
{
    struct redis_fake *fake = memory_new(1, sizeof(*fake));

    fake->loop = loop;
    fake->lies = lies;
    if (link_listen_simulated(dialer, loop, ADDRESS, on_accept, fake, reterr) < 0) {
        free(fake);
        return NULL;
    }
    return fake;
}

void redis_fake_free(struct redis_fake *fake)
{
    if (!fake)
        return;
    for (struct fake_client *client = fake->clients; client; client = client->next)
        if (!client->is_gone)
            drop(client, LINK_RESET);
    free_gone(fake);
    while (fake->laters) {
        loop_timer_stop(fake->loop, &fake->laters->timer);
        fake_end_later(fake->laters);
    }
    loop_timer_stop(fake->loop, &fake->wake);
    fake_store_release(&fake->store);
    text_release(&fake->reply);
    text_release(&fake->list);
    free(fake);
}

static void go_on(struct redis_fake *fake)
{
    fake->is_stopped = false;
    for (struct fake_client *client = fake->clients; client; client = client->next)
        if (!client->is_gone)
            serve(client);
    wake_soon(fake);
}

int redis_fake_drive(struct redis_fake *fake, const char *verb, struct error *reterr)
{
    if (strcmp(verb, "kill") == 0) {
        fake->is_dead = true;
        for (struct fake_client *client = fake->clients; client; client = client->next)
            if (!client->is_gone)
                drop(client, LINK_RESET);
    } else if (strcmp(verb, "pause") == 0) {
        fake->is_stopped = true;
    } else if (strcmp(verb, "continue") == 0) {
        go_on(fake);
    } else if (strcmp(verb, "restart") == 0) {
        fake->is_dead = fake->is_stopped = false;
    } else {
        return error_set(reterr, ERROR_USAGE, "the fake server cannot '%s'", verb);
    }
    return 0;
}
