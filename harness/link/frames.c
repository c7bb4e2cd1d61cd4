/* frames.c: following the frames of a channel, or cutting its bytes into them. */
#include "link/frames.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "link/channel.h"
#include "link/operation.h"

/* --- Requests and their replies -------------------------------------------------------------- */

static uint32_t count_replies(struct frames *frames, const struct command *command)
{
    uint32_t count = frames->scanners[WAY_UP].element_count;

    if (!(command->traits & COMMAND_SUBSCRIBES))
        return 1;
    frames->is_subscribed = true;
    return count > 1 ? count - 1 : 1;
}

static struct exchange *note_request(struct channel *channel)
{
    struct frames *frames = &channel->frames;
    const struct resp_scanner *scanner = &frames->scanners[WAY_UP];
    struct exchange *exchange = exchange_push(&frames->exchanges);

    exchange->command = command_of_word(scanner->word, scanner->word_size);
    memcpy(exchange->word, scanner->word, scanner->word_size);
    exchange->operations = owner_operations(channel->owner);
    exchange->claims = exchange->operations & exchange->command->operations;
    owner_claim(channel->owner, exchange->claims, 1);
    tally_begin(channel->shared, exchange);
    exchange->reply_count = count_replies(frames, exchange->command);
    return exchange;
}

static bool is_push(const struct frames *frames)
{
    static const char *const words[] = {"message", "pmessage", "smessage"};
    const struct resp_scanner *scanner = &frames->scanners[WAY_DOWN];

    if (!frames->is_subscribed && scanner->type != '>')
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (scanner->word_size == strlen(words[i]) &&
            strncasecmp(scanner->word, words[i], scanner->word_size) == 0)
            return true;
    return scanner->type == '>' && !frames->is_subscribed;
}

static void end_exchange(struct channel *channel, struct exchange *exchange)
{
    tally_forget(channel->shared, exchange);
    owner_claim(channel->owner, exchange->claims, -1);
    exchange_release(exchange);
}

/* Does the reply that was just read bring something? */
static bool brings(const struct channel *channel, const struct exchange *exchange)
{
    const struct resp_scanner *scanner = &channel->frames.scanners[WAY_DOWN];

    return scanner->has_content && scanner->content_depth >= exchange->command->delivers_depth;
}

/* The exchange that this reply belongs to, taken out when it was the last one; false: none. */
static bool take_exchange(struct channel *channel, struct exchange *ret_exchange, bool *ret_is_last)
{
    struct exchange_queue *queue = &channel->frames.exchanges;
    struct exchange *first = exchange_first(queue);

    *ret_is_last = false;
    if (!first || is_push(&channel->frames))
        return false;
    if (--first->reply_count > 0) {
        *ret_exchange = *first;
        return true;
    }
    *ret_exchange = exchange_pop(queue);
    *ret_is_last = true;
    tally_answer(channel->shared, ret_exchange, brings(channel, ret_exchange));
    return true;
}

/* --- Following: nobody wants single frames, the count must be right -------------------------- */

static void follow(struct channel *channel, enum way way, const char *bytes, size_t size)
{
    struct resp_scanner *scanner = &channel->frames.scanners[way];
    struct exchange exchange;
    bool is_complete, is_last;

    while (size > 0) {
        size_t taken = resp_scan(scanner, bytes, size, &is_complete);

        bytes += taken;
        size -= taken;
        if (!is_complete)
            continue;
        if (way == WAY_UP)
            (void)note_request(channel);
        else if (take_exchange(channel, &exchange, &is_last) && is_last)
            end_exchange(channel, &exchange);
    }
}

/* --- Deciding on one frame ------------------------------------------------------------------- */

static void keep_request(struct exchange *exchange, const char *bytes, size_t size)
{
    exchange->request = memory_new(size + 1, 1);
    exchange->request_size = size;
    memcpy(exchange->request, bytes, size);
}

