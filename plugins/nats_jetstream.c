/* nats_jetstream.c: NATS JetStream, as a plugin on the NATS C client.

   How the port is kept.  A stream is a JetStream stream with one subject, a group a durable pull
   consumer with explicit acknowledgements, an id the sequence number in the stream, redelivery the
   consumer's AckWait.  Requests are written by hand where the client library would wait for each
   message by itself: a batch of publishes, acknowledgements or messages costs one round trip.

   What JetStream does not have, and what the suite taught about it:
   - An acknowledgement is answered alike whether it changed anything or not.  So each instance
   keeps what its sessions have in hand; for anything else the consumer is asked before and after,
   and an acknowledgement is true when one message less is pending.  Somebody else who settles at
   the very same moment can make that answer wrong.
   - Consumers have no members: what a consumer name had in hand when it crashed comes back after
     AckWait, to anybody; sooner only in the same process, which remembers what the name had.
   - Both of these are kept inside one process only: 'conform --isolate', which gives each session a
     process, finds ACK-09, BLK-09 and DLV-02 broken.  JetStream has no word for them.
   - MaxAckPending is 1000 unless said otherwise, and a group then stops in silence.  Here it is not
     limited.
   - A stream that somebody deletes answers with "no responders", and a consumer that somebody
   deletes does not answer pull requests at all: both are looked for, and made again.
   - An acknowledgement or nack has to name a delivery that is neither settled nor still to come:
   with another number a nack is passed over in silence, and the message stays away until AckWait.
   - A reader that is blocked while its stream is deleted is told that the consumer is gone; if it
   makes it again, a stream that was removed on purpose comes back.
   - While the client reconnects, it keeps what is published and sends it later.  That is switched
     off: what was refused must never arrive.
   - Names may not hold dots, blanks, wildcards or slashes: they are encoded, and shortened with a
     digest when they grow too long for a file name. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <adapter.h>
#include <nats/nats.h>

#define NS_PER_MS 1000000

enum { NAME_SIZE = 200, TABLE_SIZE = 4096, RING_SIZE = 4096 };
enum { API_WAIT_MS = 2000, DEFAULT_WAIT_MS = 5000 };
enum { OPTION_REDELIVERY, OPTION_RETRY, OPTION_STORAGE, OPTION_COUNT };

/* What a session of this process has taken and not settled. */
struct hand {
    struct hand *next;
    uint64_t sequence, delivery; /* in the stream; of the consumer */
    uint64_t taken_ns;
    uint32_t attempt;
    int is_nacked;
    const char *member; /* who has it: one of the book's */
};

/* What all sessions of this process have in hand of one group on one server, whatever instance they
   belong to: then exactly one acknowledgement of several is true. */
struct book {
    struct book *next;
    char *key;
    unsigned users;
    char **members; /* names of sessions that have read */
    size_t member_count;
    struct hand *hands[TABLE_SIZE];
    uint64_t settled[RING_SIZE]; /* what was acknowledged lately */
    size_t settled_count;
};

static struct book *books;
static pthread_mutex_t books_mutex = PTHREAD_MUTEX_INITIALIZER; /* guards all books */

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
    char suffix[12]; /* of its ids: an id of one stream means nothing on another */
    struct group *groups;
    int is_made;
    unsigned removals; /* times this instance removed it */
};

struct adapter_instance {
    const struct adapter_host *host;
    pthread_mutex_t mutex; /* each session has a thread of its own */
    char *uri;
    uint64_t created_ns, redelivery_ns, retry_ns;
    int in_memory;
    struct stream *streams;
    struct adapter_profile profile;
};

struct adapter_session {
    struct adapter_instance *instance;
    const struct adapter_host *host;
    char *name;
    natsConnection *connection;
    jsCtx *js;
    natsSubscription *inbox; /* of all answers */
    char prefix[80];         /* of its subjects */
    unsigned long long token;
    uint64_t opened_ns;
    struct reader *readers; /* as whom it has read, and what */
};

struct reader {
    struct reader *next;
    const struct group *group;
    char *consumer;
};

/* --- Names -------------------------------------------------------------------------------------
 */

static uint64_t digest(const char *text)
{
    uint64_t hash = 14695981039346656037u;

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

static int is_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

static void encode(const char *name, char encoded[NAME_SIZE])
{
    static const char HEX[] = "0123456789abcdef";
    size_t size = 0;

    for (const char *at = name; *at && size < NAME_SIZE - 4; at++) {
        unsigned char c = (unsigned char)*at;

        if (is_plain(c)) {
            encoded[size++] = (char)c;
            continue;
        }
        encoded[size++] = '_';
        encoded[size++] = HEX[c >> 4];
        encoded[size++] = HEX[c & 15];
    }
    encoded[size] = '\0';
    if (size >= NAME_SIZE - 30)
        snprintf(encoded + NAME_SIZE - 30, 30, "__%016llx", (unsigned long long)digest(name));
    if (size == 0)
        snprintf(encoded, NAME_SIZE, "_");
}

/* The instance's mutex is held. */
static struct stream *know_stream(struct adapter_instance *instance, const char *name)
{
    struct stream *stream = instance->streams;

    while (stream && strcmp(stream->name, name) != 0)
        stream = stream->next;
    if (stream)
        return stream;
    stream = calloc(1, sizeof(*stream));
    stream->name = strdup(name);
    encode(name, stream->encoded);
    snprintf(stream->suffix, sizeof(stream->suffix), "-%08x", (unsigned)digest(name));
    stream->next = instance->streams;
    instance->streams = stream;
    return stream;
}

static struct group *find_group(struct stream *stream, const char *name)
{
    struct group *group = stream->groups;

    while (group && strcmp(group->name, name) != 0)
        group = group->next;
    return group;
}

/* --- Books; their mutex is held
 * ------------------------------------------------------------------- */

static struct book *open_book(const char *uri, const char *stream, const char *group)
{
    struct book *book = books;
    char key[1024];

    snprintf(key, sizeof(key), "%s\n%s\n%s", uri, stream, group);
    while (book && strcmp(book->key, key) != 0)
        book = book->next;
    if (!book) {
        book = calloc(1, sizeof(*book));
        book->key = strdup(key);
        book->next = books;
        books = book;
    }
    book->users++;
    return book;
}

static const char *know_name(char ***names, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp((*names)[i], name) == 0)
            return (*names)[i];
    *names = realloc(*names, (*count + 1) * sizeof(char *));
    (*names)[*count] = strdup(name);
    return (*names)[(*count)++];
}

