/* parts.h: what the files of this plugin share.  Private to them: of Gauntlet, a plugin includes
   adapter.h and nothing else. */
#ifndef NATS_JETSTREAM_PARTS_H
#define NATS_JETSTREAM_PARTS_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include <adapter.h>
#include <nats/nats.h>

#define NS_PER_MS 1000000

enum { NAME_SIZE = 200, SUBJECT_SIZE = NAME_SIZE + 16, ID_SIZE = 40, SUFFIX_SIZE = 12 };
enum { TABLE_SIZE = 4096, RING_SIZE = 4096 };

/* --- What is in hand (book.c) --------------------------------------------------------------------
 */

/* What a session of this process has taken and not settled. */
struct hand {
    struct hand *next;
    uint64_t sequence, delivery; /* in the stream; of the consumer */
    uint64_t taken_ns;
    uint32_t attempt;
    int is_nacked, is_on_roll;
    /* Names of the book's: as whom it was read; the session whose it is; whose it was before that,
       NULL: nobody's.  One that settles for a reader has the reader's name. */
    const char *member, *owner, *before;
};

/* What all sessions of this process have in hand of one group on one server, whatever instance they
   belong to: then exactly one acknowledgement of several is true. */
struct book {
    struct book *next;
    char *key;
    unsigned users;
    char **members; /* names of sessions that have read, and as whom */
    size_t member_count;
    struct hand *hands[TABLE_SIZE];
    uint64_t settled[RING_SIZE]; /* what was acknowledged lately */
    size_t settled_count;
    uint64_t reader;     /* the session that reads; 0: none has yet */
    int is_shared;       /* more than one session has read */
    uint64_t deliveries; /* of the consumer's, all up to here came to this process */
    uint64_t top;        /* in the stream: nothing up to here is still to be delivered */
};

/* --- What an instance knows (known.c): its lists only grow, at their heads -----------------------
 */

struct group {
    struct group *next;
    char *name, encoded[NAME_SIZE];
    char **members; /* names of this instance's sessions that have read */
    size_t member_count;
    int is_made; /* the consumer was seen by this instance */
    struct book *book;
};

struct stream {
    struct stream *next;
    char *name, encoded[NAME_SIZE];
    char suffix[SUFFIX_SIZE]; /* of its ids: an id of one stream means nothing on another */
    struct group *groups;
    int is_made, has_parts; /* the stream, and that of its large messages, were seen */
    unsigned removals;      /* times this instance removed it */
};

struct adapter_instance {
    const struct adapter_host *host;
    pthread_mutex_t mutex; /* guards the lists and their flags; nobody waits for a server with it */
    char *uri;
    uint64_t created_ns, redelivery_ns, retry_ns;
    int in_memory;
    struct stream *streams;
    struct adapter_profile profile;
};

/* --- A session: one connection, on a thread of its own -------------------------------------------
 */

struct adapter_session {
    struct adapter_instance *instance;
    const struct adapter_host *host;
    char *name;
    uint64_t number; /* no other session of this process has it */
    natsConnection *connection;
    jsCtx *js;
    natsSubscription *inbox; /* of all answers */
    char prefix[80];         /* of its subjects */
    unsigned long long token;
    uint64_t opened_ns;
    uint64_t deadline_ns;     /* of the call under way */
    jsOptions options;        /* for api_options */
    int was_connected;        /* at any time */
    int is_again;             /* the connection was made again, and no result has said so yet */
    uint32_t attempts;        /* of the call under way */
    const struct group *lost; /* a read of it ended with the connection, */
    size_t lost_count;        /* and might have brought so many */
    char problem[200];        /* why there is no connection */
    struct reader *readers;   /* as whom it has read, and what */
};

/* --- Names (name.c) ------------------------------------------------------------------------------
 */

/* Dots, blanks, wildcards and slashes are no part of names there; long names are no file names. */
void name_encode(const char *name, char encoded[NAME_SIZE]);
void name_suffix(const char *stream, char suffix[SUFFIX_SIZE]);
/* The subject that a stream keeps. */
void name_subject(const struct stream *stream, char subject[SUBJECT_SIZE]);
/* Its sequence number, or 0 for what is no id of this stream. */
uint64_t name_sequence(const struct stream *stream, const struct adapter_text *id);
/* One of the names: added when it is not there. */
const char *name_know(char ***names, size_t *count, const char *name);
void name_free_all(char **names, size_t count);