static void describe(struct frame *frame, const struct exchange *exchange)
{
    frame->command = exchange->command;
    frame->word = exchange->word;
    frame->operations = exchange->operations;
    frame->index = exchange->index;
    frame->number = exchange->number;
    frame->turn = exchange->turn;
}

static void decide_request(struct channel *channel, const char *bytes, size_t size)
{
    struct exchange *exchange = note_request(channel);
    struct frame frame = {.way = WAY_UP, .is_whole = true, .bytes = bytes, .size = size};

    if (channel_wants_requests(channel))
        keep_request(exchange, bytes, size);
    /* What no named request of the same owner is busy with can only be this one's. */
    exchange->operations = owner_free_operations(channel->owner) | exchange->claims;
    describe(&frame, exchange);
    channel_decide(channel, &frame);
}

/* Forged replies whose turn has come. */
static void tell_forged(struct channel *channel)
{
    struct exchange_queue *queue = &channel->frames.exchanges;

    while (!channel->is_closed && queue->count > 0 && exchange_first(queue)->forged) {
        struct exchange exchange = exchange_pop(queue);
        const struct frame frame = {
            .way = WAY_DOWN, .bytes = exchange.forged, .size = strlen(exchange.forged)};
        const struct piece piece = {.frame = &frame,
                                    .bytes = frame.bytes,
                                    .size = frame.size,
                                    .due_ns = channel_now(channel) + 1,
                                    .cut = CHANNEL_GOES_ON};

        lane_take(&channel->lanes[WAY_DOWN], &piece);
        end_exchange(channel, &exchange);
    }
}

static void decide_reply(struct channel *channel, const char *bytes, size_t size)
{
    const struct resp_scanner *scanner = &channel->frames.scanners[WAY_DOWN];
    struct frame frame = {.way = WAY_DOWN, .is_whole = true, .bytes = bytes, .size = size};
    struct exchange exchange;
    bool is_last, is_known = take_exchange(channel, &exchange, &is_last);

    frame.delivers = scanner->has_content;
    if (is_known) {
        describe(&frame, &exchange);
        frame.request = exchange.request;
        frame.request_size = exchange.request_size;
        frame.delivers = brings(channel, &exchange);
    } else { /* a push */
        frame.command = command_of_word("SUBSCRIBE", 9);
        frame.word = "SUBSCRIBE";
    }
    if (!is_known || !exchange.is_swallowed)
        channel_decide(channel, &frame);
    if (is_known && is_last)
        end_exchange(channel, &exchange);
    tell_forged(channel);
}

static void decide(struct channel *channel, enum way way, const char *bytes, size_t size)
{
    if (way == WAY_UP)
        decide_request(channel, bytes, size);
    else
        decide_reply(channel, bytes, size);
}

void frames_settle_request(struct channel *channel, const struct piece *piece)
{
    struct exchange_queue *queue = &channel->frames.exchanges;
    struct exchange *last = exchange_last(queue);

    if (!last || channel->frames.protocol != FRAMES_REDIS)
        return;
    if (piece->forged) {
        last->forged = memory_format("-%s\r\n", piece->forged);
        tell_forged(channel);
    } else if (piece->is_dropped) {
        struct exchange exchange = exchange_unpush(queue);

        end_exchange(channel, &exchange);
    } else if (piece->is_doubled) {
        struct exchange first = *last, *second = exchange_push(queue);

        *second = first;
        second->is_swallowed = true;
        second->request = second->forged = NULL;
        second->claims = 0;
        second->is_open = false;
    }
}

/* --- Cutting into frames --------------------------------------------------------------------- */

static bool is_between_frames(const struct resp_scanner *scanner)
{
    return scanner->state == RESP_BEGIN || scanner->state == RESP_OVER;
}

static void pass_raw(struct channel *channel, enum way way, const char *bytes, size_t size)
{
    const struct frame frame = {.way = way, .bytes = bytes, .size = size};

    channel_decide(channel, &frame);
}

