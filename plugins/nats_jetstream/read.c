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

/* Its time begins again for the server, too. */
static void serve_one(struct adapter_session *session, const struct stream *stream,
                      const struct group *group, const struct hand *hand, const char *consumer,
                      struct room *room)
{
    struct adapter_entry *entry;
    natsMsg *message = NULL;

    book_lock();
    book_take(session, group->book, consumer, hand);
    book_unlock();
    if (js_GetMsg(&message, session->js, stream->encoded, hand->sequence,
                  connection_options(session), NULL) != NATS_OK ||
        room_add(room, session, stream, hand->sequence, message, &entry) != NATS_OK)
        return; /* deleted meanwhile: it must not hide the others */
    entry->attempt = hand->attempt;
    entry->flags = ADAPTER_ENTRY_OWN_PENDING;
    (void)settle_say(session, stream, group, hand, "+WPI");
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

static size_t serve_own(struct adapter_session *session, struct adapter_call *call,
                        const struct stream *stream, struct group *group, const struct haul *haul)
{
    struct reader *reader = know_reader(session, group, haul->consumer);
    size_t count, served;

    if (reader->has_all)
        return 0;
    struct hand *own = find_own(session, stream, group, haul, &count);
    struct room room = room_make(haul->wanted);
    for (size_t i = 0; i < count && room.count < haul->wanted; i++) {
        own[i].is_on_roll |= haul->is_named;
        serve_one(session, stream, group, &own[i], haul->consumer, &room);
    }
    reader->has_all = room.count == 0;
    served = room.count;
    if (served > 0 && haul->is_named)
        roll_write(session, stream, group, haul->consumer);
    if (served > 0)
        room_answer(&room, session, call);
    room_free(&room);
    free(own);
    return served;
}

/* --- New messages ------------------------------------------------------------------------------
 */

/* What has lost its content for ever is taken out of the group's way.  Takes the message. */
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
        return settle_say(session, stream, group, &taken, "+TERM");
    if (s != NATS_OK)
        return s;
    entry->attempt = taken.attempt;
    book_lock();
    book_note(group->book, session, &taken);
    book_take(session, group->book, haul->consumer, &taken);
    book_unlock();
    return NATS_OK;
}

static void answer_haul(struct adapter_session *session, struct adapter_call *call,
                        const struct stream *stream, struct group *group, const struct haul *haul)
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
    if (room.count > 0 && haul->is_named)
        roll_write(session, stream, group, haul->consumer);
    if (s == NATS_OK || room.count > 0)
        room_answer(&room, session, call);
    else
        answer_status(session, call, s, 1);
    room_free(&room);
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

/* Gives 1 when the call was answered. */
static int try_read(struct adapter_session *session, struct adapter_call *call, struct haul *haul,
                    natsStatus *ret)
{
    struct stream *stream;
    struct group *group;
    unsigned removals;
    natsStatus s = store_find(session, call, &stream, &group, &removals);

    if (s == NATS_OK && haul->wanted > 0) {
        lost_recover(session, stream, group);
        if (serve_own(session, call, stream, group, haul) > 0)
            return 1;
        s = pull(session, stream, group, wait_of(session, call), haul);
        if (s == NATS_NO_RESPONDERS || s == NATS_TIMEOUT)
            s = pull_again(session, stream, group, removals, haul);
        if (haul->count == 0 && connection_is_lost(session))
            lost_note(session, group, haul->wanted);
    }
    *ret = s;
    if (s != NATS_OK && s != NATS_NOT_FOUND)
        return 0;
    answer_haul(session, call, stream, group, haul);
    return 1;
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