/* --- Books (book.c): all but open and close are called between lock and unlock -------------------
 */

void book_lock(void);
void book_unlock(void);
struct book *book_open(const char *uri, const char *stream, const char *group);
void book_close(struct book *book);
void book_empty(struct book *book);
void book_take(const struct adapter_session *session, struct book *book, const char *consumer,
               const struct hand *taken);
/* Copies of what the name took before that time and has in hand, oldest first.  Gives (free). */
struct hand *book_of(const struct adapter_session *session, const struct book *book,
                     const char *consumer, uint64_t before_ns, size_t *ret_count);
/* In hand in this process, or settled by it. */
int book_knows(struct book *book, uint64_t sequence);
enum book_answer { BOOK_YES, BOOK_NO, BOOK_UNKNOWN };
/* Settle what is in hand.  UNKNOWN: it is not, or no longer surely so. */
enum book_answer book_settle(const struct adapter_session *session, struct book *book,
                             uint64_t sequence, int is_nack, struct hand *ret_hand);
/* It is not known whether what was settled here reached the server. */
void book_doubt(struct book *book, uint64_t sequence);
/* One of the consumer's deliveries has come. */
void book_note(struct book *book, const struct adapter_session *session, const struct hand *taken);
/* All up to that one have come, or were asked back. */
void book_note_all(struct book *book, uint64_t deliveries);
void book_raise(struct book *book, uint64_t top);
int book_was_settled(const struct book *book, uint64_t sequence);

/* --- What is known (known.c) ---------------------------------------------------------------------
 */

struct stream *known_stream(struct adapter_instance *instance, const char *name);
struct group *known_group(struct adapter_instance *instance, struct stream *stream,
                          const char *name);
struct stream *known_streams(struct adapter_instance *instance);
struct group *known_groups(struct adapter_instance *instance, const struct stream *stream);
/* NULL when there is none.  The mutex is held. */
struct group *known_find(const struct stream *stream, const char *name);
/* A flag of a stream or a group. */
int known_flag(struct adapter_instance *instance, const int *flag);
void known_set_flag(struct adapter_instance *instance, int *flag, int is_set);
void known_forget(struct adapter_instance *instance);

/* --- Answers (answer.c) --------------------------------------------------------------------------
 */

void answer_result(struct adapter_session *session, struct adapter_call *call,
                   struct adapter_result result);
void answer_number(struct adapter_session *session, struct adapter_call *call, int64_t number);
void answer_json(struct adapter_session *session, struct adapter_call *call, const char *json);
void answer_fail(struct adapter_session *session, struct adapter_call *call, uint32_t outcome,
                 uint32_t error, const char *detail);
void answer_unsent(struct adapter_session *session, struct adapter_call *call);
/* No, by a server that is there; or nobody knows, when it `was_sent`. */
void answer_status(struct adapter_session *session, struct adapter_call *call, natsStatus status,
                   int was_sent);
int answer_is_no(natsStatus status);

/* --- Connections (connection.c) ------------------------------------------------------------------
 */

/* At the beginning of each call.  0 when there is no connection and none can be made. */
int connection_begin(struct adapter_session *session, const struct adapter_call *call);
/* The connection was lost under a call that may go on: make it again.  0 when there was no such
   thing, or it cannot be made. */
int connection_again(struct adapter_session *session, const struct adapter_call *call);
int connection_is_lost(const struct adapter_session *session);
void connection_end(struct adapter_session *session);
/* What is left of the call's time; at least 1. */
int64_t connection_left_ms(const struct adapter_session *session);
/* For a request to the server that may take what is left of the call's time. */
jsOptions *connection_options(struct adapter_session *session);

/* --- Streams and consumers on the server (store.c) -----------------------------------------------
 */

natsStatus store_make_stream(struct adapter_session *session, struct stream *stream);
natsStatus store_make_group(struct adapter_session *session, struct stream *stream,
                            struct group *group);
/* Gone behind our back.  NATS_NOT_FOUND: no, we have removed it ourselves since. */
natsStatus store_make_again(struct adapter_session *session, struct stream *stream,
                            struct group *group, unsigned removals);
natsStatus store_find(struct adapter_session *session, const struct adapter_call *call,
                      struct stream **ret_stream, struct group **ret_group, unsigned *ret_removals);
