/* channel.c: bytes in both directions, past the rules that are in force. */
#include "link/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- Rules in force -------------------------------------------------------------------------- */

static bool has_filter(const struct channel *channel, const struct rule *rule)
{
    for (size_t i = 0; i < channel->filter_count; i++)
        if (channel->filters[i].rule == rule)
            return true;
    return false;
}

/* The rules that name this channel, oldest first, and how many of them are new to it. */
static size_t collect(struct channel *channel, struct filter **ret_filters)
{
    struct link_faults *faults = channel->faults;
    struct filter *filters = NULL;
    size_t count = 0;

    pthread_mutex_lock(&faults->mutex);
    for (struct rule *rule = faults->rules; rule; rule = rule->next) {
        if (!rule->is_armed || !rule_names_link(rule, channel->name))
            continue;
        filters = memory_grow(filters, count + 1, sizeof(*filters));
        filters[count++] = (struct filter){.rule = rule};
    }
    pthread_mutex_unlock(&faults->mutex);
    *ret_filters = filters;
    return count;
}

void channel_refresh(struct channel *channel)
{
    struct filter *filters, *old = channel->filters;
    uint64_t generation = atomic_load(&channel->faults->generation);
    bool *is_new;
    size_t count;

    if (channel->generation == generation)
        return;
    channel->generation = generation;
    count = collect(channel, &filters);
    is_new = memory_new(count + 1, sizeof(*is_new));
    for (size_t i = 0; i < count; i++)
        is_new[i] = !has_filter(channel, filters[i].rule);
    channel->filters = filters;
    channel->filter_count = count;
    free(old);
    for (size_t i = 0; i < count; i++)
        if (is_new[i] && filters[i].rule->fault->begin)
            filters[i].rule->fault->begin(channel, &filters[i]);
    free(is_new);
}

static bool is_fresh(const struct channel *channel)
{
    return channel->generation ==
           atomic_load_explicit(&channel->faults->generation, memory_order_relaxed);
}

/* --- Bytes ----------------------------------------------------------------------------------- */

/* When nothing waits at the far end the whole queue changes hands, and no byte is copied. */
void channel_send(struct channel *channel, struct link_queue *queue)
{
    if (!is_fresh(channel))
        channel_refresh(channel);
    if (channel->is_silent || !channel->far) {
        queue_clear(queue);
        return;
    }
    struct link *far = channel->far;
    if (queue_size(&far->queue) == 0 && far->state == LINK_OPEN) {
        struct link_queue empty = far->queue;

        far->queue = *queue;
        *queue = empty;
        far->kind->flush(far);
        return;
    }
    link_write(far, queue->data + queue->begin, queue_size(queue));
    queue_clear(queue);
}

static void on_opened(void *context)
{
    struct channel *channel = context;

    channel->near->opened(channel);
}

static void on_received(void *context, const char *bytes, size_t size)
{
    struct channel *channel = context;

    if (!is_fresh(channel))
        channel_refresh(channel);
    if (!channel->is_silent)
        channel->near->deliver(channel, bytes, size);
}

static void on_closed(void *context, int error_number, const char *reason)
{
    struct channel *channel = context;

    if (!channel->is_silent)
        channel->near->end(channel, error_number, reason);
}

/* --- Ending ---------------------------------------------------------------------------------- */

static void on_later(void *context)
{
    struct channel *channel = context;

    channel->near->end(channel, channel->error_number, channel->reason);
}

static void close_far(struct channel *channel, enum link_ending ending)
{
    link_close(channel->far, ending);
    channel->far = NULL;
}

void channel_cut(struct channel *channel, enum channel_end how)
{
    if (channel->is_silent)
        return;
    channel->is_silent = true;
    if (how == CHANNEL_SILENT)
        return;
    close_far(channel, how == CHANNEL_RST ? LINK_RESET : LINK_GRACEFUL);
    channel->error_number = how == CHANNEL_RST ? ECONNRESET : 0;
    channel->reason = link_reason(channel->error_number);
    loop_timer_start(channel->link.loop, &channel->later, 0, on_later, channel);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void enter_yard(struct channel *channel)
{
    struct yard *yard = channel->yard;

    channel->next = yard->channels;
    if (channel->next)
        channel->next->previous = channel;
    yard->channels = channel;
    atomic_fetch_add(&yard->channel_count, 1);
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
    atomic_fetch_sub(&yard->channel_count, 1);
}

void channel_open(struct channel *channel, const struct channel_plan *plan)
{
    static const struct link_events events = {on_opened, on_received, on_closed};

    channel->faults = plan->faults;
    channel->near = plan->near;
    channel->name = memory_string(plan->name ? plan->name : "");
    channel->address = memory_string(plan->address);
    channel->generation = UINT64_MAX;
    channel->yard = faults_yard(plan->faults, plan->loop);
    enter_yard(channel);
    atomic_fetch_add(&plan->faults->connection_count, 1);
    channel->far =
        link_dial(plan->beneath, plan->loop, plan->address, plan->name, &events, channel);
}

void channel_close(struct channel *channel, enum link_ending ending)
{
    loop_timer_stop(channel->link.loop, &channel->later);
    close_far(channel, ending);
    leave_yard(channel);
    free(channel->filters);
    channel->filters = NULL;
    channel->filter_count = 0;
    free(channel->name);
    free(channel->address);
    channel->name = channel->address = NULL;
}