static void free_names(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

static struct hand **find_hand(struct book *book, uint64_t sequence)
{
    struct hand **place = &book->hands[sequence % TABLE_SIZE];

    while (*place && (*place)->sequence != sequence)
        place = &(*place)->next;
    return place;
}

static void take_in_hand(struct adapter_session *session, struct book *book, const char *consumer,
                         const struct hand *taken)
{
    struct hand **place = find_hand(book, taken->sequence);

    if (!*place)
        *place = calloc(1, sizeof(**place));
    struct hand *next = (*place)->next;
    **place = *taken;
    (*place)->next = next;
    (*place)->taken_ns = session->host->now_ns(session->host);
    (*place)->is_nacked = 0;
    (*place)->member = know_name(&book->members, &book->member_count, consumer);
}

static void let_go(struct hand **place)
{
    struct hand *hand = *place;

    *place = hand->next;
    free(hand);
}

static void empty_book(struct book *book)
{
    for (size_t i = 0; i < TABLE_SIZE; i++)
        while (book->hands[i])
            let_go(&book->hands[i]);
    memset(book->settled, 0, sizeof(book->settled));
}

static int was_settled(const struct book *book, uint64_t sequence)
{
    for (size_t i = 0; i < RING_SIZE; i++)
        if (book->settled[i] == sequence)
            return 1;
    return 0;
}

/* Nobody else can have it: its time is not over, with a margin for clocks and wires. */
static int is_ours(const struct adapter_session *session, const struct hand *hand)
{
    uint64_t age_ns = hand ? session->host->now_ns(session->host) - hand->taken_ns : 0;

    return hand && age_ns < session->instance->redelivery_ns / 10 * 9;
}

static void close_book(struct book *book)
{
    struct book **place = &books;

    if (--book->users > 0)
        return;
    while (*place != book)
        place = &(*place)->next;
    *place = book->next;
    empty_book(book);
    free_names(book->members, book->member_count);
    free(book->key);
    free(book);
}

/* --- Groups; the instance's mutex is held
 * ---------------------------------------------------------- */

static struct group *know_group(struct adapter_instance *instance, struct stream *stream,
                                const char *name)
{
    struct group *group = find_group(stream, name);

    if (group)
        return group;
    group = calloc(1, sizeof(*group));
    group->name = strdup(name);
    encode(name, group->encoded);
    group->next = stream->groups;
    stream->groups = group;
    pthread_mutex_lock(&books_mutex);
    group->book = open_book(instance->uri, stream->name, name);
    pthread_mutex_unlock(&books_mutex);
    return group;
}

static void free_group(struct group *group)
{
    pthread_mutex_lock(&books_mutex);
    close_book(group->book);
    pthread_mutex_unlock(&books_mutex);
    free_names(group->members, group->member_count);
    free(group->name);
    free(group);
}

static void forget_groups(struct stream *stream)
{
    while (stream->groups) {
        struct group *group = stream->groups;

        stream->groups = group->next;
        free_group(group);
    }
    stream->is_made = 0;
}

static void forget_streams(struct adapter_instance *instance)
{
    while (instance->streams) {
        struct stream *stream = instance->streams;

        instance->streams = stream->next;
        forget_groups(stream);
        free(stream->name);
        free(stream);
    }
}

/* --- Answers ------------------------------------------------------------------------------------
 */

static void answer(struct adapter_call *call, uint32_t outcome, int64_t number)
{
    struct adapter_result result = {
        .struct_size = sizeof(result), .outcome = outcome, .attempts = 1, .number = number};

    call->done(call, &result);
}

static void fail(struct adapter_call *call, uint32_t outcome, uint32_t error, const char *detail)
{
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = outcome,
                                    .error = error,
                                    .attempts = outcome == ADAPTER_UNKNOWN,
                                    .detail = detail};

    call->done(call, &result);
}

static void fail_unsent(struct adapter_call *call)
{
    fail(call, ADAPTER_REFUSED, ADAPTER_ERROR_CONNECTION, "there is no connection to the server");
}

/* No, by a server that is there; or nobody knows. */
static void fail_status(struct adapter_call *call, natsStatus status)
{
    int is_server = status == NATS_ERR || status == NATS_NOT_FOUND || status == NATS_NO_RESPONDERS;

    fail(call, is_server ? ADAPTER_REFUSED : ADAPTER_UNKNOWN,
         is_server ? ADAPTER_ERROR_OTHER : ADAPTER_ERROR_CONNECTION, natsStatus_GetText(status));
}

static int64_t left_ms(const struct adapter_session *session, const struct adapter_call *call)
{
    uint64_t now_ns = session->host->now_ns(session->host);

    if (!call->deadline_ns)
        return DEFAULT_WAIT_MS;
    return call->deadline_ns > now_ns ? (int64_t)((call->deadline_ns - now_ns) / NS_PER_MS) : 0;
}

/* --- Connections --------------------------------------------------------------------------------
 */

static void disconnect(struct adapter_session *session)
{
    natsSubscription_Destroy(session->inbox);
    jsCtx_Destroy(session->js);
    natsConnection_Destroy(session->connection);
    session->inbox = NULL;
    session->js = NULL;
    session->connection = NULL;
}

static natsStatus listen_for_answers(struct adapter_session *session)
{
    natsInbox *inbox = NULL;
    natsStatus s = natsInbox_Create(&inbox);
    char subject[96];

    if (s != NATS_OK)
        return s;
    snprintf(session->prefix, sizeof(session->prefix), "%s", inbox);
    natsInbox_Destroy(inbox);
    snprintf(subject, sizeof(subject), "%s.*", session->prefix);
    s = natsConnection_SubscribeSync(&session->inbox, session->connection, subject);
    if (s == NATS_OK)
        s = natsSubscription_SetPendingLimits(session->inbox, -1, -1);
    return s;
}

static natsStatus connect_to(struct adapter_session *session)
{
    natsOptions *options = NULL;
    jsOptions js_options;
    natsStatus s = natsOptions_Create(&options);

    if (s == NATS_OK)
        s = natsOptions_SetURL(options, session->instance->uri);
    if (s == NATS_OK)
        s = natsOptions_SetTimeout(options, 800);
    if (s == NATS_OK)
        s = natsOptions_SetAllowReconnect(options, false);
    if (s == NATS_OK)
        s = natsOptions_SetName(options, session->name);
    if (s == NATS_OK)
        s = natsConnection_Connect(&session->connection, options);
    natsOptions_Destroy(options);
    if (s == NATS_OK)
        s = jsOptions_Init(&js_options);
    if (s == NATS_OK) {
        js_options.Wait = API_WAIT_MS;
        s = natsConnection_JetStream(&session->js, session->connection, &js_options);
    }
    return s == NATS_OK ? listen_for_answers(session) : s;
}

/* A connection that broke is made again here, not by the library: then it is known that it broke.
 */
static int is_connected(struct adapter_session *session)
{
    if (session->connection && !natsConnection_IsClosed(session->connection) &&
        natsConnection_Status(session->connection) == NATS_CONN_STATUS_CONNECTED)
        return 1;
    disconnect(session);
    if (connect_to(session) == NATS_OK)
        return 1;
    disconnect(session);
    return 0;
}

/* --- Streams and groups on the server ------------------------------------------------------------
 */

static void subject_of(const struct stream *stream, char *subject, size_t capacity)
{
    snprintf(subject, capacity, "gs.%s", stream->encoded);
}

/* Somebody else's stream of that name has other subjects. */
static int is_our_kind(const struct stream *stream, const jsStreamInfo *info)
{
    char subject[NAME_SIZE + 8];

    subject_of(stream, subject, sizeof(subject));
    return info->Config && info->Config->SubjectsLen == 1 &&
           strcmp(info->Config->Subjects[0], subject) == 0;
}

static natsStatus check_kind(struct adapter_session *session, const struct stream *stream)
{
    jsStreamInfo *info = NULL;
    natsStatus s = js_GetStreamInfo(&info, session->js, stream->encoded, NULL, NULL);

    if (s == NATS_OK && !is_our_kind(stream, info))
        s = NATS_ERR;
    jsStreamInfo_Destroy(info);
    return s;
}

