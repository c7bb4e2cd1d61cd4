/* channel.c: a channel dials, passes bytes in both directions, and ends. */
#include "link/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

uint64_t channel_now(const struct channel *channel)
{
    return loop_now_ns(channel->link.loop);
}

/* --- Nothing is freed while somebody walks --------------------------------------------------- */

static void free_filters(struct channel *channel, bool all)
{
    struct filter **at = &channel->filters;

    while (*at) {
        struct filter *filter = *at;

        if (all || filter->is_ended) {
            *at = filter->next;
            free(filter);
        } else {
            at = &filter->next;
        }
    }
}

static void free_channel(struct channel *channel)
{
    lane_release(&channel->lanes[WAY_UP]);
    lane_release(&channel->lanes[WAY_DOWN]);
    frames_release(channel);
    free_filters(channel, true);
    free(channel->name);
    free(channel->address);
    channel->near->free(channel);
}

void channel_enter(struct channel *channel)
{
    channel->depth++;
}

bool channel_leave(struct channel *channel)
{
    bool is_closed = channel->is_closed;

    if (--channel->depth > 0)
        return !is_closed;
    if (is_closed)
        free_channel(channel);
    else
        free_filters(channel, false);
    return !is_closed;
}

/* --- Bytes ----------------------------------------------------------------------------------- */

void channel_output(struct channel *channel, enum way way, const char *bytes, size_t size)
{
    if (channel->is_cut)
        return;
    if (way == WAY_DOWN)
        channel->near->deliver(channel, bytes, size);
    else if (channel->far)
        link_write(channel->far, bytes, size);
}

static bool is_fresh(const struct channel *channel)
{
    return channel->generation ==
           atomic_load_explicit(&channel->faults->generation, memory_order_relaxed);
}

/* Must somebody look at the bytes? */
static bool is_plain(struct channel *channel, enum way way)
{
    if (!is_fresh(channel))
        channel_refresh(channel);
    return !channel->filters && !channel->reads_frames && !channel->lanes[way].first;
}

static void take(struct channel *channel, enum way way, const char *bytes, size_t size)
{
    struct frame raw = {.way = way, .bytes = bytes, .size = size};

    channel_enter(channel);
    if (channel->is_cut || channel->is_closed)
        ; /* into the void */
    else if (channel->reads_frames)
        frames_take(channel, way, bytes, size);
    else
        channel_decide(channel, &raw);
    channel_leave(channel);
}

/* When nothing waits at the far end the whole queue changes hands, and no byte is copied. */
static void swap_queues(struct link_queue *queue, struct link *far)
{
    struct link_queue empty = far->queue;

    far->queue = *queue;
    *queue = empty;
    far->kind->flush(far);
}

void channel_send(struct channel *channel, struct link_queue *queue)
{
    struct link *far = channel->far;

    if (is_plain(channel, WAY_UP) && !channel->is_cut && far && far->state == LINK_OPEN &&
        queue_size(&far->queue) == 0) {
        swap_queues(queue, far);
        return;
    }
    struct link_queue taken = *queue; /* what is written meanwhile waits for the next turn */
    *queue = (struct link_queue){0};
    channel_enter(channel);
    take(channel, WAY_UP, taken.data + taken.begin, queue_size(&taken));
    if (channel->far)
        link_flush_now(channel->far);
    channel_leave(channel);
    queue_release(&taken);
}

void channel_send_bytes(struct channel *channel, const char *bytes, size_t size)
{
    if (is_plain(channel, WAY_UP) && !channel->is_cut && channel->far)
        link_write(channel->far, bytes, size);
    else
        take(channel, WAY_UP, bytes, size);
}

static void on_received(void *context, const char *bytes, size_t size)
{
    struct channel *channel = context;

    if (is_plain(channel, WAY_DOWN) && !channel->is_cut)
        channel->near->deliver(channel, bytes, size);
    else
        take(channel, WAY_DOWN, bytes, size);
}

void channel_pause(struct channel *channel, enum way way, bool is_paused)
{
    unsigned *pauses = &channel->pauses[way];
    bool was_paused = *pauses > 0;

    *pauses = is_paused ? *pauses + 1 : *pauses - 1;
    if ((*pauses > 0) == was_paused)
        return;
    if (way == WAY_UP)
        channel->near->pause(channel, is_paused);
    else if (channel->far && channel->far->kind->pause)
        channel->far->kind->pause(channel->far, is_paused);
}

/* --- Dialling and ending --------------------------------------------------------------------- */

static void run_later(void *context)
{
    struct channel *channel = context;

    channel_enter(channel);
    channel->on_later(channel);
    channel_leave(channel);
}

static void do_at(struct channel *channel, uint64_t due_ns, void (*what)(struct channel *channel))
{
    channel->on_later = what;
    loop_timer_start(channel->link.loop, &channel->later, due_ns, run_later, channel);
}

static void do_later(struct channel *channel, void (*what)(struct channel *channel))
{
    do_at(channel, 0, what);
}

static void tell_end(struct channel *channel)
{
    channel->near->end(channel, channel->error_number, link_reason(channel->error_number));
}