int store_is_our_kind(const struct stream *stream, const jsStreamInfo *info);
natsStatus store_delete(struct adapter_session *session, struct stream *stream);
natsStatus store_delete_named(struct adapter_session *session, const char *encoded);

struct pending {
    uint64_t floor, delivered; /* in the stream */
    uint64_t delivery;         /* the consumer's last */
    int64_t count;
};

/* NATS_NOT_FOUND when there is no such consumer. */
natsStatus store_ask_pending(struct adapter_session *session, const struct stream *stream,
                             const struct group *group, struct pending *ret);

/* --- Messages too large for the server (large.c) -------------------------------------------------
 */

int large_is(struct adapter_session *session, const struct adapter_text *payload);
/* Stores its parts, and gives the message that stands for it (natsMsg_Destroy). */
natsStatus large_split(struct adapter_session *session, struct stream *stream, const char *subject,
                       const char *reply, const struct adapter_text *payload, natsMsg **ret);
int large_stands_for(natsMsg *message);
/* Gives the whole (free).  NATS_NOT_FOUND when parts are gone. */
natsStatus large_join(struct adapter_session *session, const struct stream *stream,
                      natsMsg *message, char **ret_data, size_t *ret_size);
void large_name(const char *encoded, char name[NAME_SIZE + 8]);

/* --- What consumer names have in hand, kept at the server (roll.c) -------------------------------
 */

void roll_name(const char *encoded, char name[NAME_SIZE + 8]);
void roll_write(struct adapter_session *session, const struct stream *stream,
                const struct group *group, const char *consumer);
/* What only another process can have known.  Gives (free). */
struct hand *roll_read(struct adapter_session *session, const struct stream *stream,
                       const struct group *group, const char *consumer, size_t *ret_count);

/* --- What a connection took with it (lost.c) -----------------------------------------------------
 */

/* A read of the group ended with its connection: remember it. */
void lost_note(struct adapter_session *session, const struct group *group, size_t wanted);
/* Before the next read of that group: what was on its way is asked back.  Where that fails, it is
   tried again before the read after it. */
void lost_recover(struct adapter_session *session, const struct stream *stream,
                  struct group *group);

/* --- Entries of an answer (room.c) ---------------------------------------------------------------
 */

struct room {
    struct adapter_entry *entries;
    char (*ids)[ID_SIZE];
    natsMsg **messages;
    char **bodies; /* of large ones */
    size_t count, capacity;
};

struct room room_make(size_t capacity);
void room_free(struct room *room);
/* Takes the message, also when it fails: NATS_NOT_FOUND when there is no content. */
natsStatus room_add(struct room *room, struct adapter_session *session, const struct stream *stream,
                    uint64_t sequence, natsMsg *message, struct adapter_entry **ret_entry);
void room_answer(const struct room *room, struct adapter_session *session,
                 struct adapter_call *call);

/* --- Reading (pull.c, read.c) and settling (settle.c) --------------------------------------------
 */

struct haul {
    natsMsg **messages;
    size_t count, wanted;
    const char *consumer; /* as whom it is read */
    int is_named;         /* the call says as whom */
};

/* Ask for up to so many; wait_ms 0: those that are there.  NATS_NO_RESPONDERS when the consumer is
   not there. */
natsStatus pull(struct adapter_session *session, const struct stream *stream,
                const struct group *group, int64_t wait_ms, struct haul *haul);
/* What came to a session that does not want it goes back to its group. */
void pull_give_back(struct adapter_session *session, natsMsg *message);
/* The n-th token of the subject to acknowledge at: 4 times delivered, 5 sequence, 6 delivery. */
uint64_t pull_token(const char *subject, int index);

natsStatus settle_say(struct adapter_session *session, const struct stream *stream,
                      const struct group *group, const struct hand *hand, const char *word);

/* All that was said before is settled when this is answered: one connection keeps its order. */
natsStatus settle_say_and_wait(struct adapter_session *session, const struct stream *stream,
                               const struct group *group, const struct hand *hand,
                               const char *word);

void read_forget(struct adapter_session *session); /* as whom it has read */

/* --- Operations ----------------------------------------------------------------------------------
 */

adapter_start publish, get_next, read_some, read_blocking, read_from, ack, nack;
adapter_start ensure_group, ping, health_stats, info, data_reset, stream_depth, stream_remove, trim;
adapter_start tamper;

#endif
