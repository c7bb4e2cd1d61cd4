/* redis_state.h: the fake server's own structs.  Private to redis_*.c. */
#ifndef FAKES_REDIS_STATE_H
#define FAKES_REDIS_STATE_H

#include "base/text.h"
#include "fakes/redis_fake.h"
#include "fakes/redis_stream.h"

struct fake_client {
    struct fake_client *next;
    struct redis_fake *fake;
    struct link *link;
    struct text input; /* not handled yet */
    struct text *output;
    struct fake_bytes *words; /* of the command under way */
    size_t word_count, word_capacity;
    struct map channels; /* subscribed; values are this client */
    /* Blocked in a read: its words are kept, and tried again when something was added. */
    struct fake_bytes *blocked;
    size_t blocked_count;
    struct loop_timer timer;
    bool is_blocked, is_in_multi, is_gone;
    struct text queued; /* replies for EXEC */
    size_t queued_count;
};

/* Something that a lie does a moment later, if its client is still there. */
struct fake_later {
    struct fake_later *next;
    struct redis_fake *fake;
    struct link *link; /* of the client; only to compare */
    struct loop_timer timer;
    struct fake_bytes key, word;
    bool removes;
};

struct redis_fake {
    struct loop *loop;
    struct fake_store store;
    struct fake_client *clients;
    struct fake_later *laters;
    struct loop_timer wake; /* try blocked readers again, free those that are gone */
    uint32_t lies;
    bool is_dead, is_stopped;
    struct text reply; /* of the command under way */
    struct text list;  /* a part of it whose length is not known yet */
};

/* --- Words of a command ------------------------------------------------------------------------
 */

bool fake_word_is(const struct fake_client *client, size_t index, const char *text);
/* The index of an option; 0 when it is not there. */
size_t fake_find_word(const struct fake_client *client, size_t from, const char *text);
int64_t fake_word_number(const struct fake_client *client, size_t index);
struct fake_bytes fake_word(const struct fake_client *client, size_t index);

/* --- Replies -----------------------------------------------------------------------------------
 */

void fake_say_number(struct fake_client *client, int64_t number);
void fake_say_bytes(struct fake_client *client, const char *data, size_t size);
void fake_say_text(struct fake_client *client, const char *text);
void fake_say_status(struct fake_client *client, const char *text);
void fake_say_error(struct fake_client *client, const char *text);
void fake_say_array(struct fake_client *client, size_t count);
void fake_say_nil(struct fake_client *client);
void fake_say_nothing_to_read(struct fake_client *client); /* a nil in place of an array */
void fake_say_id(struct fake_client *client, struct fake_id id);
void fake_say_entry(struct fake_client *client, const struct fake_entry *entry);

/* --- Commands ----------------------------------------------------------------------------------
 */

/* Handle the words of a client: the reply goes to its output. */
void fake_handle(struct fake_client *client);
typedef void fake_command(struct fake_client *client);
struct fake_command_entry {
    const char *name;
    size_t least; /* words, itself included */
    fake_command *run;
};
extern const struct fake_command_entry fake_key_commands[], fake_stream_commands[],
    fake_group_commands[];

/* NULL with an error told when it is something else; NULL alone when it is not there. */
struct fake_key *fake_key_of(struct fake_client *client, size_t index, enum fake_type type,
                             bool *ret_failed);
/* The stream of a word, or NULL. */
struct fake_stream *fake_stream_of(struct fake_client *client, size_t index, bool *ret_failed);
uint64_t fake_wall_ms(const struct redis_fake *fake);
/* Something was added: blocked readers are tried again. */
void fake_wake_readers(struct redis_fake *fake);
void fake_publish(struct fake_client *client, struct fake_bytes channel, struct fake_bytes message,
                  int64_t *ret_count);
/* redis_group.c, for scripts: XREADGROUP with the words from `first` on. */
void fake_run_script(struct fake_client *client);
void fake_load_script(struct fake_client *client);
bool fake_is_script(struct fake_bytes digest);
void fake_end_later(struct fake_later *later);
void fake_do_later(struct fake_client *client, struct fake_bytes key, struct fake_bytes word,
                   bool removes);

/* Keep the command for later: it waits for so long (0: for ever). */
void fake_block(struct fake_client *client, int64_t milliseconds);

#endif
