/* book.c: what the sessions of this process have in hand.  The server answers an acknowledgement
   alike whether it changed anything or not; the book knows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"

static struct book *books;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards all books */

void book_lock(void)
{
    pthread_mutex_lock(&mutex);
}

void book_unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

/* --- Hands -------------------------------------------------------------------------------------
 */

static struct hand **find_hand(struct book *book, uint64_t sequence)
{
    struct hand **place = &book->hands[sequence % TABLE_SIZE];

    while (*place && (*place)->sequence != sequence)
        place = &(*place)->next;
    return place;
}

static void let_go(struct hand **place)
{
    struct hand *hand = *place;

    *place = hand->next;
    free(hand);
}

void book_take(const struct adapter_session *session, struct book *book, const char *consumer,
               const struct hand *taken)
{
    struct hand **place = find_hand(book, taken->sequence);
    int is_new = !*place;

    if (is_new)
        *place = calloc(1, sizeof(**place));
    struct hand *hand = *place, before = *hand;
    *hand = *taken;
    hand->next = before.next;
    hand->taken_ns = session->host->now_ns(session->host);
    hand->is_nacked = 0;
    hand->member = name_know(&book->members, &book->member_count, consumer);
    hand->owner = name_know(&book->members, &book->member_count, session->name);
    hand->before = before.owner == hand->owner ? before.before : before.owner;
}

void book_empty(struct book *book)
{
    for (size_t i = 0; i < TABLE_SIZE; i++)
        while (book->hands[i])
            let_go(&book->hands[i]);
    memset(book->settled, 0, sizeof(book->settled));
    book->deliveries = book->top = 0;
}

/* Nobody else can have it: its time is not over, with a margin for clocks and wires. */
static int is_ours(const struct adapter_session *session, const struct hand *hand)
{
    uint64_t age_ns = hand ? session->host->now_ns(session->host) - hand->taken_ns : 0;

    return hand && age_ns < session->instance->redelivery_ns / 10 * 9;
}

/* By name: reading and settling may be two sessions of one name. */
static int was_let_go(const struct adapter_session *session, const struct hand *hand)
{
    return hand->before && strcmp(hand->before, session->name) == 0;
}

int book_was_settled(const struct book *book, uint64_t sequence)
{
    for (size_t i = 0; i < RING_SIZE; i++)
        if (book->settled[i] == sequence)
            return 1;
    return 0;
}

/* Who has let it go to another comes too late; and a second nack says nothing new. */
enum book_answer book_settle(const struct adapter_session *session, struct book *book,
                             uint64_t sequence, int is_nack, struct hand *ret_hand)
{
    struct hand **place = find_hand(book, sequence);

    if (!is_ours(session, *place))
        return BOOK_UNKNOWN;
    if (was_let_go(session, *place) || (is_nack && (*place)->is_nacked))
        return BOOK_NO;
    *ret_hand = **place;
    if (is_nack) {
        (*place)->is_nacked = 1;
    } else {
        book->settled[book->settled_count++ % RING_SIZE] = sequence;
        let_go(place);
    }
    return BOOK_YES;
}

void book_doubt(struct book *book, uint64_t sequence)
{
    struct hand *hand = *find_hand(book, sequence);

    if (hand)
        hand->is_nacked = 0;
    for (size_t i = 0; i < RING_SIZE; i++)
        if (book->settled[i] == sequence)
            book->settled[i] = 0;
}

/* A consumer that was made again counts from one again. */
void book_note(struct book *book, const struct adapter_session *session, const struct hand *taken)
{
    if (taken->delivery == book->deliveries + 1 || taken->delivery == 1)
        book->deliveries = taken->delivery;
    if (!book->reader)
        book->reader = session->number;
    book->is_shared |= book->reader != session->number;
    book_raise(book, taken->sequence);
}

void book_note_all(struct book *book, uint64_t deliveries)
{
    if (book->deliveries < deliveries)
        book->deliveries = deliveries;
}

void book_raise(struct book *book, uint64_t top)
{
    if (book->top < top)
        book->top = top;
}

/* --- What a name had in hand ---------------------------------------------------------------------
 */

static int by_sequence(const void *left, const void *right)
{
    const struct hand *a = left, *b = right;

    return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

struct hand *book_of(const struct adapter_session *session, const struct book *book,
                     const char *consumer, uint64_t before_ns, size_t *ret_count)
{
    struct hand *own = NULL;
    size_t count = 0;

    for (size_t i = 0; i < TABLE_SIZE; i++)
        for (const struct hand *hand = book->hands[i]; hand; hand = hand->next) {
            if (strcmp(hand->member, consumer) != 0 || hand->is_nacked ||
                hand->taken_ns >= before_ns || !is_ours(session, hand))
                continue;
            own = realloc(own, (count + 1) * sizeof(*own));
            own[count++] = *hand;
        }
    if (count > 0)
        qsort(own, count, sizeof(*own), by_sequence);
    *ret_count = count;
    return own;
}

int book_knows(struct book *book, uint64_t sequence)
{
    return *find_hand(book, sequence) || book_was_settled(book, sequence);
}

/* --- Books -------------------------------------------------------------------------------------
 */

static struct book *find_book(const char *key)
{
    struct book *book = books;

    while (book && strcmp(book->key, key) != 0)
        book = book->next;
    if (book)
        return book;
    book = calloc(1, sizeof(*book));
    book->key = strdup(key);
    book->next = books;
    return books = book;
}

struct book *book_open(const char *uri, const char *stream, const char *group)
{
    char *key = NULL;
    struct book *book;

    (void)!asprintf(&key, "%s\n%s\n%s", uri, stream, group);
    book_lock();
    book = find_book(key);
    book->users++;
    book_unlock();
    free(key);
    return book;
}

static void free_book(struct book *book)
{
    struct book **place = &books;

    while (*place != book)
        place = &(*place)->next;
    *place = book->next;
    book_empty(book);
    name_free_all(book->members, book->member_count);
    free(book->key);
    free(book);
}

void book_close(struct book *book)
{
    book_lock();
    if (--book->users == 0)
        free_book(book);
    book_unlock();
}
