/* frames.h: a channel's bytes as requests and replies.  Private to this room.

   Redis is understood: its frames are followed, and each reply is known to belong to a request.  Of
   any other protocol, what one side says in one go counts as a request or a reply of whatever the
   owner of the link is doing. */
#ifndef LINK_FRAMES_H
#define LINK_FRAMES_H

#include "link/exchange.h"
#include "link/queue.h"
#include "link/way.h"

enum frames_protocol { FRAMES_UNKNOWN /* nothing was said yet */, FRAMES_REDIS, FRAMES_OTHER };

struct frames {
    enum frames_protocol protocol;
    struct resp_scanner scanners[WAY_COUNT];
    struct link_queue partial[WAY_COUNT]; /* the beginning of a frame that a rule may want */
    struct exchange_queue exchanges;
    bool is_subscribed; /* replies may come that nobody asked for */
};

/* Take bytes; each frame, or the bytes as they are, goes to channel_decide. */
void frames_take(struct channel *channel, enum way way, const char *bytes, size_t size);
/* What was decided about the request that was just decided on. */
void frames_settle_request(struct channel *channel, const struct piece *piece);
void frames_release(struct channel *channel);

#endif