static natsStatus make_stream(struct adapter_session *session, struct stream *stream)
{
    char subject[NAME_SIZE + 8];
    const char *subjects[] = {subject};
    jsStreamConfig config;
    jsErrCode code = 0;
    natsStatus s;

    if (stream->is_made)
        return NATS_OK;
    subject_of(stream, subject, sizeof(subject));
    jsStreamConfig_Init(&config);
    config.Name = stream->encoded;
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Storage = session->instance->in_memory ? js_MemoryStorage : js_FileStorage;
    s = js_AddStream(NULL, session->js, &config, NULL, &code);
    if (s != NATS_OK && code == JSStreamNameExistErr)
        s = check_kind(session, stream); /* other settings are for whoever made it to say */
    stream->is_made = s == NATS_OK;
    return s;
}

static natsStatus make_group(struct adapter_session *session, struct stream *stream,
                             struct group *group)
{
    jsConsumerConfig config;
    jsErrCode code = 0;
    natsStatus s = make_stream(session, stream);

    if (s != NATS_OK || group->is_made)
        return s;
    jsConsumerConfig_Init(&config);
    config.Durable = group->encoded;
    config.DeliverPolicy = js_DeliverAll;
    config.AckPolicy = js_AckExplicit;
    config.AckWait = (int64_t)session->instance->redelivery_ns;
    config.MaxAckPending = -1;
    s = js_AddConsumer(NULL, session->js, stream->encoded, &config, NULL, &code);
    if (s != NATS_OK && (code == JSConsumerNameExistErr || code == JSConsumerExistingActiveErr))
        s = NATS_OK;
    if (s != NATS_OK && code == JSStreamNotFoundErr && stream->is_made) {
        stream->is_made = 0; /* gone behind our back */
        return make_group(session, stream, group);
    }
    group->is_made = s == NATS_OK;
    return s;
}

/* --- Publishing
 * ----------------------------------------------------------------------------------- */

static int is_message(const struct adapter_text *text)
{
    return text->size > 2 && text->data[0] == '{' && text->data[text->size - 1] == '}' &&
           strspn(text->data + 1, " \t\r\n") < text->size - 2;
}

struct batch {
    struct adapter_item *items;
    char (*ids)[40];
    const char *suffix;
    size_t count, left, missing;
    unsigned long long first; /* token of the first */
};

static natsStatus send_item(struct adapter_session *session, const char *subject,
                            const struct adapter_text *payload, unsigned long long token)
{
    char reply[128];

    snprintf(reply, sizeof(reply), "%s.%llu", session->prefix, token);
    return natsConnection_PublishRequest(session->connection, subject, reply, payload->data,
                                         (int)payload->size);
}

/* {"stream":"...","seq":17} or {"error":{...}} */
static void note_ack(struct batch *batch, natsMsg *message)
{
    const char *subject = natsMsg_GetSubject(message);
    unsigned long long token = strtoull(strrchr(subject, '.') + 1, NULL, 10);
    size_t index = (size_t)(token - batch->first);
    const char *data = natsMsg_GetDataLength(message) > 0 ? natsMsg_GetData(message) : "";
    char text[512];

    if (index < batch->count && natsMsg_IsNoResponders(message)) {
        batch->left--;
        batch->missing++;
        return;
    }
    if (token < batch->first || index >= batch->count ||
        batch->items[index].outcome != ADAPTER_UNKNOWN)
        return; /* of an earlier call */
    struct adapter_item *item = &batch->items[index];
    snprintf(text, sizeof(text), "%.*s", natsMsg_GetDataLength(message), data);
    const char *sequence = strstr(text, "\"seq\":");
    batch->left--;
    if (sequence && !strstr(text, "\"error\"")) {
        snprintf(batch->ids[index], sizeof(batch->ids[index]), "%llu%s",
                 strtoull(sequence + strlen("\"seq\":"), NULL, 10), batch->suffix);
        *item = (struct adapter_item){.outcome = ADAPTER_DONE,
                                      .id = {batch->ids[index], strlen(batch->ids[index])}};
        return;
    }
    *item = (struct adapter_item){.outcome = ADAPTER_REFUSED, .error = ADAPTER_ERROR_OTHER};
}

static natsStatus hear_acks(struct adapter_session *session, struct adapter_call *call,
                            struct batch *batch)
{
    natsStatus s = natsConnection_IsClosed(session->connection) ? NATS_CONNECTION_CLOSED : NATS_OK;

    while (s == NATS_OK && batch->left > 0) {
        natsMsg *message = NULL;
        int64_t wait_ms = left_ms(session, call);

        s = wait_ms > 0 ? natsSubscription_NextMsg(&message, session->inbox, wait_ms)
                        : NATS_TIMEOUT;
        if (s == NATS_OK)
            note_ack(batch, message);
        if (s == NATS_NO_RESPONDERS) { /* nobody keeps that subject: it was not stored */
            batch->left--;
            batch->missing++;
            s = NATS_OK;
        }
        natsMsg_Destroy(message);
    }
    return s;
}

static natsStatus send_batch(struct adapter_session *session, struct adapter_call *call,
                             struct stream *stream, struct batch *batch)
{
    char subject[NAME_SIZE + 8];
    natsStatus s = NATS_OK;

    subject_of(stream, subject, sizeof(subject));
    batch->first = session->token + 1;
    session->token += batch->count;
    batch->left = batch->count;
    batch->missing = 0;
    for (size_t i = 0; i < batch->count; i++)
        batch->items[i] =
            (struct adapter_item){.outcome = ADAPTER_UNKNOWN, .error = ADAPTER_ERROR_CONNECTION};
    batch->suffix = stream->suffix;
    for (size_t i = 0; s == NATS_OK && i < batch->count; i++) {
        s = send_item(session, subject, &call->items[i], batch->first + i);
        if (s == NATS_MAX_PAYLOAD) { /* the server said at the beginning what it takes */
            batch->items[i] = (struct adapter_item){.outcome = ADAPTER_REFUSED,
                                                    .error = ADAPTER_ERROR_VALIDATION};
            batch->left--;
            s = NATS_OK;
        }
    }
    return hear_acks(session, call, batch);
}

static void answer_batch(struct adapter_call *call, const struct batch *batch)
{
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = ADAPTER_DONE,
                                    .attempts = 1,
                                    .items = batch->items,
                                    .item_count = batch->count};

    for (size_t i = 0; i < batch->count; i++)
        if (batch->items[i].outcome > result.outcome) {
            result.outcome = batch->items[i].outcome;
            result.error = batch->items[i].error;
        }
    call->done(call, &result);
}

static void publish(struct adapter_session *session, struct adapter_call *call)
{
    struct adapter_instance *instance = session->instance;
    struct batch batch = {.count = call->item_count};
    natsStatus s;

    for (size_t i = 0; i < call->item_count; i++) {
        if (!is_message(&call->items[i])) {
            fail(call, ADAPTER_REFUSED, ADAPTER_ERROR_VALIDATION,
                 "a message is a JSON object that is not empty");
            return;
        }
    }
    if (!is_connected(session)) {
        fail_unsent(call);
        return;
    }
    pthread_mutex_lock(&instance->mutex);
    struct stream *stream = know_stream(instance, call->stream);
    s = make_stream(session, stream);
    pthread_mutex_unlock(&instance->mutex);
    if (s != NATS_OK) {
        fail(call, ADAPTER_REFUSED, ADAPTER_ERROR_OTHER, natsStatus_GetText(s));
        return;
    }
    batch.items = calloc(batch.count, sizeof(*batch.items));
    batch.ids = calloc(batch.count, sizeof(*batch.ids));
    s = send_batch(session, call, stream, &batch);
    if (s == NATS_OK && batch.missing && batch.missing == batch.count) { /* the stream is gone */
        pthread_mutex_lock(&instance->mutex);
        stream->is_made = 0;
        s = make_stream(session, stream);
        pthread_mutex_unlock(&instance->mutex);
        if (s == NATS_OK)
            (void)send_batch(session, call, stream, &batch);
        for (size_t i = 0; s != NATS_OK && i < batch.count; i++)
            batch.items[i] =
                (struct adapter_item){.outcome = ADAPTER_REFUSED, .error = ADAPTER_ERROR_OTHER};
    }
    answer_batch(call, &batch);
    free(batch.items);
    free(batch.ids);
}