static void tell_opened(struct channel *channel)
{
    channel->is_told = true;
    channel->near->opened(channel);
}

static void on_opened(void *context)
{
    struct channel *channel = context;

    if (channel->pauses[WAY_DOWN] > 0 && channel->far->kind->pause)
        channel->far->kind->pause(channel->far, true);
    if (!channel->is_told)
        tell_opened(channel);
}

static void on_closed(void *context, int error_number, const char *reason)
{
    struct channel *channel = context;

    if (channel->is_cut)
        return;
    if (channel->lanes[WAY_DOWN].first)
        lane_take_end(&channel->lanes[WAY_DOWN], error_number);
    else
        channel->near->end(channel, error_number, reason);
}

void channel_dial(struct channel *channel)
{
    static const struct link_events events = {on_opened, on_received, on_closed};

    if (channel->far || channel->is_cut)
        return;
    channel->is_dialled = true;
    channel->far = link_dial(channel->beneath, channel->link.loop, channel->address, channel->name,
                             &events, channel);
}

void channel_fail(struct channel *channel, int error_number)
{
    channel->error_number = error_number;
    do_later(channel, tell_end);
}

void channel_pretend(struct channel *channel)
{
    do_later(channel, tell_opened);
}

void channel_dial_at(struct channel *channel, uint64_t due_ns)
{
    do_at(channel, due_ns, channel_dial);
}

static void open_and_cut(struct channel *channel)
{
    tell_opened(channel);
    if (!channel->is_closed)
        channel_cut(channel, channel->how);
}

void channel_accept_and_cut(struct channel *channel, enum channel_end how)
{
    channel->how = how;
    do_later(channel, open_and_cut);
}

static void close_far(struct channel *channel, enum link_ending ending)
{
    struct link *far = channel->far;

    channel->far = NULL;
    link_close(far, ending);
}

void channel_cut(struct channel *channel, enum channel_end how)
{
    if (channel->is_cut || channel->is_closed)
        return;
    channel->is_cut = true;
    if (how == CHANNEL_SILENT)
        return;
    close_far(channel, how == CHANNEL_RST ? LINK_RESET : LINK_GRACEFUL);
    channel_fail(channel, how == CHANNEL_RST ? ECONNRESET : 0);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void enter_yard(struct channel *channel)
{
    struct yard *yard = channel->yard;

    channel->next = yard->channels;
    if (channel->next)
        channel->next->previous = channel;
    yard->channels = channel;
    atomic_fetch_add(&yard->count, 1);
}

static void leave_yard(struct channel *channel)
{
    struct yard *yard = channel->yard;

    if (channel->next)
        channel->next->previous = channel->previous;
    if (channel->previous)
        channel->previous->next = channel->next;
    else
        yard->channels = channel->next;
    atomic_fetch_sub(&yard->count, 1);
}

/* "billing-2" of "billing-2.read". */
static struct link_owner *find_owner(struct link_faults *faults, const char *link)
{
    const char *dot = strrchr(link, '.');
    char *name = memory_format("%.*s", dot ? (int)(dot - link) : (int)strlen(link), link);
    struct link_owner *owner = link_faults_owner(faults, name);

    free(name);
    return owner;
}

static bool may_dial(struct channel *channel)
{
    bool may = true;

    for (struct filter *filter = channel->filters; filter; filter = filter->next)
        if (!filter->is_over && !filter->rule->has_moment && filter->rule->fault->dial && may)
            may = filter->rule->fault->dial(channel, filter);
    return may;
}

void channel_open(struct channel *channel, const struct channel_plan *plan)
{
    const char *name = plan->name ? plan->name : "";

    channel->faults = plan->faults;
    channel->beneath = plan->beneath;
    channel->near = plan->near;
    channel->reads_frames = plan->faults->plan.reads_frames && !plan->is_raw;
    channel->name = memory_string(name);
    channel->address = memory_string(plan->address);
    channel->shared = faults_name(plan->faults, name);
    channel->owner = find_owner(plan->faults, name);
    channel->yard = faults_yard(plan->faults, channel->link.loop);
    lane_init(&channel->lanes[WAY_UP], channel, WAY_UP);
    lane_init(&channel->lanes[WAY_DOWN], channel, WAY_DOWN);
    enter_yard(channel);
    atomic_fetch_add(&plan->faults->connection_count, 1);
    channel_enter(channel);
    channel_refresh(channel);
    if (!channel->is_closed && may_dial(channel))
        channel_dial(channel);
    channel_leave(channel);
}

void channel_close(struct channel *channel, enum link_ending ending)
{
    if (channel->is_closed)
        return;
    channel_enter(channel);
    if (ending == LINK_GRACEFUL && !channel->is_cut)
        lane_hurry(&channel->lanes[WAY_UP]);
    channel->is_closed = true;
    loop_timer_stop(channel->link.loop, &channel->later);
    loop_timer_stop(channel->link.loop, &channel->lanes[WAY_UP].timer);
    loop_timer_stop(channel->link.loop, &channel->lanes[WAY_DOWN].timer);
    close_far(channel, ending);
    leave_yard(channel);
    channel_leave(channel);
}
