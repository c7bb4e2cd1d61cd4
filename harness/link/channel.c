/* channel.c: bytes in both directions, past the rules that are in force. */
#include "link/channel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "link/match.h"
#include "link/watch.h"

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

/* --- Hits ------------------------------------------------------------------------------------ */

static const char *what_was_hit(const struct frame *frame, char text[128])
{
    const char *part = frame->way == WAY_UP ? "request" : "reply";

    if (frame->word)
        (void)snprintf(text, 128, "%s of %s, %zu bytes", part, frame->word, frame->size);
    else
        (void)snprintf(text, 128, "%zu bytes %s the broker", frame->size,
                       frame->way == WAY_UP ? "to" : "from");
    return text;
}

/* frame: NULL when the link itself was hit. */
static void tell(struct channel *channel, const struct filter *filter, const struct frame *frame)
{
    char text[128];
    struct link_hit hit = {
        .at_ns = channel_now(channel), .link = channel->name, .what = "the connection"};

    if (!filter->rule->fired)
        return;
    if (frame) {
        hit.what = what_was_hit(frame, text);
        hit.op = frame->word;
        hit.exchange = frame->index;
        hit.has_message = match_first_message(frame, &hit.track, &hit.sequence);
        if (hit.has_message && filter->rule->match.has_message) {
            hit.track = filter->rule->match.track;
            hit.sequence = filter->rule->match.sequence;
        }
    }
    rule_tell(filter->rule, &hit);
}

/* --- Rules in force -------------------------------------------------------------------------- */

static struct filter *find_filter(const struct channel *channel, const struct rule *rule)
{
    struct filter *filter = channel->filters;

    while (filter && (filter->rule != rule || filter->is_over))
        filter = filter->next;
    return filter;
}

static void add_filter(struct channel *channel, struct rule *rule)
{
    struct filter *filter = memory_new(1, sizeof(*filter)), **at = &channel->filters;

    *filter = (struct filter){.rule = rule, .is_new = true};
    while (*at && (*at)->rule->number < rule->number)
        at = &(*at)->next;
    filter->next = *at;
    *at = filter;
}

static void collect(struct channel *channel)
{
    struct link_faults *faults = channel->faults;

    pthread_mutex_lock(&faults->mutex);
    channel->generation = atomic_load(&faults->generation);
    for (struct filter *filter = channel->filters; filter; filter = filter->next)
        filter->is_over |= !filter->rule->is_armed;
    for (struct rule *rule = faults->rules; rule; rule = rule->next)
        if (rule->is_armed && match_link(rule, channel->name) && !find_filter(channel, rule))
            add_filter(channel, rule);
    pthread_mutex_unlock(&faults->mutex);
}

static void end_filter(struct channel *channel, struct filter *filter)
{
    filter->is_ended = true;
    if (filter->rule->fault->end)
        filter->rule->fault->end(channel, filter);
    lane_let_go(&channel->lanes[WAY_UP], filter);
    lane_let_go(&channel->lanes[WAY_DOWN], filter);
}

static void take_up_filter(struct channel *channel, struct filter *filter)
{
    const struct link_fault *fault = filter->rule->fault;

    filter->is_new = false;
    if (!filter->rule->has_moment && filter->rule->match.edge != LINK_EDGE_CONNECT && fault->arrive)
        fault->arrive(channel, filter);
}

void channel_refresh(struct channel *channel)
{
    struct filter *filter;

    channel_enter(channel);
    collect(channel);
    for (filter = channel->filters; filter && !channel->is_closed; filter = filter->next) {
        if (filter->is_over && !filter->is_ended)
            end_filter(channel, filter);
        else if (filter->is_new && !filter->is_over)
            take_up_filter(channel, filter);
    }
    channel_leave(channel);
}

static bool is_fresh(const struct channel *channel)
{
    return channel->generation ==
           atomic_load_explicit(&channel->faults->generation, memory_order_relaxed);
}

