/* exchange.h: requests that wait for their replies, in the order in which they were sent.  Private
   to this room. */
#ifndef LINK_EXCHANGE_H
#define LINK_EXCHANGE_H

#include "link/command.h"
#include "link/resp.h"

struct exchange {
    const struct command *command;
    char word[RESP_WORD_SIZE]; /* as it was sent */
    uint64_t operations;       /* what the owner was doing: bits */
    uint64_t claims;           /* those of them that are surely this request's */
    uint64_t index;            /* from 1, within the link's name, over all its connections */
    uint64_t number, turn;     /* of its command (tally.h) */
    uint32_t reply_count;      /* still to come */
    bool is_open;              /* the tally waits for its reply */
    bool is_swallowed;         /* the adapter never asked: its reply is not for it */
    char *forged;              /* the reply to give instead; nothing was sent */
    char *request;             /* kept for rules that need it when the reply comes; or NULL */
    size_t request_size;
};

/* Zero-initialised is empty. */
struct exchange_queue {
    struct exchange *items;
    size_t head, count, capacity; /* capacity: a power of two */
};

/* Gives a place at the end, zeroed; it moves when another is pushed. */
struct exchange *exchange_push(struct exchange_queue *queue);
struct exchange *exchange_first(const struct exchange_queue *queue); /* NULL when empty */
struct exchange *exchange_last(const struct exchange_queue *queue);
/* Take the first or the last one out; the caller releases it. */
struct exchange exchange_pop(struct exchange_queue *queue);
struct exchange exchange_unpush(struct exchange_queue *queue);
void exchange_release(struct exchange *exchange);
void exchange_queue_release(struct exchange_queue *queue);

#endif