/* --- Reading
 * --------------------------------------------------------------------------------------- */

struct haul {
    natsMsg **messages;
    size_t count, wanted;
    const char *consumer; /* as whom it is read */
};

/* $JS.ACK.<stream>.<consumer>.<delivered>.<sequence>.<...>; with a domain and an account in front
   of the stream in newer servers. */
static uint64_t token_of(const char *subject, int index)
{
    int dots = 0;

    for (const char *at = subject; *at; at++)
        dots += *at == '.';
    if (dots > 8)
        index += 2;
    for (; subject && index > 0; index--) {
        subject = strchr(subject, '.');
        subject = subject ? subject + 1 : NULL;
    }
    return subject ? strtoull(subject, NULL, 10) : 0;
}

enum pull_status { PULL_GOES_ON, PULL_IS_OVER, PULL_FAILED };

/* A message without a subject to acknowledge at is a status: 404 and 408 say that there is no more.
 */
static enum pull_status keep_message(struct haul *haul, natsMsg *message)
{
    const char *reply = natsMsg_GetReply(message), *status = NULL;

    if (reply && strncmp(reply, "$JS.ACK.", 8) == 0) {
        haul->messages[haul->count++] = message;
        return PULL_GOES_ON;
    }
    (void)natsMsgHeader_Get(message, "Status", &status);
    enum pull_status over = status && (strcmp(status, "404") == 0 || strcmp(status, "408") == 0)
                                ? PULL_IS_OVER
                                : PULL_FAILED;
    natsMsg_Destroy(message);
    return over;
}

/* Ask for up to so many; wait_ms 0: those that are there.  NATS_NO_RESPONDERS when the consumer is
   not there. */
static natsStatus pull(struct adapter_session *session, const struct stream *stream,
                       const struct group *group, int64_t wait_ms, struct haul *haul)
{
    char subject[2 * NAME_SIZE + 64], reply[128], request[128];
    enum pull_status status = PULL_GOES_ON;
    natsStatus s;

    snprintf(subject, sizeof(subject), "$JS.API.CONSUMER.MSG.NEXT.%s.%s", stream->encoded,
             group->encoded);
    snprintf(reply, sizeof(reply), "%s.%llu", session->prefix, ++session->token);
    if (wait_ms > 0)
        snprintf(request, sizeof(request), "{\"batch\":%zu,\"expires\":%lld}", haul->wanted,
                 (long long)wait_ms * NS_PER_MS);
    else
        snprintf(request, sizeof(request), "{\"batch\":%zu,\"no_wait\":true}", haul->wanted);
    s = natsConnection_PublishRequestString(session->connection, subject, reply, request);
    while (s == NATS_OK && status == PULL_GOES_ON && haul->count < haul->wanted) {
        natsMsg *message = NULL;
        /* With something in hand, nobody waits for more. */
        int64_t patience_ms = wait_ms > 0 && haul->count > 0 ? 20 : wait_ms + 800;

        s = natsSubscription_NextMsg(&message, session->inbox, patience_ms);
        if (s == NATS_OK && strcmp(natsMsg_GetSubject(message), reply) != 0 &&
            !natsMsg_GetReply(message)) {
            natsMsg_Destroy(message); /* a late status of an earlier request */
            continue;
        }
        if (s == NATS_OK && natsMsg_IsNoResponders(message))
            s = NATS_NO_RESPONDERS;
        else if (s == NATS_OK)
            status = keep_message(haul, message);
        if (s == NATS_NO_RESPONDERS)
            natsMsg_Destroy(message);
    }
    if (haul->count > 0)
        return NATS_OK;
    return status == PULL_FAILED ? NATS_NO_RESPONDERS : s;
}

struct answer_room {
    struct adapter_entry *entries;
    char (*ids)[40];
    size_t count;
};

static struct adapter_entry *add_entry(struct answer_room *room, const struct stream *stream,
                                       uint64_t sequence, natsMsg *message)
{
    char *id = room->ids[room->count];
    struct adapter_entry *entry = &room->entries[room->count++];

    snprintf(id, sizeof(room->ids[0]), "%llu%s", (unsigned long long)sequence, stream->suffix);
    *entry = (struct adapter_entry){
        .id = {id, strlen(id)},
        .payload = {natsMsg_GetData(message), (size_t)natsMsg_GetDataLength(message)}};
    return entry;
}

static void answer_entries(struct adapter_call *call, const struct answer_room *room)
{
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = room->count ? ADAPTER_DONE : ADAPTER_EMPTY,
                                    .attempts = 1,
                                    .entries = room->entries,
                                    .entry_count = room->count};

    call->done(call, &result);
}

static struct answer_room make_room(size_t count)
{
    return (struct answer_room){.entries = calloc(count + 1, sizeof(struct adapter_entry)),
                                .ids = calloc(count + 1, sizeof(char[40]))};
}

static void answer_haul(struct adapter_session *session, struct adapter_call *call,
                        const struct stream *stream, struct group *group, const struct haul *haul)
{
    struct answer_room room = make_room(haul->count);

    pthread_mutex_lock(&session->instance->mutex);
    (void)know_name(&group->members, &group->member_count, haul->consumer);
    pthread_mutex_unlock(&session->instance->mutex);
    pthread_mutex_lock(&books_mutex);
    for (size_t i = 0; i < haul->count; i++) {
        const char *reply = natsMsg_GetReply(haul->messages[i]);
        const struct hand taken = {.sequence = token_of(reply, 5),
                                   .delivery = token_of(reply, 6),
                                   .attempt = (uint32_t)token_of(reply, 4)};

        add_entry(&room, stream, taken.sequence, haul->messages[i])->attempt = taken.attempt;
        take_in_hand(session, group->book, haul->consumer, &taken);
    }
    pthread_mutex_unlock(&books_mutex);
    answer_entries(call, &room);
    for (size_t i = 0; i < haul->count; i++)
        natsMsg_Destroy(haul->messages[i]);
    free(room.entries);
    free(room.ids);
}

/* --- What a consumer name had in hand before its session began
 * ------------------------------------ */

/* Once for each name, on the session's first read as it. */
static int is_first_read(struct adapter_session *session, const struct group *group,
                         const char *consumer)
{
    struct reader *reader = session->readers;

    while (reader && (reader->group != group || strcmp(reader->consumer, consumer) != 0))
        reader = reader->next;
    if (reader)
        return 0;
    reader = calloc(1, sizeof(*reader));
    *reader = (struct reader){session->readers, group, strdup(consumer)};
    session->readers = reader;
    return 1;
}

