/* pipe.c: links in virtual time.  A dial makes a pipe with two ends; what is sent into one arrives
   at the other as chunks, in order, after the latency. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "link/kind.h"

static const uint64_t LATENCY_NS_MIN = 1000;

enum chunk_type {
    CHUNK_CALL,   /* somebody wants to connect */
    CHUNK_ANSWER, /* the other side has accepted */
    CHUNK_BYTES,
    CHUNK_END /* error_number 0: orderly */
};

struct chunk {
    struct chunk *next;
    uint64_t due_ns;
    enum chunk_type type;
    int error_number;
    size_t size;
    char bytes[];
};

struct listener {
    struct listener *next;
    struct loop *loop;
    char *address;
    link_accept *accept;
    void *context;
};

struct pipe_dialer {
    struct link_dialer dialer; /* first member */
    uint64_t latency_ns;
    struct listener *listeners;
};

struct pipe_end {
    struct link link; /* first member */
    struct pipe_dialer *dialer;
    struct pipe_end *peer;       /* NULL when it is gone */
    char *address;               /* called; NULL on the dialling side and once answered */
    struct chunk *first, **last; /* on the way to this end */
    struct loop_timer arrival;   /* of `first` */
    bool is_paused;              /* nothing arrives */
};

/* --- Chunks on their way ---------------------------------------------------------------------- */

static void on_arrival(void *context);

static void send_chunk(struct pipe_end *to, enum chunk_type type, const char *bytes, size_t size)
{
    struct chunk *chunk = memory_new(1, sizeof(*chunk) + size);

    chunk->due_ns = loop_now_ns(to->link.loop) + to->dialer->latency_ns;
    chunk->type = type;
    chunk->size = size;
    if (size > 0)
        memcpy(chunk->bytes, bytes, size);
    *to->last = chunk;
    to->last = &chunk->next;
    if (to->first == chunk && !to->is_paused)
        loop_timer_start(to->link.loop, &to->arrival, chunk->due_ns, on_arrival, to);
}

static void send_end(struct pipe_end *to, int error_number)
{
    struct chunk **chunk = to->last;

    send_chunk(to, CHUNK_END, NULL, 0);
    (*chunk)->error_number = error_number;
}

static struct chunk *take_chunk(struct pipe_end *end)
{
    struct chunk *chunk = end->first;

    end->first = chunk->next;
    if (!end->first)
        end->last = &end->first;
    return chunk;
}

/* --- Ends ------------------------------------------------------------------------------------- */

static struct pipe_end *end_of(struct link *link)
{
    return (struct pipe_end *)link;
}

static void flush(struct link *link)
{
    struct pipe_end *end = end_of(link);
    struct link_queue *queue = &link->queue;

    if (end->peer && queue_size(queue) > 0)
        send_chunk(end->peer, CHUNK_BYTES, queue->data + queue->begin, queue_size(queue));
    queue_clear(queue);
}

static void pause_arrival(struct link *link, bool is_paused)
{
    struct pipe_end *end = end_of(link);

    end->is_paused = is_paused;
    if (is_paused)
        loop_timer_stop(link->loop, &end->arrival);
    else if (end->first)
        loop_timer_start(link->loop, &end->arrival, end->first->due_ns, on_arrival, end);
}

static void hang_up(struct pipe_end *end, enum link_ending ending)
{
    struct pipe_end *peer = end->peer;

    if (!peer)
        return;
    end->peer = peer->peer = NULL;
    if (peer->address) /* nobody has answered yet: the call is withdrawn */
        link_close(&peer->link, LINK_RESET);
    else
        send_end(peer, ending == LINK_RESET ? ECONNRESET : 0);
}

static void close_end(struct link *link, enum link_ending ending)
{
    struct pipe_end *end = end_of(link);

    if (ending == LINK_GRACEFUL && link->state == LINK_OPEN)
        flush(link);
    hang_up(end, ending);
    loop_timer_stop(link->loop, &end->arrival);
    while (end->first)
        free(take_chunk(end));
}

static void free_end(struct link *link)
{
    free(end_of(link)->address);
    free(link);
}

static const struct link_kind pipe_kind = {
    .flush = flush,
    .pause = pause_arrival,
    .close = close_end,
    .free = free_end,
};

static struct pipe_end *end_new(struct pipe_dialer *dialer, struct loop *loop)
{
    struct pipe_end *end = memory_new(1, sizeof(*end));

