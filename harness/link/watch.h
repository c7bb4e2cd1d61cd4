/* watch.h: telling of every request and reply that passes.  Private to this room. */
#ifndef LINK_WATCH_H
#define LINK_WATCH_H

#include "link/channel.h"

void watch_frame(struct channel *channel, const struct frame *frame);

#endif
