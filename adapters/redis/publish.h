/* publish.h: publishing, the same for all the Redis adapters but for the command and the envelope
 * (kind.h). */
#ifndef REDIS_PUBLISH_H
#define REDIS_PUBLISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter.h"
#include "session.h"

/* A stream that this session publishes to. */
struct redis_stream {
    char *name;
    char *head; /* of its command, up to the payload */
    size_t head_size;
    bool is_reserved;
    uint32_t epoch; /* of the instance's names, when this one was noted */
};

adapter_start redis_publish;
void redis_streams_free(struct redis_session *session);

#endif