    link_init(&end->link, &pipe_kind, loop);
    end->dialer = dialer;
    end->last = &end->first;
    return end;
}

/* --- Calling and answering -------------------------------------------------------------------- */

static struct listener *find_listener(const struct pipe_dialer *dialer, const char *address)
{
    struct listener *listener = dialer->listeners;

    while (listener && strcmp(listener->address, address) != 0)
        listener = listener->next;
    return listener;
}

static void refuse(struct pipe_end *far_end)
{
    struct pipe_end *near_end = far_end->peer;

    near_end->peer = far_end->peer = NULL;
    send_end(near_end, ECONNREFUSED);
    link_close(&far_end->link, LINK_RESET);
}

static void answer(struct pipe_end *far_end)
{
    const struct listener *listener = find_listener(far_end->dialer, far_end->address);

    if (!listener) {
        refuse(far_end);
        return;
    }
    assert(listener->loop == far_end->link.loop);
    free(far_end->address);
    far_end->address = NULL;
    far_end->link.state = LINK_OPEN;
    send_chunk(far_end->peer, CHUNK_ANSWER, NULL, 0);
    link_enter(&far_end->link);
    listener->accept(listener->context, &far_end->link);
    link_leave(&far_end->link);
}

static void arrive(struct pipe_end *end, const struct chunk *chunk)
{
    switch (chunk->type) {
    case CHUNK_CALL:
        answer(end);
        break;
    case CHUNK_ANSWER:
        link_tell_opened(&end->link);
        break;
    case CHUNK_BYTES:
        link_tell_received(&end->link, chunk->bytes, chunk->size);
        break;
    case CHUNK_END:
        link_tell_closed(&end->link, chunk->error_number, link_reason(chunk->error_number));
        break;
    }
}

/* The next arrival is set before this one is told, because telling may free the end. */
static void on_arrival(void *context)
{
    struct pipe_end *end = context;
    struct chunk *chunk = take_chunk(end);

    if (end->first)
        loop_timer_start(end->link.loop, &end->arrival, end->first->due_ns, on_arrival, end);
    arrive(end, chunk);
    free(chunk);
}

void link_far_end_start(struct link *link, const struct link_events *events, void *context)
{
    assert(link->kind == &pipe_kind);
    link->events = *events;
    link->context = context;
}

/* --- The dialer ------------------------------------------------------------------------------- */

static struct link *dial(struct link_dialer *base, struct loop *loop, const char *address,
                         const char *name, const struct link_events *events, void *context)
{
    struct pipe_dialer *dialer = (struct pipe_dialer *)base;
    struct pipe_end *near_end = end_new(dialer, loop), *far_end = end_new(dialer, loop);

    (void)name; /* for faults only */
    near_end->link.events = *events;
    near_end->link.context = context;
    near_end->peer = far_end;
    far_end->peer = near_end;
    far_end->address = memory_string(address);
    send_chunk(far_end, CHUNK_CALL, NULL, 0);
    return &near_end->link;
}

static void free_dialer(struct link_dialer *base)
{
    struct pipe_dialer *dialer = (struct pipe_dialer *)base;

    while (dialer->listeners) {
        struct listener *listener = dialer->listeners;

        dialer->listeners = listener->next;
        free(listener->address);
        free(listener);
    }
    free(dialer);
}

static const struct link_dialer_kind pipe_dialer_kind = {
    .dial = dial,
    .free = free_dialer,
};

struct link_dialer *link_dialer_simulated_new(uint64_t latency_ns)
{
    struct pipe_dialer *dialer = memory_new(1, sizeof(*dialer));

    dialer->dialer.kind = &pipe_dialer_kind;
    dialer->latency_ns = latency_ns < LATENCY_NS_MIN ? LATENCY_NS_MIN : latency_ns;
    return &dialer->dialer;
}

int link_listen_simulated(struct link_dialer *dialer, struct loop *loop, const char *address,
                          link_accept *accept, void *context, struct error *reterr)
{
    struct pipe_dialer *pipes = (struct pipe_dialer *)dialer;

    assert(dialer->kind == &pipe_dialer_kind);
    if (find_listener(pipes, address))
        return error_set(reterr, ERROR_SYSTEM, "somebody already listens on %s", address);
    struct listener *listener = memory_new(1, sizeof(*listener));
    *listener = (struct listener){
        .next = pipes->listeners,
        .loop = loop,
        .address = memory_string(address),
        .accept = accept,
        .context = context,
    };
    pipes->listeners = listener;
    return 0;
}
