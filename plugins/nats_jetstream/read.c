/* read.c: reads of a group.  Consumers have no members there: what a consumer name had in hand when
   its session ended comes back after AckWait, to anybody; sooner only from our book and roll. */
#include <stdlib.h>
#include <string.h>

#include "parts.h"

struct reader {
    struct reader *next;
    const struct group *group;
    char *consumer;
    int has_all; /* what the name had in hand before was served */
};

void read_forget(struct adapter_session *session)
{
    while (session->readers) {
        struct reader *reader = session->readers;

        session->readers = reader->next;
        free(reader->consumer);
        free(reader);
    }
}

static struct reader *know_reader(struct adapter_session *session, const struct group *group,
                                  const char *consumer)
{
    struct reader *reader = session->readers;

    while (reader && (reader->group != group || strcmp(reader->consumer, consumer) != 0))
        reader = reader->next;
    if (reader)
        return reader;
    reader = calloc(1, sizeof(*reader));
    *reader = (struct reader){session->readers, group, strdup(consumer), 0};
    return session->readers = reader;
}

/* --- Own pending -------------------------------------------------------------------------------
 */

/* NATS_NOT_FOUND when it was deleted meanwhile. */
static natsStatus fetch(struct adapter_session *session, const struct stream *stream,
                        uint64_t sequence, struct room *room, struct adapter_entry **ret_entry)
{
    natsMsg *message = NULL;
    jsErrCode code = 0;
    natsStatus s = js_GetMsg(&message, session->js, stream->encoded, sequence,
                             connection_options(session), &code);

    if (s == NATS_OK)
        return room_add(room, session, stream, sequence, message, ret_entry);
    return code == JSNoMessageFoundErr || code == JSStreamNotFoundErr ? NATS_NOT_FOUND : s;
}

/* Its time begins again for the server, too.  What could not be fetched stays as it was. */
static natsStatus serve_one(struct adapter_session *session, const struct stream *stream,
                            const struct group *group, const struct hand *hand,
                            const char *consumer, struct room *room)
{
    struct adapter_entry *entry;
    natsStatus s = fetch(session, stream, hand->sequence, room, &entry);

    if (s == NATS_NOT_FOUND)
        return NATS_OK; /* it must not hide the others */
    if (s != NATS_OK)
        return s;
    book_lock();
    book_take(session, group->book, consumer, hand);
    book_unlock();
    entry->attempt = hand->attempt;
    entry->flags = ADAPTER_ENTRY_OWN_PENDING;
    (void)settle_say(session, stream, group, hand, "+WPI");
    return NATS_OK;
}

/* From the book, and from the roll: each oldest first.  Gives (free). */
static struct hand *find_own(struct adapter_session *session, const struct stream *stream,
                             const struct group *group, const struct haul *haul, size_t *ret_count)
{
    struct hand *hands = NULL, *own;
    size_t count = 0;

    if (haul->is_named)
        hands = roll_read(session, stream, group, haul->consumer, &count);
    book_lock();
    own = book_of(session, group->book, haul->consumer, session->opened_ns, ret_count);
    book_unlock();
    if (count > 0) {
        own = realloc(own, (*ret_count + count) * sizeof(*own));
        memcpy(own + *ret_count, hands, count * sizeof(*own));
        *ret_count += count;
    }
    free(hands);
    return own;
}

/* Answers where there is something to serve: before a failure, too. */
static natsStatus serve_own(struct adapter_session *session, struct adapter_call *call,
                            const struct stream *stream, struct group *group,
                            const struct haul *haul, int *ret_is_answered)
{
    struct reader *reader = know_reader(session, group, haul->consumer);
    natsStatus s = NATS_OK;
    size_t count;

    *ret_is_answered = 0;
    if (reader->has_all)
        return NATS_OK;
    struct hand *own = find_own(session, stream, group, haul, &count);
    struct room room = room_make(haul->wanted);
    for (size_t i = 0; s == NATS_OK && i < count && room.count < haul->wanted; i++) {
        own[i].is_on_roll |= haul->is_named;
        s = serve_one(session, stream, group, &own[i], haul->consumer, &room);
    }
    reader->has_all = s == NATS_OK && room.count == 0;
    *ret_is_answered = room.count > 0;
    if (room.count > 0 && haul->is_named)
        roll_write(session, stream, group, haul->consumer);
    if (room.count > 0)
        room_answer(&room, session, call);
    room_free(&room);
    free(own);
    return s;
}

/* --- New messages ------------------------------------------------------------------------------
 */

/* It has come, and we do not keep it. */
static natsStatus give_up(struct adapter_session *session, const struct stream *stream,
                          struct group *group, const struct hand *taken, const char *word)
{
    natsStatus s = settle_say(session, stream, group, taken, word);

    if (s != NATS_OK)
        return s;
    book_lock();
    book_note(group->book, session, taken);
    book_unlock();
    return NATS_OK;
}

/* What has lost its content for ever is taken out of the group's way; what cannot be had now goes
   back.  Takes the message. */
static natsStatus take(struct adapter_session *session, const struct stream *stream,
                       struct group *group, const struct haul *haul, natsMsg *message,
                       struct room *room)
{
    const char *reply = natsMsg_GetReply(message);
    const struct hand taken = {.sequence = pull_token(reply, 5),
                               .delivery = pull_token(reply, 6),
                               .is_on_roll = haul->is_named,
                               .attempt = (uint32_t)pull_token(reply, 4)};
    struct adapter_entry *entry;
    natsStatus s = room_add(room, session, stream, taken.sequence, message, &entry);

