/* watch.c: what passes on the links, for whoever wants to list it. */
#include "link/watch.h"

#include "link/match.h"
#include "link/operation.h"

/* The one operation that it can be, or none. */
static const char *name_operation(const struct frame *frame)
{
    uint64_t operations = frame->operations;

    if (frame->command && (frame->command->operations & operations))
        operations &= frame->command->operations;
    else if (frame->command && (frame->command->operations || !operations))
        operations = frame->command->operations;
    for (int i = 0; i < OPERATION_MAX; i++)
        if (operations == 1ull << i)
            return operation_name(i);
    return NULL;
}

void watch_frame(struct channel *channel, const struct frame *frame)
{
    const struct link_watcher *watcher = &channel->faults->watcher;
    struct link_exchange exchange = {.link = channel->name,
                                     .index = frame->index,
                                     .number = frame->number,
                                     .turn = frame->turn,
                                     .is_reply = frame->way == WAY_DOWN,
                                     .command = frame->word,
                                     .op = name_operation(frame),
                                     .size = frame->size,
                                     .delivers = frame->delivers};

    exchange.has_message = match_first_message(frame, &exchange.track, &exchange.sequence);
    watcher->exchanged(watcher->context, &exchange);
}
