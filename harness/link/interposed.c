/* interposed.c: the dialer that puts channels between adapters and another dialer, inside the
   process: the near end is the link that the adapter gets. */
#include <stdlib.h>

#include "base/memory.h"
#include "link/channel.h"

struct faulty_dialer {
    struct link_dialer dialer; /* first member */
    struct link_dialer *beneath;
    struct link_faults *faults;
};

static struct channel *channel_of(struct link *link)
{
    return (struct channel *)link;
}

static void flush(struct link *link)
{
    channel_send(channel_of(link), &link->queue);
}

/* What is queued goes first, unless the end is a crash. */
static void close_near(struct link *link, enum link_ending ending)
{
    if (ending == LINK_GRACEFUL && link->state == LINK_OPEN && queue_size(&link->queue) > 0)
        flush(link);
    channel_close(channel_of(link), ending);
}

static void free_near(struct link *link)
{
    free(link);
}

static const struct link_kind near_kind = {
    .flush = flush,
    .close = close_near,
    .free = free_near,
};

static bool tell_opened(struct channel *channel)
{
    return link_tell_opened(&channel->link);
}

static bool tell_received(struct channel *channel, const char *bytes, size_t size)
{
    return link_tell_received(&channel->link, bytes, size);
}

static void tell_end(struct channel *channel, int error_number, const char *reason)
{
    link_tell_closed(&channel->link, error_number, reason);
}

static const struct channel_near near_in_process = {
    .opened = tell_opened,
    .deliver = tell_received,
    .end = tell_end,
};

static struct link *dial(struct link_dialer *base, struct loop *loop, const char *address,
                         const char *name, const struct link_events *events, void *context)
{
    struct faulty_dialer *dialer = (struct faulty_dialer *)base;
    struct channel *channel = memory_new(1, sizeof(*channel));
    const struct channel_plan plan = {.faults = dialer->faults,
                                      .beneath = dialer->beneath,
                                      .loop = loop,
                                      .name = name,
                                      .address = address,
                                      .near = &near_in_process};

    link_init(&channel->link, &near_kind, loop);
    channel->link.events = *events;
    channel->link.context = context;
    channel_open(channel, &plan);
    return &channel->link;
}

static void free_dialer(struct link_dialer *base)
{
    struct faulty_dialer *dialer = (struct faulty_dialer *)base;

    link_dialer_free(dialer->beneath);
    free(dialer);
}

static const struct link_dialer_kind faulty_dialer_kind = {
    .dial = dial,
    .free = free_dialer,
};

struct link_dialer *link_dialer_faulty_new(struct link_dialer *beneath, struct link_faults *faults)
{
    struct faulty_dialer *dialer = memory_new(1, sizeof(*dialer));

    dialer->dialer.kind = &faulty_dialer_kind;
    dialer->beneath = beneath;
    dialer->faults = faults;
    return &dialer->dialer;
}