    if (s == NATS_NOT_FOUND)
        return give_up(session, stream, group, &taken, "+TERM");
    if (s != NATS_OK) {
        (void)give_up(session, stream, group, &taken, "-NAK");
        return s;
    }
    entry->attempt = taken.attempt;
    book_lock();
    book_note(group->book, session, &taken);
    book_take(session, group->book, haul->consumer, &taken);
    book_unlock();
    return NATS_OK;
}

/* Not answered when there was something, and nothing of it could be had. */
static natsStatus answer_haul(struct adapter_session *session, struct adapter_call *call,
                              const struct stream *stream, struct group *group, struct haul *haul,
                              int *ret_is_answered)
{
    struct room room = room_make(haul->count);
    natsStatus s = NATS_OK;

    pthread_mutex_lock(&session->instance->mutex);
    (void)name_know(&group->members, &group->member_count, haul->consumer);
    pthread_mutex_unlock(&session->instance->mutex);
    for (size_t i = 0; i < haul->count; i++) {
        natsStatus taken = take(session, stream, group, haul, haul->messages[i], &room);

        s = taken == NATS_OK ? s : taken;
    }
    haul->count = 0;
    if (s != NATS_OK && connection_is_lost(session))
        lost_note(session, group, haul->wanted);
    if (room.count > 0 && haul->is_named)
        roll_write(session, stream, group, haul->consumer);
    *ret_is_answered = s == NATS_OK || room.count > 0;
    if (*ret_is_answered)
        room_answer(&room, session, call);
    room_free(&room);
    return s;
}

/* Nobody said that it is empty: the consumer may be gone. */
static natsStatus pull_again(struct adapter_session *session, struct stream *stream,
                             struct group *group, unsigned removals, struct haul *haul)
{
    natsStatus s = store_make_again(session, stream, group, removals);

    return s == NATS_OK ? pull(session, stream, group, 0, haul) : s;
}

static int64_t wait_of(const struct adapter_session *session, const struct adapter_call *call)
{
    int64_t wait_ms = call->duration_ms, left_ms = connection_left_ms(session) - 200;

    if (call->operation != ADAPTER_OP_READ_BLOCKING)
        return 0;
    if (wait_ms <= 0 || wait_ms > left_ms)
        wait_ms = left_ms > 1 ? left_ms : 1;
    return wait_ms;
}

/* What was on its way and what the name has in hand come before anything new. */
static natsStatus serve_old(struct adapter_session *session, struct adapter_call *call,
                            const struct stream *stream, struct group *group,
                            const struct haul *haul, int *ret_is_answered)
{
    lost_recover(session, stream, group);
    return serve_own(session, call, stream, group, haul, ret_is_answered);
}

static natsStatus pull_new(struct adapter_session *session, struct adapter_call *call,
                           struct stream *stream, struct group *group, unsigned removals,
                           struct haul *haul)
{
    natsStatus s = pull(session, stream, group, wait_of(session, call), haul);

    if (s == NATS_NO_RESPONDERS || s == NATS_TIMEOUT)
        s = pull_again(session, stream, group, removals, haul);
    if (haul->count == 0 && connection_is_lost(session))
        lost_note(session, group, haul->wanted);
    return s;
}

/* Gives 1 when the call was answered. */
static int try_read(struct adapter_session *session, struct adapter_call *call, struct haul *haul,
                    natsStatus *ret)
{
    struct stream *stream;
    struct group *group;
    unsigned removals;
    int is_answered = 0;
    natsStatus s = store_find(session, call, &stream, &group, &removals);

    if (s == NATS_OK && haul->wanted > 0) {
        s = serve_old(session, call, stream, group, haul, &is_answered);
        if (s == NATS_OK && !is_answered)
            s = pull_new(session, call, stream, group, removals, haul);
    }
    if (!is_answered && (s == NATS_OK || s == NATS_NOT_FOUND))
        s = answer_haul(session, call, stream, group, haul, &is_answered);
    *ret = s;
    return is_answered;
}

static void read_up_to(struct adapter_session *session, struct adapter_call *call, int64_t count)
{
    struct haul haul = {.wanted = count > 0 ? (size_t)count : 0,
                        .consumer = call->consumer ? call->consumer : session->name,
                        .is_named = call->consumer != NULL};
    natsStatus s = NATS_OK;
    int is_answered;

    if (!connection_begin(session, call)) {
        answer_unsent(session, call);
        return;
    }
    haul.messages = calloc(haul.wanted + 1, sizeof(natsMsg *));
    do
        is_answered = try_read(session, call, &haul, &s);
    while (!is_answered && connection_again(session, call));
    if (!is_answered)
        answer_status(session, call, s, 1);
    free(haul.messages);
}

/* --- Operations --------------------------------------------------------------------------------
 */

void get_next(struct adapter_session *session, struct adapter_call *call)
{
    read_up_to(session, call, 1);
}

void read_some(struct adapter_session *session, struct adapter_call *call)
{
    read_up_to(session, call, call->count);
}

void read_blocking(struct adapter_session *session, struct adapter_call *call)
{
    read_up_to(session, call, call->count);
}
