/* channel_rules.c: which rules are in force on a channel, and what they make of a piece. */
#include "link/channel.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "link/match.h"
#include "link/watch.h"

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
    if (frame->is_whole && atomic_load(&channel->faults->is_watched))
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
