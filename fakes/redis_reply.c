/* redis_reply.c: replies in the server's protocol, and the words of a command. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/redis_state.h"

void fake_say_number(struct fake_client *client, int64_t number)
{
    text_appendf(client->output, ":%" PRId64 "\r\n", number);
}

void fake_say_bytes(struct fake_client *client, const char *data, size_t size)
{
    text_appendf(client->output, "$%zu\r\n", size);
    text_append(client->output, data, size);
    text_append(client->output, "\r\n", 2);
}

void fake_say_text(struct fake_client *client, const char *text)
{
    fake_say_bytes(client, text, strlen(text));
}

void fake_say_status(struct fake_client *client, const char *text)
{
    text_appendf(client->output, "+%s\r\n", text);
}

void fake_say_error(struct fake_client *client, const char *text)
{
    text_appendf(client->output, "-%s\r\n", text);
}

void fake_say_array(struct fake_client *client, size_t count)
{
    text_appendf(client->output, "*%zu\r\n", count);
}

void fake_say_nil(struct fake_client *client)
{
    text_append_string(client->output, "$-1\r\n");
}

void fake_say_nothing_to_read(struct fake_client *client)
{
    text_append_string(client->output, "*-1\r\n");
}

void fake_say_id(struct fake_client *client, struct fake_id id)
{
    struct text text = {0};

    text_appendf(&text, "%" PRIu64 "-%" PRIu64, id.ms, id.seq);
    fake_say_bytes(client, text.data, text.size);
    text_release(&text);
}

void fake_say_entry(struct fake_client *client, const struct fake_entry *entry)
{
    fake_say_array(client, 2);
    fake_say_id(client, entry->id);
    fake_say_array(client, 2);
    fake_say_bytes(client, entry->field.data, entry->field.size);
    fake_say_bytes(client, entry->value.data, entry->value.size);
}

/* --- Words -------------------------------------------------------------------------------------
 */

struct fake_bytes fake_word(const struct fake_client *client, size_t index)
{
    static char empty[] = "";

    return index < client->word_count ? client->words[index] : (struct fake_bytes){empty, 0};
}

bool fake_word_is(const struct fake_client *client, size_t index, const char *text)
{
    return fake_bytes_are(fake_word(client, index), text);
}

size_t fake_find_word(const struct fake_client *client, size_t from, const char *text)
{
    for (size_t i = from; i < client->word_count; i++)
        if (fake_word_is(client, i, text))
            return i;
    return 0;
}

int64_t fake_word_number(const struct fake_client *client, size_t index)
{
    return strtoll(fake_word(client, index).data, NULL, 10);
}
