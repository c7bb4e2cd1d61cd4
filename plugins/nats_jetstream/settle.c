/* settle.c: acknowledgements and nacks.  They go to a subject that names the delivery: one that is
   settled already, or is still to come, is passed over in silence, and the message stays away until
   AckWait. */
#include <stdio.h>
#include <stdlib.h>

#include "parts.h"

/* What became of one: the later in this row, the worse. */
enum settled { SETTLED_NOT, SETTLED, SETTLED_GONE, SETTLED_UNKNOWN };

struct settling {
    struct adapter_session *session;
    struct stream *stream;
    struct group *group;
    const char *word;
    int is_nack;
};

/* --- Words -------------------------------------------------------------------------------------
 */

static void name_delivery(const struct stream *stream, const struct group *group,
                          const struct hand *hand, char *subject, size_t capacity)
{
    snprintf(subject, capacity, "$JS.ACK.%s.%s.1.%llu.%llu.0.0", stream->encoded, group->encoded,
             (unsigned long long)hand->sequence, (unsigned long long)hand->delivery);
}

natsStatus settle_say(struct adapter_session *session, const struct stream *stream,
                      const struct group *group, const struct hand *hand, const char *word)
{
    char subject[2 * NAME_SIZE + 128];

    name_delivery(stream, group, hand, subject, sizeof(subject));
    return natsConnection_PublishString(session->connection, subject, word);
}

natsStatus settle_say_and_wait(struct adapter_session *session, const struct stream *stream,
                               const struct group *group, const struct hand *hand, const char *word)
{
    char subject[2 * NAME_SIZE + 128];
    natsMsg *reply = NULL;

    name_delivery(stream, group, hand, subject, sizeof(subject));
    natsStatus s = natsConnection_RequestString(&reply, session->connection, subject, word,
                                                connection_left_ms(session));
    natsMsg_Destroy(reply);
    return s;
}

static natsStatus say_and_wait(const struct settling *settling, const struct hand *hand)
{
    return settle_say_and_wait(settling->session, settling->stream, settling->group, hand,
                               settling->word);
}

/* --- One ---------------------------------------------------------------------------------------
 */

/* Not in our hands: the consumer is asked before and after, and an acknowledgement is true when one
   message less is pending.  Somebody else who settles at that very moment can make it wrong.  A
   nacked message stays pending: what lies between floor and delivered is believed to be so. */
static enum settled settle_stranger(const struct settling *settling, uint64_t sequence)
{
    struct adapter_session *session = settling->session;
    struct pending before, after;
    natsStatus s = store_ask_pending(session, settling->stream, settling->group, &before);

    if (s == NATS_NOT_FOUND)
        return SETTLED_NOT;
    if (s != NATS_OK)
        return SETTLED_UNKNOWN;
    book_lock();
    int was_settled = book_was_settled(settling->group->book, sequence);
    book_unlock();
    if (was_settled || sequence <= before.floor || sequence > before.delivered || before.count == 0)
        return SETTLED_NOT;
    const struct hand hand = {.sequence = sequence, .delivery = before.delivery};
    if (say_and_wait(settling, &hand) != NATS_OK)
        return SETTLED_UNKNOWN;
    if (settling->is_nack)
        return SETTLED;
    if (store_ask_pending(session, settling->stream, settling->group, &after) != NATS_OK)
        return SETTLED_UNKNOWN;
    return after.count < before.count ? SETTLED : SETTLED_NOT;
}

/* The last of a batch is waited for: by then the others are settled. */
static enum settled settle_own(const struct settling *settling, const struct hand *hand,
                               int is_last)
{
    natsStatus s = is_last ? say_and_wait(settling, hand)
                           : settle_say(settling->session, settling->stream, settling->group, hand,
                                        settling->word);

    return s == NATS_OK ? SETTLED : s == NATS_NO_RESPONDERS ? SETTLED_GONE : SETTLED_UNKNOWN;
}

/* What the book says of one. */
struct finding {
    uint64_t sequence;
    enum book_answer answer;
    struct hand hand; /* when the answer is yes */
};

static enum settled settle_one(const struct settling *settling, const struct finding *finding,
                               int is_last)
{
    if (finding->answer == BOOK_YES)
        return settle_own(settling, &finding->hand, is_last);
    if (finding->answer == BOOK_NO || !finding->sequence)
        return SETTLED_NOT;
    enum settled settled = settle_stranger(settling, finding->sequence);
    /* An earlier attempt may have done it. */
    return settled == SETTLED_NOT && settling->session->attempts > 1 ? SETTLED_UNKNOWN : settled;
}

/* --- A batch -----------------------------------------------------------------------------------
 */

