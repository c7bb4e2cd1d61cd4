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

/* Two live in one piece of memory: the link, and the channel behind it. */
struct interposed {
    struct channel channel; /* first member */
    bool is_link_done, is_channel_done;
};

static struct channel *channel_of(struct link *link)
{
    return (struct channel *)link;
}

/* --- The link, as its owner uses it ---------------------------------------------------------- */

static void flush(struct link *link)
{
    channel_send(channel_of(link), &link->queue);
}

/* What is queued goes first, unless the end is a crash. */
static void close_near(struct link *link, enum link_ending ending)
{
    struct channel *channel = channel_of(link);

    channel_enter(channel);
    if (ending == LINK_GRACEFUL && link->state == LINK_OPEN && !link->is_blocked &&
        queue_size(&link->queue) > 0)
        flush(link);
    channel_close(channel, ending);
    channel_leave(channel);
}

static void free_if_done(struct interposed *interposed)
{
    if (interposed->is_link_done && interposed->is_channel_done)
        free(interposed);
}

static void free_link(struct link *link)
{
    struct interposed *interposed = (struct interposed *)link;

    interposed->is_link_done = true;
    free_if_done(interposed);
}

static const struct link_kind near_kind = {
    .flush = flush,
    .close = close_near,
    .free = free_link,
};

/* --- The channel's way to it ----------------------------------------------------------------- */

static void tell_opened(struct channel *channel)
{
    link_tell_opened(&channel->link);
}

static void tell_received(struct channel *channel, const char *bytes, size_t size)
{
    link_tell_received(&channel->link, bytes, size);
}

static void tell_end(struct channel *channel, int error_number, const char *reason)
{
    link_tell_closed(&channel->link, error_number, reason);
}

static void pause_near(struct channel *channel, bool is_paused)
{
    channel->link.is_blocked = is_paused;
    if (!is_paused && channel->link.state == LINK_OPEN)
        link_flush_soon(&channel->link);
}

static void free_channel(struct channel *channel)
{
    struct interposed *interposed = (struct interposed *)channel;

    interposed->is_channel_done = true;
    free_if_done(interposed);
}

static const struct channel_near near_in_process = {
    .opened = tell_opened,
    .deliver = tell_received,
    .end = tell_end,
    .pause = pause_near,
    .free = free_channel,
};

/* --- The dialer ------------------------------------------------------------------------------ */

static struct link *dial(struct link_dialer *base, struct loop *loop, const char *address,
                         const char *name, const struct link_events *events, void *context)
{
    struct faulty_dialer *dialer = (struct faulty_dialer *)base;
    struct interposed *interposed = memory_new(1, sizeof(*interposed));
    struct link *link = &interposed->channel.link;
    const struct channel_plan plan = {.faults = dialer->faults,
                                      .beneath = dialer->beneath,
                                      .name = name,
                                      .address = address,
                                      .near = &near_in_process};

    link_init(link, &near_kind, loop);
    link->events = *events;
    link->context = context;
    channel_open(&interposed->channel, &plan);
    return link;
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