/* The rest of a frame whose beginning has passed before anybody wanted it. */
static size_t pass_torn(struct channel *channel, enum way way, const char *bytes, size_t size)
{
    struct resp_scanner *scanner = &channel->frames.scanners[way];
    struct exchange exchange;
    bool is_complete, is_last;
    size_t taken = resp_scan(scanner, bytes, size, &is_complete);

    if (is_complete && way == WAY_UP)
        (void)note_request(channel);
    else if (is_complete && take_exchange(channel, &exchange, &is_last) && is_last)
        end_exchange(channel, &exchange);
    pass_raw(channel, way, bytes, taken);
    return taken;
}

static void keep_partial(struct link_queue *partial, const char *bytes, size_t size)
{
    memcpy(queue_reserve(partial, size), bytes, size);
    partial->end += size;
}

/* One frame, or as much of it as there is. */
static size_t split_one(struct channel *channel, enum way way, const char *bytes, size_t size)
{
    struct frames *frames = &channel->frames;
    struct link_queue *partial = &frames->partial[way], whole;
    bool is_complete;
    size_t taken = resp_scan(&frames->scanners[way], bytes, size, &is_complete);

    if (is_complete && queue_size(partial) == 0) {
        decide(channel, way, bytes, taken);
        return taken;
    }
    keep_partial(partial, bytes, taken);
    if (!is_complete)
        return taken;
    whole = *partial;
    *partial = (struct link_queue){0};
    decide(channel, way, whole.data + whole.begin, queue_size(&whole));
    queue_release(&whole);
    return taken;
}

static void split(struct channel *channel, enum way way, const char *bytes, size_t size)
{
    struct frames *frames = &channel->frames;

    while (size > 0 && !channel->is_closed && !channel->is_cut) {
        bool is_torn =
            !is_between_frames(&frames->scanners[way]) && queue_size(&frames->partial[way]) == 0;
        size_t taken =
            is_torn ? pass_torn(channel, way, bytes, size) : split_one(channel, way, bytes, size);

        bytes += taken;
        size -= taken;
    }
}

/* --- Bytes ----------------------------------------------------------------------------------- */

static void sniff(struct frames *frames, const char *bytes, size_t size)
{
    bool is_redis = bytes[0] == '*' && (size < 2 || isdigit((unsigned char)bytes[1]));

    frames->protocol = is_redis ? FRAMES_REDIS : FRAMES_OTHER;
}

static void take_unknown(struct channel *channel, enum way way, const char *bytes, size_t size)
{
    struct frame frame = {.way = way,
                          .is_whole = true,
                          .bytes = bytes,
                          .size = size,
                          .operations = owner_operations(channel->owner),
                          .delivers = true};

    if (way == WAY_UP)
        frame.index = tally_count(channel->shared);
    else
        frame.index = channel->shared->exchange_count;
    channel_decide(channel, &frame);
}

void frames_take(struct channel *channel, enum way way, const char *bytes, size_t size)
{
    struct frames *frames = &channel->frames;

    if (frames->protocol == FRAMES_UNKNOWN && way == WAY_UP)
        sniff(frames, bytes, size);
    if (frames->scanners[way].is_broken)
        frames->protocol = FRAMES_OTHER;
    if (frames->protocol != FRAMES_REDIS) {
        take_unknown(channel, way, bytes, size);
    } else if (channel_wants_frames(channel) || queue_size(&frames->partial[way]) > 0) {
        split(channel, way, bytes, size);
    } else {
        follow(channel, way, bytes, size);
        pass_raw(channel, way, bytes, size);
    }
}

void frames_release(struct channel *channel)
{
    struct frames *frames = &channel->frames;

    while (frames->exchanges.count > 0) {
        struct exchange exchange = exchange_pop(&frames->exchanges);

        end_exchange(channel, &exchange);
    }
    exchange_queue_release(&frames->exchanges);
    queue_release(&frames->partial[WAY_UP]);
    queue_release(&frames->partial[WAY_DOWN]);
}