static struct adapter_item item_of(enum settled settled)
{
    static const struct adapter_item items[] = {
        [SETTLED_NOT] = {.outcome = ADAPTER_DONE},
        [SETTLED] = {.outcome = ADAPTER_DONE, .number = 1},
        [SETTLED_GONE] = {.outcome = ADAPTER_REFUSED, .error = ADAPTER_ERROR_OTHER},
        [SETTLED_UNKNOWN] = {.outcome = ADAPTER_UNKNOWN, .error = ADAPTER_ERROR_CONNECTION},
    };

    return items[settled];
}

/* Nobody knows whether it was settled: who asks again gets the server's answer, not the book's. */
static void doubt(const struct settling *settling, const struct adapter_text *id)
{
    book_lock();
    book_doubt(settling->group->book, name_sequence(settling->stream, id));
    book_unlock();
}

static struct finding *ask_book(const struct settling *settling, const struct adapter_call *call)
{
    struct finding *findings = calloc(call->item_count + 1, sizeof(*findings));

    book_lock();
    for (size_t i = 0; i < call->item_count; i++) {
        struct finding *finding = &findings[i];

        finding->sequence = name_sequence(settling->stream, &call->items[i]);
        finding->answer = finding->sequence
                              ? book_settle(settling->session, settling->group->book,
                                            finding->sequence, settling->is_nack, &finding->hand)
                              : BOOK_UNKNOWN;
    }
    book_unlock();
    return findings;
}

/* Before anything is settled: else it could be served again. */
static void strike_from_rolls(const struct settling *settling, const struct finding *findings,
                              size_t count)
{
    const char *member = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct hand *hand = &findings[i].hand;

        if (findings[i].answer != BOOK_YES || !hand->is_on_roll || hand->member == member)
            continue;
        member = hand->member;
        roll_write(settling->session, settling->stream, settling->group, member);
    }
}

/* What went wrong at the end makes everything before it doubtful. */
static void blame_end(struct adapter_item *items, size_t count, enum settled last)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].number)
            items[i] = item_of(last);
}

/* Gives the worst.  Where the last was not ours, the others were not waited for yet. */
static enum settled settle_all(const struct settling *settling, const struct finding *findings,
                               size_t count, struct adapter_item *items)
{
    enum settled last = SETTLED_NOT, worst = SETTLED_NOT;

    strike_from_rolls(settling, findings, count);
    for (size_t i = 0; i < count; i++) {
        last = settle_one(settling, &findings[i], i + 1 == count);
        items[i] = item_of(last);
        worst = last > worst ? last : worst;
    }
    if (last == SETTLED_NOT && count > 1 &&
        natsConnection_FlushTimeout(settling->session->connection,
                                    connection_left_ms(settling->session)) != NATS_OK)
        last = SETTLED_UNKNOWN;
    if (last > SETTLED)
        blame_end(items, count, last);
    return last > worst ? last : worst;
}

static void doubt_failed(const struct settling *settling, const struct adapter_call *call,
                         const struct adapter_item *items)
{
    for (size_t i = 0; i < call->item_count; i++)
        if (items[i].outcome != ADAPTER_DONE)
            doubt(settling, &call->items[i]);
}

static void settle(struct adapter_session *session, struct adapter_call *call, const char *word,
                   int is_nack)
{
    struct settling settling = {.session = session, .word = word, .is_nack = is_nack};
    struct adapter_item *items, whole;
    struct finding *findings;
    enum settled settled;

    if (!connection_begin(session, call)) {
        answer_unsent(session, call);
        return;
    }
    settling.stream = known_stream(session->instance, call->stream);
    settling.group = known_group(session->instance, settling.stream, call->group);
    items = calloc(call->item_count + 1, sizeof(*items));
    findings = ask_book(&settling, call);
    do /* to say it twice changes nothing */
        settled = settle_all(&settling, findings, call->item_count, items);
    while (settled == SETTLED_UNKNOWN && connection_again(session, call));
    doubt_failed(&settling, call, items);
    whole = item_of(settled);
    answer_result(session, call,
                  (struct adapter_result){.outcome = whole.outcome,
                                          .error = whole.error,
                                          .attempts = 1,
                                          .items = items,
                                          .item_count = call->item_count});
    free(findings);
    free(items);
}

void ack(struct adapter_session *session, struct adapter_call *call)
{
    settle(session, call, "+ACK", 0);
}

void nack(struct adapter_session *session, struct adapter_call *call)
{
    char word[64] = "-NAK";

    if (session->instance->retry_ns)
        snprintf(word, sizeof(word), "-NAK {\"delay\": %llu}",
                 (unsigned long long)session->instance->retry_ns);
    settle(session, call, word, 1);
}