bool channel_hit(struct channel *channel, struct filter *filter)
{
    if (!rule_claim(channel->faults, filter->rule))
        return false;
    tell(channel, filter, NULL);
    return true;
}

void channel_begin(struct channel *channel, struct filter *filter)
{
    if (!rule_claim(channel->faults, filter->rule))
        return;
    filter->is_on = true;
    if (filter->rule->fault->begin)
        filter->rule->fault->begin(channel, filter);
    tell(channel, filter, NULL);
}

bool channel_wants_frames(const struct channel *channel)
{
    for (const struct filter *filter = channel->filters; filter; filter = filter->next)
        if (!filter->is_over &&
            (filter->rule->has_moment || (filter->rule->fault->traits & FAULT_NEEDS_FRAMES)))
            return true;
    return channel->faults->watcher.exchanged != NULL;
}

bool channel_wants_requests(const struct channel *channel)
{
    for (const struct filter *filter = channel->filters; filter; filter = filter->next) {
        const struct link_match *match = &filter->rule->match;

        if (!filter->is_over && match->edge != LINK_EDGE_REQUEST &&
            (match->has_message || match->carries || match->attempt))
            return true;
    }
    return channel->faults->watcher.exchanged != NULL;
}

/* --- Deciding on a piece --------------------------------------------------------------------- */

/* Is this piece one of those that the rule is about?  Does not count it yet. */
static bool is_meant(struct channel *channel, const struct filter *filter,
                     const struct frame *frame)
{
    struct rule *rule = filter->rule;
    unsigned traits = rule->fault->traits;

    if (rule->has_moment || (traits & FAULT_NEEDS_FRAMES))
        return frame->is_whole && (frame->command || !(traits & FAULT_NEEDS_REPLIES)) &&
               match_frame(channel->faults, rule, frame);
    return rule->match.edge != LINK_EDGE_CONNECT;
}

static void ask_filter(struct channel *channel, struct filter *filter, struct piece *piece)
{
    const struct link_fault *fault = filter->rule->fault;
    bool lasts = fault->traits & (filter->rule->has_moment ? FAULT_STAYS : FAULT_LASTS);

    if (filter->is_on) {
        fault->pass(channel, filter, piece);
        return;
    }
    if (!is_meant(channel, filter, piece->frame) || !rule_claim(channel->faults, filter->rule))
        return;
    filter->is_on = lasts;
    if (lasts && fault->begin)
        fault->begin(channel, filter);
    fault->pass(channel, filter, piece);
    tell(channel, filter, piece->frame);
}

void channel_decide(struct channel *channel, const struct frame *frame)
{
    struct piece piece = {
        .frame = frame, .bytes = frame->bytes, .size = frame->size, .cut = CHANNEL_GOES_ON};

    channel_enter(channel);
    if (frame->is_whole && channel->faults->watcher.exchanged)
        watch_frame(channel, frame);
    for (struct filter *filter = channel->filters; filter && !channel->is_closed;
         filter = filter->next)
        if (!filter->is_over && !filter->is_spent && filter->rule->fault->pass)
            ask_filter(channel, filter, &piece);
    if (!channel->is_closed && !channel->is_cut) {
        if (frame->is_whole && frame->way == WAY_UP)
            frames_settle_request(channel, &piece);
        lane_take(&channel->lanes[frame->way], &piece);
    }
    free(piece.changed);
    channel_leave(channel);
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

/* Must somebody look at the bytes? */
static bool is_plain(struct channel *channel, enum way way)
{
    if (!is_fresh(channel))
        channel_refresh(channel);
    return !channel->filters && !channel->faults->plan.reads_frames && !channel->lanes[way].first;
}

static void take(struct channel *channel, enum way way, const char *bytes, size_t size)
{
    struct frame raw = {.way = way, .bytes = bytes, .size = size};

    channel_enter(channel);
    if (channel->is_cut || channel->is_closed)
        ; /* into the void */
    else if (channel->faults->plan.reads_frames)
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
