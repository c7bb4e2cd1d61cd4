/* roll.c: what a consumer name has in hand, kept at the server, so that the name gets it back from
   another process too.

   Only for reads that name their consumer: each costs a message more, and so does settling what
   they brought.  The roll of a name is one message, the last one of its subject, in a stream beside
   the group's own.  It is written before a read is answered, and before what leaves it is settled:
   whatever happens between, nothing settled is served again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"

enum { ROLL_SUBJECT_SIZE = 3 * NAME_SIZE + 16 };

void roll_name(const char *encoded, char name[NAME_SIZE + 8])
{
    snprintf(name, NAME_SIZE + 8, "%s__hands", encoded);
}

static void name_roll_subject(const struct stream *stream, const struct group *group,
                              const char *consumer, char subject[ROLL_SUBJECT_SIZE])
{
    char encoded[NAME_SIZE];

    name_encode(consumer, encoded);
    snprintf(subject, ROLL_SUBJECT_SIZE, "gh.%s.%s.%s", stream->encoded, group->encoded, encoded);
}

/* --- Writing -----------------------------------------------------------------------------------
 */

static natsStatus make_rolls(struct adapter_session *session, const struct stream *stream)
{
    char name[NAME_SIZE + 8], subject[SUBJECT_SIZE];
    const char *subjects[] = {subject};
    jsStreamConfig config;
    jsErrCode code = 0;

    roll_name(stream->encoded, name);
    snprintf(subject, sizeof(subject), "gh.%s.>", stream->encoded);
    jsStreamConfig_Init(&config);
    config.Name = name;
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.MaxMsgsPerSubject = 1;
    config.Storage = session->instance->in_memory ? js_MemoryStorage : js_FileStorage;
    natsStatus s = js_AddStream(NULL, session->js, &config, connection_options(session), &code);
    return s != NATS_OK && code == JSStreamNameExistErr ? NATS_OK : s;
}

static natsStatus store_roll(struct adapter_session *session, const char *subject, const char *text,
                             size_t size)
{
    jsPubOptions options;

    jsPubOptions_Init(&options);
    options.MaxWait = connection_left_ms(session);
    return js_Publish(NULL, session->js, subject, text, (int)size, &options, NULL);
}

/* "sequence delivery attempt taken", the last in milliseconds since 1970. */
static char *write_hands(struct adapter_session *session, struct book *book, const char *consumer,
                         size_t *ret_size)
{
    uint64_t wall_ms = session->host->wall_ms(session->host);
    uint64_t now_ns = session->host->now_ns(session->host);
    char *text = NULL;
    size_t count;

    book_lock();
    struct hand *hands = book_of(session, book, consumer, UINT64_MAX, &count);
    book_unlock();
    FILE *out = open_memstream(&text, ret_size);
    for (size_t i = 0; i < count; i++)
        if (hands[i].is_on_roll)
            fprintf(out, "%llu %llu %u %llu\n", (unsigned long long)hands[i].sequence,
                    (unsigned long long)hands[i].delivery, (unsigned)hands[i].attempt,
                    (unsigned long long)(wall_ms - (now_ns - hands[i].taken_ns) / NS_PER_MS));
    fclose(out);
    free(hands);
    return text;
}

void roll_write(struct adapter_session *session, const struct stream *stream,
                const struct group *group, const char *consumer)
{
    char subject[ROLL_SUBJECT_SIZE];
    size_t size = 0;
    char *text = write_hands(session, group->book, consumer, &size);

    name_roll_subject(stream, group, consumer, subject);
    natsStatus s = store_roll(session, subject, text, size);
    if (s == NATS_NO_RESPONDERS && make_rolls(session, stream) == NATS_OK)
        s = store_roll(session, subject, text, size);
    if (s != NATS_OK)
        session->host->log(session->host, ADAPTER_LOG_WARNING,
                           "what a consumer has in hand could not be written down: should it "
                           "crash, it comes back after AckWait");
    free(text);
}

/* --- Reading -----------------------------------------------------------------------------------
 */

/* What neither the book knows better, nor the server has settled or may have given to another. */
static int is_worth_serving(struct adapter_session *session, struct book *book,
                            const struct hand *hand, uint64_t taken_ms, uint64_t floor)
{
    uint64_t age_ms = session->host->wall_ms(session->host) - taken_ms;

    return hand->sequence > floor && !book_knows(book, hand->sequence) &&
           age_ms < session->instance->redelivery_ns / NS_PER_MS / 10 * 9;
}

static struct hand *read_hands(struct adapter_session *session, struct book *book, const char *text,
                               uint64_t floor, size_t *ret_count)
{
    unsigned long long sequence, delivery, taken_ms;
    struct hand *hands = NULL;
    unsigned attempt;
    int size = 0;

    for (;
         sscanf(text, "%llu %llu %u %llu%n", &sequence, &delivery, &attempt, &taken_ms, &size) == 4;
         text += size) {
        const struct hand hand = {
            .sequence = sequence, .delivery = delivery, .attempt = attempt, .is_on_roll = 1};

        if (!is_worth_serving(session, book, &hand, taken_ms, floor))
            continue;
        hands = realloc(hands, (*ret_count + 1) * sizeof(*hands));
        hands[(*ret_count)++] = hand;
    }
    return hands;
}

struct hand *roll_read(struct adapter_session *session, const struct stream *stream,
                       const struct group *group, const char *consumer, size_t *ret_count)
{
    char name[NAME_SIZE + 8], subject[ROLL_SUBJECT_SIZE], *text;
    struct hand *hands = NULL;
    struct pending pending;
    natsMsg *message = NULL;

    *ret_count = 0;
    roll_name(stream->encoded, name);
    name_roll_subject(stream, group, consumer, subject);
    if (js_GetLastMsg(&message, session->js, name, subject, connection_options(session), NULL) !=
        NATS_OK)
        return NULL;
    text = strndup(natsMsg_GetData(message), (size_t)natsMsg_GetDataLength(message));
    natsMsg_Destroy(message);
    if (text[0] && store_ask_pending(session, stream, group, &pending) == NATS_OK) {
        book_lock();
        hands = read_hands(session, group->book, text, pending.floor, ret_count);
        book_unlock();
    }
    free(text);
    return hands;
}
