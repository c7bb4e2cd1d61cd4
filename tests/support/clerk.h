/* clerk.h: sessions of one inline broker in virtual time, for tests that do one thing after the
   other. */
#ifndef SUPPORT_CLERK_H
#define SUPPORT_CLERK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter.h"

#define MS 1000000u /* nanoseconds */

/* A broker and its loop. */
struct shop {
    struct loop *loop;
    struct host *host;
    struct adapter_instance *instance;
    uint64_t stop_count;
};

struct clerk_entry {
    char id[64];
    char *payload; /* NUL-terminated */
    uint32_t attempt, flags;
};

/* What the last answer said; lives until the clerk's next one. */
struct clerk_answer {
    uint32_t outcome, error;
    int64_t number;
    struct clerk_entry *entries;
    size_t entry_count;
    struct adapter_item *items; /* ids are in item_ids */
    char (*item_ids)[64];
    size_t item_count;
    char *text;
};

/* One session. */
struct clerk {
    struct shop *shop;
    struct host *host;
    struct adapter_session *session;
    struct adapter_call call;
    struct clerk_answer answer;
    char (*held)[64]; /* ids of the last read that gave any */
    size_t held_count;
    bool is_done;
    size_t delivered_count; /* by subscribe */
    char delivered[256];    /* the last payload */
};

/* Options are key, value, ..., NULL; a value as in a scenario. */
void shop_open(struct shop *shop, const char *const *options);
void shop_close(struct shop *shop);
/* Let so much time pass. */
void shop_wait(struct shop *shop, uint64_t ns);
uint64_t shop_now_ns(const struct shop *shop);

/* consumer: NULL for a unique name. */
void clerk_open(struct clerk *clerk, struct shop *shop, const char *consumer);
void clerk_close(struct clerk *clerk);
void clerk_abandon(struct clerk *clerk);

/* Start a call; then wait until it is answered. */
void clerk_begin(struct clerk *clerk, struct adapter_call call);
const struct clerk_answer *clerk_finish(struct clerk *clerk);
const struct clerk_answer *clerk_do(struct clerk *clerk, struct adapter_call call);

/* Short forms.  clerk_publish gives the id, in one of a few buffers used in turn. */
const char *clerk_publish(struct clerk *clerk, const char *stream, const char *payload);
/* `count` messages {"n": first}, {"n": first + 1}, ... */
void clerk_publish_many(struct clerk *clerk, const char *stream, size_t first, size_t count);
const struct clerk_answer *clerk_read(struct clerk *clerk, const char *stream, const char *group,
                                      int64_t count);
/* The number n of the next message, or -1 when there is none. */
int clerk_next(struct clerk *clerk, const char *stream, const char *group);
const struct clerk_answer *clerk_read_blocking(struct clerk *clerk, const char *stream,
                                               const char *group, int64_t count,
                                               int64_t duration_ms);
bool clerk_ack(struct clerk *clerk, const char *stream, const char *group, const char *id);
bool clerk_nack(struct clerk *clerk, const char *stream, const char *group, const char *id);
/* Ack everything of the last read that gave any. */
void clerk_ack_all(struct clerk *clerk, const char *stream, const char *group);
/* Read everything there is, acking; how many. */
size_t clerk_drain(struct clerk *clerk, const char *stream, const char *group);
/* The number of an operation that needs a stream and perhaps a group. */
int64_t clerk_ask(struct clerk *clerk, enum adapter_operation operation, const char *stream,
                  const char *group);
/* The number of the answer to an operation on a stream that has an id or queue as its item. */
int64_t clerk_ask_item(struct clerk *clerk, enum adapter_operation operation, const char *stream,
                       const char *item);
/* The text of health_stats, info. */
const char *clerk_text(struct clerk *clerk, enum adapter_operation operation);
/* The entries of a read as text: "1 2 3" are the numbers n; in one of a few buffers. */
const char *clerk_numbers(const struct clerk_answer *answer);

#endif
