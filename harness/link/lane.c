/* lane.c: a list of pieces and one timer. */
#include "link/lane.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "link/channel.h"

/* A source that is faster than its lane is not read for a while. */
enum { LANE_SIZE_MAX = 4 << 20, LANE_SIZE_LOW = 1 << 20 };

struct lane_piece {
    struct lane_piece *next;
    struct filter *holder;
    uint64_t due_ns, gap_ns;
    size_t slice, size, offset;
    enum channel_end cut;
    bool is_end;
    int error_number; /* of the end */
    char bytes[];
};

static void pump(struct lane *lane);

static void on_timer(void *context)
{
    struct lane *lane = context;
    struct channel *channel = lane->channel;

    channel_enter(channel);
    pump(lane);
    channel_leave(channel);
}

static void count(struct lane *lane, size_t added, size_t removed)
{
    bool is_full;

    lane->size += added;
    lane->size -= removed;
    is_full = lane->is_full ? lane->size > LANE_SIZE_LOW : lane->size > LANE_SIZE_MAX;
    if (is_full == lane->is_full)
        return;
    lane->is_full = is_full;
    channel_pause(lane->channel, lane->way, is_full);
}

static void drop_first(struct lane *lane)
{
    struct lane_piece *piece = lane->first;

    lane->first = piece->next;
    if (!lane->first)
        lane->last = &lane->first;
    free(piece);
}

/* True when the piece is out to its last byte. */
static bool send_slice(struct lane *lane, struct lane_piece *piece)
{
    size_t left = piece->size - piece->offset;
    size_t size = piece->slice && piece->slice < left ? piece->slice : left;
    const char *bytes = piece->bytes + piece->offset;

    piece->offset += size;
    if (piece->gap_ns)
        lane->free_ns = channel_now(lane->channel) + piece->gap_ns;
    if (size > 0) {
        channel_output(lane->channel, lane->way, bytes, size);
        if (!lane->channel->is_closed)
            count(lane, 0, size);
    }
    return left == size;
}

static void finish(struct lane *lane)
{
    struct channel *channel = lane->channel;
    enum channel_end cut = lane->first->cut;
    bool is_end = lane->first->is_end;
    int error_number = lane->first->error_number;

    drop_first(lane);
    if (cut != CHANNEL_GOES_ON)
        channel_cut(channel, cut);
    else if (is_end)
        channel->near->end(channel, error_number, link_reason(error_number));
}

static uint64_t due_of(const struct lane *lane)
{
    return lane->first->due_ns > lane->free_ns ? lane->first->due_ns : lane->free_ns;
}

/* Inside channel_enter: the channel may be closed by what it hands over. */
static void pump(struct lane *lane)
{
    struct channel *channel = lane->channel;

    while (!channel->is_closed && lane->first && !lane->first->holder) {
        if (due_of(lane) > channel_now(channel)) {
            loop_timer_start(channel->link.loop, &lane->timer, due_of(lane), on_timer, lane);
            return;
        }
        /* The piece stays first while its bytes are out, so that it lives as long as they do. */
        if (send_slice(lane, lane->first) && !channel->is_closed && lane->first)
            finish(lane);
    }
}

static struct lane_piece *append(struct lane *lane, const char *bytes, size_t size)
{
    struct lane_piece *piece = memory_new(1, sizeof(*piece) + size);

    piece->cut = CHANNEL_GOES_ON;
    piece->size = size;
    if (size > 0)
        memcpy(piece->bytes, bytes, size);
    *lane->last = piece;
    lane->last = &piece->next;
    return piece;
}

static void queue_up(struct lane *lane, const struct piece *piece, size_t size)
{
    struct lane_piece *waiting = append(lane, piece->bytes, size);
    bool has_holder = piece->holder && !piece->holder->is_over;

    waiting->holder = has_holder ? piece->holder : NULL;
    waiting->due_ns = piece->due_ns;
    waiting->gap_ns = piece->gap_ns;
    waiting->slice = piece->slice;
    waiting->cut = piece->cut;
    count(lane, size, 0);
}

static bool is_early(const struct lane *lane, const struct piece *piece)
{
    uint64_t due_ns = piece->due_ns > lane->free_ns ? piece->due_ns : lane->free_ns;

    return due_ns > 0 && due_ns > channel_now(lane->channel);
}

static bool has_to_wait(const struct lane *lane, const struct piece *piece)
{
    return lane->first || (piece->holder && !piece->holder->is_over) || piece->slice ||
           is_early(lane, piece);
}

static void take(struct lane *lane, const struct piece *piece, size_t size)
{
    struct channel *channel = lane->channel;

    if (has_to_wait(lane, piece)) {
        queue_up(lane, piece, size);
        pump(lane);
        return;
    }
    if (size > 0)
        channel_output(channel, lane->way, piece->bytes, size);
    if (piece->cut != CHANNEL_GOES_ON && !channel->is_closed)
        channel_cut(channel, piece->cut);
}

void lane_take(struct lane *lane, const struct piece *piece)
{
    size_t size = piece->is_dropped ? 0 : piece->size;

    if (piece->cut != CHANNEL_GOES_ON && size > piece->cut_after)
        size = piece->cut_after;
    if (size == 0 && piece->cut == CHANNEL_GOES_ON)
        return;
    channel_enter(lane->channel);
    take(lane, piece, size);
    if (piece->is_doubled && !lane->channel->is_closed)
        take(lane, piece, size);
    channel_leave(lane->channel);
}

void lane_take_end(struct lane *lane, int error_number)
{
    struct lane_piece *piece = append(lane, NULL, 0);

    piece->is_end = true;
    piece->error_number = error_number;
    channel_enter(lane->channel);
    pump(lane);
    channel_leave(lane->channel);
}

void lane_let_go(struct lane *lane, const struct filter *holder)
{
    for (struct lane_piece *piece = lane->first; piece; piece = piece->next)
        if (piece->holder == holder)
            piece->holder = NULL;
    /* On a later turn: whoever ends a rule is not called back. */
    if (lane->first && !lane->first->holder)
        loop_timer_start(lane->channel->link.loop, &lane->timer, due_of(lane), on_timer, lane);
}

void lane_hurry(struct lane *lane)
{
    while (lane->first && !lane->first->holder && lane->first->cut == CHANNEL_GOES_ON) {
        const struct lane_piece *piece = lane->first;

        if (piece->size > piece->offset)
            channel_output(lane->channel, lane->way, piece->bytes + piece->offset,
                           piece->size - piece->offset);
        drop_first(lane);
    }
}

void lane_init(struct lane *lane, struct channel *channel, enum way way)
{
    lane->channel = channel;
    lane->way = way;
    lane->last = &lane->first;
}

void lane_release(struct lane *lane)
{
    loop_timer_stop(lane->channel->link.loop, &lane->timer);
    while (lane->first)
        drop_first(lane);
    lane->size = 0;
}