static int by_sequence(const void *left, const void *right)
{
    const struct hand *a = left, *b = right;

    return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

/* Copies of the hands, oldest first.  The mutex is held. */
static size_t gather_own(const struct adapter_session *session, const struct group *group,
                         const char *consumer, struct hand *own, size_t wanted)
{
    size_t count = 0;

    for (size_t i = 0; i < TABLE_SIZE; i++)
        for (const struct hand *hand = group->book->hands[i]; hand && count < wanted;
             hand = hand->next)
            if (strcmp(hand->member, consumer) == 0 && !hand->is_nacked &&
                hand->taken_ns < session->opened_ns && is_ours(session, hand))
                own[count++] = *hand;
    qsort(own, count, sizeof(*own), by_sequence);
    return count;
}

static natsStatus say(struct adapter_session *session, const struct stream *stream,
                      const struct group *group, const struct hand *hand, const char *word);

/* Its time begins again for the server, too.  Gives how many were served. */
static size_t serve_own(struct adapter_session *session, struct adapter_call *call,
                        const struct stream *stream, struct group *group, const struct haul *haul)
{
    struct hand *own = calloc(haul->wanted + 1, sizeof(*own));
    natsMsg **messages = calloc(haul->wanted + 1, sizeof(natsMsg *));
    struct answer_room room = make_room(haul->wanted);
    size_t count = 0;

    pthread_mutex_lock(&books_mutex);
    if (is_first_read(session, group, haul->consumer))
        count = gather_own(session, group, haul->consumer, own, haul->wanted);
    for (size_t i = 0; i < count; i++)
        take_in_hand(session, group->book, haul->consumer, &own[i]);
    pthread_mutex_unlock(&books_mutex);
    for (size_t i = 0; i < count; i++) {
        if (js_GetMsg(&messages[i], session->js, stream->encoded, own[i].sequence, NULL, NULL) !=
            NATS_OK)
            continue; /* deleted meanwhile */
        struct adapter_entry *entry = add_entry(&room, stream, own[i].sequence, messages[i]);
        entry->attempt = own[i].attempt;
        entry->flags = ADAPTER_ENTRY_OWN_PENDING;
        (void)say(session, stream, group, &own[i], "+WPI");
    }
    if (room.count > 0)
        answer_entries(call, &room);
    for (size_t i = 0; i < count; i++)
        natsMsg_Destroy(messages[i]);
    count = room.count;
    free(room.entries);
    free(room.ids);
    free(messages);
    free(own);
    return count;
}

static natsStatus find_both(struct adapter_session *session, struct adapter_call *call,
                            struct stream **ret_stream, struct group **ret_group,
                            unsigned *ret_removals)
{
    pthread_mutex_lock(&session->instance->mutex);
    *ret_stream = know_stream(session->instance, call->stream);
    *ret_group = know_group(session->instance, *ret_stream, call->group);
    natsStatus s = make_group(session, *ret_stream, *ret_group);
    *ret_removals = (*ret_stream)->removals;
    pthread_mutex_unlock(&session->instance->mutex);
    return s;
}

/* Not what we have removed ourselves since the call began: a reader that was blocked at that moment
   must not bring it back. */
static natsStatus make_again(struct adapter_session *session, struct stream *stream,
                             struct group *group, unsigned removals)
{
    natsStatus s = NATS_NOT_FOUND;

    pthread_mutex_lock(&session->instance->mutex);
    if (stream->removals == removals) {
        group->is_made = stream->is_made = 0;
        s = make_group(session, stream, group);
    }
    pthread_mutex_unlock(&session->instance->mutex);
    return s;
}

static void read_up_to(struct adapter_session *session, struct adapter_call *call, int64_t count,
                       int64_t wait_ms)
{
    struct haul haul = {.wanted = count > 0 ? (size_t)count : 0,
                        .consumer = call->consumer ? call->consumer : session->name};
    struct stream *stream;
    struct group *group;
    unsigned removals;
    natsStatus s;

    if (!is_connected(session)) {
        fail_unsent(call);
        return;
    }
    s = find_both(session, call, &stream, &group, &removals);
    if (s == NATS_OK && haul.wanted > 0 && serve_own(session, call, stream, group, &haul) > 0)
        return;
    haul.messages = calloc(haul.wanted + 1, sizeof(natsMsg *));
    if (s == NATS_OK && haul.wanted > 0)
        s = pull(session, stream, group, wait_ms, &haul);
    if (s == NATS_NO_RESPONDERS ||
        s == NATS_TIMEOUT) { /* nobody was there to say that it is empty */
        s = make_again(session, stream, group, removals);
        if (s == NATS_OK)
            s = pull(session, stream, group, 0, &haul);
    }
    if (s == NATS_OK || s == NATS_NOT_FOUND)
        answer_haul(session, call, stream, group, &haul);
    else
        fail_status(call, s);
    free(haul.messages);
}

static void get_next(struct adapter_session *session, struct adapter_call *call)
{
    read_up_to(session, call, 1, 0);
}

static void read_some(struct adapter_session *session, struct adapter_call *call)
{
    read_up_to(session, call, call->count, 0);
}

static void read_blocking(struct adapter_session *session, struct adapter_call *call)
{
    int64_t wait_ms = call->duration_ms, left = left_ms(session, call) - 200;

    if (wait_ms <= 0 || wait_ms > left)
        wait_ms = left > 1 ? left : 1;
    read_up_to(session, call, call->count, wait_ms);
}

/* The sequence number is the position. */
static void read_from(struct adapter_session *session, struct adapter_call *call)
{
    struct stream *stream;
    jsStreamInfo *info = NULL;
    jsErrCode code = 0;
    size_t wanted = call->count > 0 ? (size_t)call->count : 0;

    if (!is_connected(session)) {
        fail_unsent(call);
        return;
    }
    pthread_mutex_lock(&session->instance->mutex);
    stream = know_stream(session->instance, call->stream);
    pthread_mutex_unlock(&session->instance->mutex);
    natsStatus s = js_GetStreamInfo(&info, session->js, stream->encoded, NULL, &code);
    if (s == NATS_NOT_FOUND || code == JSStreamNotFoundErr) {
        answer(call, ADAPTER_EMPTY, 0);
        return;
    }
    if (s != NATS_OK) {
        fail_status(call, s);
        return;
    }
    if (!is_our_kind(stream, info)) {
        jsStreamInfo_Destroy(info);
        fail(call, ADAPTER_REFUSED, ADAPTER_ERROR_OTHER, "the stream is something else");
        return;
    }
    uint64_t next = strcmp(call->key, "start") == 0 ? 1 : strtoull(call->key, NULL, 10) + 1;
    uint64_t last = info->State.LastSeq;
    if (next < info->State.FirstSeq)
        next = info->State.FirstSeq;
    jsStreamInfo_Destroy(info);
    natsMsg **messages = calloc(wanted + 1, sizeof(natsMsg *));
    struct answer_room room = make_room(wanted);
    for (; s == NATS_OK && next <= last && room.count < wanted; next++) {
        code = 0;
        s = js_GetMsg(&messages[room.count], session->js, stream->encoded, next, NULL, &code);
        if (s == NATS_OK)
            (void)add_entry(&room, stream, next, messages[room.count]);
        else if (s == NATS_NOT_FOUND || code == JSNoMessageFoundErr)
            s = NATS_OK; /* deleted */
    }
    if (s == NATS_OK)
        answer_entries(call, &room);
    else
        fail_status(call, s);
    for (size_t i = 0; i < room.count; i++)
        natsMsg_Destroy(messages[i]);
    free(messages);
    free(room.entries);
    free(room.ids);
}

/* --- Settling
 * ------------------------------------------------------------------------------------- */

/* 0 for what is no id of this stream. */
static uint64_t sequence_of(const struct stream *stream, const struct adapter_text *id)
{
    char text[40];
    char *end;

    if (id->size == 0 || id->size >= sizeof(text) || id->data[0] < '1' || id->data[0] > '9')
        return 0;
    memcpy(text, id->data, id->size);
    text[id->size] = '\0';
    uint64_t sequence = strtoull(text, &end, 10);
    return strcmp(end, stream->suffix) == 0 ? sequence : 0;
}

/* The server wants to see a delivery that is neither over nor still to come, else it is silent. */
static void subject_of_ack(const struct stream *stream, const struct group *group,
                           const struct hand *hand, char *subject, size_t capacity)
{
    snprintf(subject, capacity, "$JS.ACK.%s.%s.1.%llu.%llu.0.0", stream->encoded, group->encoded,
             (unsigned long long)hand->sequence, (unsigned long long)hand->delivery);
}

static natsStatus say(struct adapter_session *session, const struct stream *stream,
                      const struct group *group, const struct hand *hand, const char *word)
{
    char subject[2 * NAME_SIZE + 128];

    subject_of_ack(stream, group, hand, subject, sizeof(subject));
    return natsConnection_PublishString(session->connection, subject, word);
}

/* All that was said before is settled when this is answered: one connection keeps its order. */
static natsStatus say_and_wait(struct adapter_session *session, const struct stream *stream,
                               const struct group *group, const struct hand *hand, const char *word,
                               int64_t wait_ms)
{
    char subject[2 * NAME_SIZE + 128];
    natsMsg *reply = NULL;

    subject_of_ack(stream, group, hand, subject, sizeof(subject));
    natsStatus s = natsConnection_RequestString(&reply, session->connection, subject, word,
                                                wait_ms > 0 ? wait_ms : 1);
    natsMsg_Destroy(reply);
    return s;
}

struct pending {
    uint64_t floor, delivered; /* in the stream */
    uint64_t delivery;         /* the consumer's last */
    int64_t count;
};

static natsStatus ask_pending(struct adapter_session *session, const struct stream *stream,
                              const struct group *group, struct pending *ret)
{
    jsConsumerInfo *info = NULL;
    jsErrCode code = 0;
    natsStatus s =
        js_GetConsumerInfo(&info, session->js, stream->encoded, group->encoded, NULL, &code);

    if (s != NATS_OK)
        return code == JSConsumerNotFoundErr || code == JSStreamNotFoundErr ? NATS_NOT_FOUND : s;
    *ret = (struct pending){info->AckFloor.Stream, info->Delivered.Stream, info->Delivered.Consumer,
                            info->NumAckPending};
    jsConsumerInfo_Destroy(info);
    return NATS_OK;
}

/* Not in our hands: the consumer is asked.  1, 0, or -1 when nobody knows. */
static int settle_stranger(struct adapter_session *session, const struct stream *stream,
                           const struct group *group, uint64_t sequence, const char *word,
                           int is_nack)
{
    struct pending before, after;
    natsStatus s = ask_pending(session, stream, group, &before);

    if (s == NATS_NOT_FOUND)
        return 0;
    if (s != NATS_OK)
        return -1;
    pthread_mutex_lock(&books_mutex);
    int is_settled = was_settled(group->book, sequence);
    pthread_mutex_unlock(&books_mutex);
    if (is_settled)
        return 0;
    if (sequence <= before.floor || sequence > before.delivered || before.count == 0)
        return 0;
    const struct hand hand = {.sequence = sequence, .delivery = before.delivery};
    if (is_nack) /* it stays pending: what lies between floor and delivered is believed to be so */
        return say_and_wait(session, stream, group, &hand, word, API_WAIT_MS) == NATS_OK ? 1 : -1;
    if (say_and_wait(session, stream, group, &hand, word, API_WAIT_MS) != NATS_OK ||
        ask_pending(session, stream, group, &after) != NATS_OK)
        return -1;
    return after.count < before.count;
}

/* In our hands: gives 1, and notes it; or 0. */
static int settle_own(struct adapter_session *session, struct group *group, uint64_t sequence,
                      int is_nack, struct hand *ret_hand)
{
    int is_own;

    pthread_mutex_lock(&books_mutex);
    struct hand **place = find_hand(group->book, sequence);
    is_own = is_ours(session, *place) && !(is_nack && (*place)->is_nacked);
    if (is_own)
        *ret_hand = **place;
    if (is_own && is_nack)
        (*place)->is_nacked = 1;
    else if (is_own) {
        group->book->settled[group->book->settled_count++ % RING_SIZE] = sequence;
        let_go(place);
    }
    pthread_mutex_unlock(&books_mutex);
    return is_own;
}

struct settling {
    struct adapter_session *session;
    struct stream *stream;
    struct group *group;
    const char *word;
    int is_nack;
    int64_t wait_ms;
};

/* The last of a batch is waited for: by then the others are settled. */
static int settle_one(const struct settling *settling, uint64_t sequence, int is_last)
{
    struct hand hand;
    natsStatus s;

    if (!sequence)
        return 0;
    if (!settle_own(settling->session, settling->group, sequence, settling->is_nack, &hand))
        return settle_stranger(settling->session, settling->stream, settling->group, sequence,
                               settling->word, settling->is_nack);
    s = is_last ? say_and_wait(settling->session, settling->stream, settling->group, &hand,
                               settling->word, settling->wait_ms)
                : say(settling->session, settling->stream, settling->group, &hand, settling->word);
    return s == NATS_OK ? 1 : s == NATS_NO_RESPONDERS ? -2 : -1;
}

static struct adapter_item item_of(int is_true)
{
    static const struct adapter_item gone = {.outcome = ADAPTER_REFUSED,
                                             .error = ADAPTER_ERROR_OTHER};
    static const struct adapter_item unknown = {.outcome = ADAPTER_UNKNOWN,
                                                .error = ADAPTER_ERROR_CONNECTION};

    if (is_true < 0)
        return is_true == -2 ? gone : unknown;
    return (struct adapter_item){.outcome = ADAPTER_DONE, .number = is_true};
}

static void settle(struct adapter_session *session, struct adapter_call *call, const char *word,
                   int is_nack)
{
    struct settling settling = {.session = session, .word = word, .is_nack = is_nack};
    struct adapter_item *items;
    int is_true = 0;

    if (!is_connected(session)) {
        fail_unsent(call);
        return;
    }
    pthread_mutex_lock(&session->instance->mutex);
    settling.stream = know_stream(session->instance, call->stream);
    settling.group = know_group(session->instance, settling.stream, call->group);
    pthread_mutex_unlock(&session->instance->mutex);
    settling.wait_ms = left_ms(session, call);
    items = calloc(call->item_count + 1, sizeof(*items));
    for (size_t i = 0; i < call->item_count; i++) {
        is_true = settle_one(&settling, sequence_of(settling.stream, &call->items[i]),
                             i + 1 == call->item_count);
        items[i] = item_of(is_true);
    }
    /* Where the last was not ours, nothing was waited for yet. */
    if (is_true == 0 && call->item_count > 1 &&
        natsConnection_FlushTimeout(session->connection, settling.wait_ms) != NATS_OK)
        is_true = -1;
    for (size_t i = 0; is_true < 0 && i < call->item_count; i++)
        if (items[i].number)
            items[i] = item_of(is_true);
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = item_of(is_true).outcome,
                                    .error = item_of(is_true).error,
                                    .attempts = 1,
                                    .items = items,
                                    .item_count = call->item_count};
    call->done(call, &result);
    free(items);
}

