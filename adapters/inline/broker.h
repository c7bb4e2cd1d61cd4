/* broker.h: the broker itself: what its sessions share, all of it under one lock, which is taken
   once per call and never held while a caller is told. */
#ifndef INLINE_BROKER_H
#define INLINE_BROKER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "adapter.h"
#include "adapters/inline/segment.h"
#include "adapters/inline/settings.h"
#include "base/map.h"
#include "base/text.h"

struct inline_stream;
struct inline_subscription;

struct inline_broker {
    struct inline_settings settings; /* these never change */
    struct adapter_profile profile;
    uint64_t key; /* of ids */
    uint64_t created_ns;

    pthread_mutex_t mutex; /* guards all that follows */
    struct map streams;    /* name -> stream */
    uint64_t stream_serial, group_serial, session_serial;
    struct inline_pool pool;
    struct inline_subscription *subscriptions;
    struct map categories;  /* name -> map of partition keys */
    struct map leases;      /* name -> lease */
    struct map generations; /* name -> counter */
    struct text scratch;
    bool was_pinged;
};

/* The port's name for it. */
struct adapter_instance {
    struct inline_broker broker;
};

void inline_broker_init(struct inline_broker *broker, const struct adapter_host *host,
                        const struct adapter_config *config);
void inline_broker_release(struct inline_broker *broker);

struct inline_stream *inline_broker_stream(const struct inline_broker *broker, const char *name);
struct inline_stream *inline_broker_make_stream(struct inline_broker *broker, const char *name);
/* Remove the stream and all that belongs to it; false when there is none. */
bool inline_broker_remove_stream(struct inline_broker *broker, const char *name);
/* Everything: streams, partitions, leases. */
void inline_broker_reset(struct inline_broker *broker);
/* A session ends: what it held in any group is kept for its name for a while. */
void inline_broker_leave(struct inline_broker *broker, uint64_t session, uint64_t now_ns);

#endif
