/* redis_desk.h: one session of a Redis adapter on a loop of its own, for tests that do one thing
   after the other. */
#ifndef SUPPORT_REDIS_DESK_H
#define SUPPORT_REDIS_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter.h"
#include "base/log.h"
#include "support/cut_host.h"

#define DESK_ENTRY_MAX 2000

/* What an answer said, copied. */
struct desk_answer {
    uint32_t outcome, error, attempts, flags;
    int64_t number;
    size_t entry_count, item_count;
    char detail[400];
    char *text; /* the answer's text, NUL-terminated; lives until the next answer */
    struct {
        char id[64];
        char *payload; /* likewise */
        uint32_t attempt, flags;
    } entries[DESK_ENTRY_MAX];
    struct adapter_item items[DESK_ENTRY_MAX]; /* ids are not kept */
    char ids[DESK_ENTRY_MAX][64];
};

struct desk {
    const struct broker_adapter *adapter;
    struct loop *loop;
    struct link_dialer *dialer;
    struct host *host;
    struct cut_host cut; /* what the session is given */
    struct log log;
    char log_text[16384]; /* every line that was logged */
    struct adapter_instance *instance;
    struct adapter_session *session;
    bool owns_instance;
    struct desk_answer answer;
    size_t delivered; /* by subscribe */
    char delivered_payload[256];
    bool is_done;
};

/* Options are key, value, ..., NULL.  -1 when the adapter refuses; the reason is in answer.detail.
 */
int desk_open(struct desk *desk, const struct broker_adapter *adapter, const char *uri,
              const char *consumer, const char *const *options);
/* Another session of the same instance, on its own loop. */
int desk_join(struct desk *desk, struct desk *other, const char *consumer);
void desk_close(struct desk *desk);
void desk_abandon(struct desk *desk);

/* Start a call and turn the loop until it is answered. */
const struct desk_answer *desk_do(struct desk *desk, struct adapter_call *call);
/* Start a call and leave it; desk_finish turns the loop until it is answered. */
void desk_begin(struct desk *desk, struct adapter_call *call);
const struct desk_answer *desk_finish(struct desk *desk);
/* Turn the loop for so long. */
void desk_wait(struct desk *desk, uint64_t ns);

/* Short forms. */
const struct desk_answer *desk_publish(struct desk *desk, const char *stream, const char *payload);
const struct desk_answer *desk_read(struct desk *desk, const char *stream, const char *group,
                                    int64_t count);
const struct desk_answer *desk_read_blocking(struct desk *desk, const char *stream,
                                             const char *group, int64_t count, int64_t duration_ms);
const struct desk_answer *desk_ack(struct desk *desk, const char *stream, const char *group,
                                   const char *id);
const struct desk_answer *desk_nack(struct desk *desk, const char *stream, const char *group,
                                    const char *id);
/* An operation that needs a stream and perhaps a group only. */
const struct desk_answer *desk_ask(struct desk *desk, enum adapter_operation operation,
                                   const char *stream, const char *group);

#endif