static void ack(struct adapter_session *session, struct adapter_call *call)
{
    settle(session, call, "+ACK", 0);
}

static void nack(struct adapter_session *session, struct adapter_call *call)
{
    char word[64];

    if (session->instance->retry_ns)
        snprintf(word, sizeof(word), "-NAK {\"delay\": %llu}",
                 (unsigned long long)session->instance->retry_ns);
    else
        snprintf(word, sizeof(word), "-NAK");
    settle(session, call, word, 1);
}

/* --- The rest
 * --------------------------------------------------------------------------------------- */

static void ensure_group(struct adapter_session *session, struct adapter_call *call)
{
    struct stream *stream;
    struct group *group;
    unsigned removals;

    if (!is_connected(session)) {
        fail_unsent(call);
        return;
    }
    natsStatus s = find_both(session, call, &stream, &group, &removals);
    if (s == NATS_OK)
        answer(call, ADAPTER_DONE, 1);
    else
        fail_status(call, s);
}

static void ping(struct adapter_session *session, struct adapter_call *call)
{
    int64_t wait_ms = left_ms(session, call) > 1000 ? 1000 : left_ms(session, call);
    int is_there = is_connected(session) &&
                   natsConnection_FlushTimeout(session->connection, wait_ms) == NATS_OK;

    answer(call, ADAPTER_DONE, is_there);
}

struct totals {
    unsigned long long messages, in_flight;
};

/* The instance's mutex is held. */
static void count_stream(struct adapter_session *session, const struct stream *stream,
                         struct totals *totals)
{
    jsStreamInfo *info = NULL;

    if (js_GetStreamInfo(&info, session->js, stream->encoded, NULL, NULL) != NATS_OK)
        return;
    totals->messages += info->State.Msgs;
    jsStreamInfo_Destroy(info);
    for (const struct group *group = stream->groups; group; group = group->next) {
        struct pending pending;

        if (ask_pending(session, stream, group, &pending) == NATS_OK)
            totals->in_flight += (unsigned long long)pending.count;
    }
}

static void answer_json(struct adapter_call *call, const char *json)
{
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = ADAPTER_DONE,
                                    .attempts = 1,
                                    .text = {json, strlen(json)}};

    call->done(call, &result);
}

static void health_stats(struct adapter_session *session, struct adapter_call *call)
{
    struct adapter_instance *instance = session->instance;
    struct totals totals = {0, 0};
    int is_there = is_connected(session);
    int64_t round_ns = 0;
    char json[512];

    if (is_there && natsConnection_GetRTT(session->connection, &round_ns) != NATS_OK)
        is_there = 0;
    pthread_mutex_lock(&instance->mutex);
    for (const struct stream *stream = instance->streams; is_there && stream; stream = stream->next)
        count_stream(session, stream, &totals);
    pthread_mutex_unlock(&instance->mutex);
    snprintf(json, sizeof(json),
             "{\"status\": \"%s\", \"connected\": %s, \"last_ping_ms\": %.3f, "
             "\"uptime_seconds\": %.6f, \"details\": {\"message_counts\": {\"total_messages\": "
             "%llu, \"in_flight\": %llu}}}",
             is_there ? "healthy" : "unhealthy", is_there ? "true" : "false",
             (double)round_ns / NS_PER_MS,
             (double)(session->host->now_ns(session->host) - instance->created_ns) / 1e9,
             totals.messages, totals.in_flight);
    answer_json(call, json);
}

static void put_json_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        if ((unsigned char)*text >= 0x20)
            fputc(*text, out);
    }
    fputc('"', out);
}

static void show_group(struct adapter_session *session, FILE *out, const char *name)
{
    const char *comma = "";
    int64_t created = 0;
    size_t count = 0;
    char made[40];

    put_json_string(out, name);
    fputs(": {\"consumers\": [", out);
    for (struct stream *stream = session->instance->streams; stream; stream = stream->next) {
        struct group *group = find_group(stream, name);

        for (size_t i = 0; group && i < group->member_count; i++, count++) {
            fputs(count ? ", " : "", out);
            put_json_string(out, group->members[i]);
        }
    }
    fprintf(out, "], \"consumer_count\": %zu, \"outstanding\": {", count);
    for (struct stream *stream = session->instance->streams; stream; stream = stream->next) {
        struct group *group = find_group(stream, name);
        jsConsumerInfo *info = NULL;

        if (!group || js_GetConsumerInfo(&info, session->js, stream->encoded, group->encoded, NULL,
                                         NULL) != NATS_OK)
            continue;
        fputs(comma, out);
        put_json_string(out, stream->name);
        fprintf(out, ": %lld", (long long)info->NumAckPending);
        comma = ", ";
        if (!created || info->Created < created)
            created = info->Created;
        jsConsumerInfo_Destroy(info);
    }
    time_t seconds = (time_t)(created / 1000000000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(made, sizeof(made), "%Y-%m-%dT%H:%M:%SZ", &parts);
    fprintf(out, "}, \"created_at\": \"%s\"}", made);
}

/* Each name once, whatever the streams it is used on. */
static int is_first_of_name(const struct adapter_instance *instance, const struct stream *stream,
                            const char *name)
{
    for (struct stream *before = instance->streams; before != stream; before = before->next)
        if (find_group(before, name))
            return 0;
    return 1;
}

static void info(struct adapter_session *session, struct adapter_call *call)
{
    struct adapter_instance *instance = session->instance;
    const char *comma = "";
    char *json = NULL;
    size_t size = 0;

    if (!is_connected(session)) {
        fail_unsent(call);
        return;
    }
    FILE *out = open_memstream(&json, &size);
    fputs("{", out);
    pthread_mutex_lock(&instance->mutex);
    for (struct stream *stream = instance->streams; stream; stream = stream->next) {
        for (struct group *group = stream->groups; group; group = group->next) {
            if (!group->is_made || !is_first_of_name(instance, stream, group->name))
                continue;
            fputs(comma, out);
            show_group(session, out, group->name);
            comma = ", ";
        }
    }
    pthread_mutex_unlock(&instance->mutex);
    fputs("}", out);
    fclose(out);
    answer_json(call, json);
    free(json);
}

static natsStatus delete_stream(struct adapter_session *session, struct stream *stream)
{
    jsErrCode code = 0;

    stream->removals++;
    natsStatus s = js_DeleteStream(session->js, stream->encoded, NULL, &code);

    if (code == JSStreamNotFoundErr)
        s = NATS_OK;
    if (s == NATS_OK)
        stream->is_made = 0;
    return s;
}

static void forget_hands(struct group *group)
{
    group->is_made = 0;
    pthread_mutex_lock(&books_mutex);
    empty_book(group->book);
    pthread_mutex_unlock(&books_mutex);
}

static void data_reset(struct adapter_session *session, struct adapter_call *call)
{
    natsStatus s = NATS_OK;

    if (!is_connected(session)) {
        fail_unsent(call);
        return;
    }
    pthread_mutex_lock(&session->instance->mutex);
    for (struct stream *stream = session->instance->streams; stream && s == NATS_OK;
         stream = stream->next) {
        s = delete_stream(session, stream);
        for (struct group *group = stream->groups; group; group = group->next)
            forget_hands(group);
    }
    pthread_mutex_unlock(&session->instance->mutex);
    if (s == NATS_OK)
        answer(call, ADAPTER_DONE, 1);
    else
        fail_status(call, s);
}

static void stream_depth(struct adapter_session *session, struct adapter_call *call)
{
    char encoded[NAME_SIZE];
    jsStreamInfo *found = NULL;
    jsErrCode code = 0;

    encode(call->stream, encoded);
    if (!is_connected(session)) {
        fail_unsent(call);
        return;
    }
    natsStatus s = js_GetStreamInfo(&found, session->js, encoded, NULL, &code);
    if (s == NATS_OK)
        answer(call, ADAPTER_DONE, (int64_t)found->State.Msgs);
    else if (code == JSStreamNotFoundErr || s == NATS_NOT_FOUND)
        answer(call, ADAPTER_DONE, 0);
    else
        fail_status(call, s);
    jsStreamInfo_Destroy(found);
}

static void stream_remove(struct adapter_session *session, struct adapter_call *call)
{
    if (!is_connected(session)) {
        fail_unsent(call);
        return;
    }
    pthread_mutex_lock(&session->instance->mutex);
    struct stream *stream = know_stream(session->instance, call->stream);
    natsStatus s = delete_stream(session, stream);
    for (struct group *group = stream->groups; group; group = group->next)
        forget_hands(group);
    pthread_mutex_unlock(&session->instance->mutex);
    if (s == NATS_OK)
        answer(call, ADAPTER_DONE, 1);
    else
        fail_status(call, s);
}

/* A stream of the same name that keeps other subjects. */
static natsStatus make_foreign(struct adapter_session *session, const struct stream *stream)
{
    char subject[NAME_SIZE + 16];
    const char *subjects[] = {subject};
    jsStreamConfig config;

    snprintf(subject, sizeof(subject), "foreign.%s", stream->encoded);
    (void)js_DeleteStream(session->js, stream->encoded, NULL, NULL);
    jsStreamConfig_Init(&config);
    config.Name = stream->encoded;
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    return js_AddStream(NULL, session->js, &config, NULL, NULL);
}

/* Behind the adapter's back: what it believes of the stream stays as it was. */
static void tamper(struct adapter_session *session, struct adapter_call *call)
{
    struct stream stream = {.name = NULL};
    char group[NAME_SIZE], subject[NAME_SIZE + 8];
    natsStatus s = NATS_NOT_FOUND;

    encode(call->stream, stream.encoded);
    encode(call->group ? call->group : "", group);
    snprintf(stream.suffix, sizeof(stream.suffix), "-%08x", (unsigned)digest(call->stream));
    subject_of(&stream, subject, sizeof(subject));
    if (!is_connected(session)) {
        fail_unsent(call);
        return;
    }
    if (call->verb == ADAPTER_TAMPER_WIPE)
        s = js_DeleteStream(session->js, stream.encoded, NULL, NULL);
    else if (call->verb == ADAPTER_TAMPER_REMOVE_GROUP)
        s = js_DeleteConsumer(session->js, stream.encoded, group, NULL, NULL);
    else if (call->verb == ADAPTER_TAMPER_DELETE_ENTRY && call->item_count)
        s = js_DeleteMsg(session->js, stream.encoded, sequence_of(&stream, &call->items[0]), NULL,
                         NULL);
    else if (call->verb == ADAPTER_TAMPER_PUT_RAW && call->item_count)
        s = js_Publish(NULL, session->js, subject, call->items[0].data, (int)call->items[0].size,
                       NULL, NULL);
    else if (call->verb == ADAPTER_TAMPER_SET_FOREIGN_TYPE)
        s = make_foreign(session, &stream);
    answer(call, ADAPTER_DONE, s == NATS_OK);
}

/* --- Life
 * -------------------------------------------------------------------------------------------- */

static int create(const struct adapter_host *host, const struct adapter_config *config,
                  struct adapter_instance **ret_instance, char reterr[256])
{
    struct adapter_instance *instance;

    if (!config->uri || strncmp(config->uri, "nats://", 7) != 0) {
        snprintf(reterr, 256, "say where the server is: uri: nats://host:4222");
        return -1;
    }
    instance = calloc(1, sizeof(*instance));
    pthread_mutex_init(&instance->mutex, NULL);
    instance->host = host;
    instance->uri = strdup(config->uri);
    instance->created_ns = host->now_ns(host);
    instance->redelivery_ns = (uint64_t)config->settings[OPTION_REDELIVERY].number;
    instance->retry_ns = (uint64_t)config->settings[OPTION_RETRY].number;
    instance->in_memory = (int)config->settings[OPTION_STORAGE].number;
    instance->profile = (struct adapter_profile){
        .struct_size = sizeof(instance->profile),
        .redelivery_time_ms = (uint32_t)(instance->redelivery_ns / NS_PER_MS)};
    *ret_instance = instance;
    return 0;
}

static void destroy(struct adapter_instance *instance)
{
    if (!instance)
        return;
    forget_streams(instance);
    pthread_mutex_destroy(&instance->mutex);
    free(instance->uri);
    free(instance);
}

static const struct adapter_profile *profile_of(const struct adapter_instance *instance)
{
    return &instance->profile;
}

/* It connects when it is first asked for something: a server that is away is no reason not to open.
 */
static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    struct adapter_session *session = calloc(1, sizeof(*session));

    (void)reterr;
    session->instance = instance;
    session->host = host;
    session->opened_ns = host->now_ns(host);
    session->name = strdup(config->consumer ? config->consumer : config->name);
    *ret_session = session;
    return 0;
}

static void close_session(struct adapter_session *session)
{
    if (!session)
        return;
    disconnect(session);
    while (session->readers) {
        struct reader *reader = session->readers;

        session->readers = reader->next;
        free(reader->consumer);
        free(reader);
    }
    free(session->name);
    free(session);
}

static const struct adapter_option options[OPTION_COUNT] = {
    [OPTION_REDELIVERY] = {"redelivery_time", ADAPTER_OPTION_DURATION, NULL, 1e6, 1e15, "30s",
                           "AckWait: after it what was not acknowledged comes again"},
    [OPTION_RETRY] = {"retry_delay", ADAPTER_OPTION_DURATION, NULL, 0, 1e15, "0ms",
                      "between a nack and the next delivery"},
    [OPTION_STORAGE] = {"storage", ADAPTER_OPTION_CHOICE, "file|memory", 0, 0, "file",
                        "where the server keeps new streams"},
};

const struct broker_adapter broker_adapter = {
    .abi = BROKER_ADAPTER_ABI,
    .struct_size = sizeof(struct broker_adapter),
    .name = "nats_jetstream",
    .summary = "NATS JetStream: streams, and durable pull consumers as groups",
    .capabilities = ADAPTER_TIER_ORDERED_MESSAGING | ADAPTER_BLOCKING_READ | ADAPTER_REPLAY,
    .traits = ADAPTER_TRAIT_BLOCKS,
    .options = options,
    .option_count = OPTION_COUNT,
    .create = create,
    .destroy = destroy,
    .open = open_session,
    .close = close_session,
    .abandon = close_session,
    .profile_of = profile_of,
    .publish = publish,
    .get_next = get_next,
    .read = read_some,
    .read_blocking = read_blocking,
    .read_from = read_from,
    .ack = ack,
    .nack = nack,
    .ensure_group = ensure_group,
    .ping = ping,
    .ensure_connection = ping,
    .health_stats = health_stats,
    .info = info,
    .data_reset = data_reset,
    .stream_depth = stream_depth,
    .stream_remove = stream_remove,
    .tamper = tamper,
};
