/* link.c: what all links share: the write queue, the flush at the end of the turn, telling events,
   and closing at any moment. */
#include "link/link.h"

#include <errno.h>
#include <string.h>

#include "link/kind.h"

void link_init(struct link *link, const struct link_kind *kind, struct loop *loop)
{
    link->kind = kind;
    link->loop = loop;
}

/* --- Events ----------------------------------------------------------------------------------- */

static void free_link(struct link *link)
{
    queue_release(&link->queue);
    link->kind->free(link);
}

void link_enter(struct link *link)
{
    link->depth++;
}

bool link_leave(struct link *link)
{
    bool is_gone = link->state == LINK_CLOSED;

    link->depth--;
    if (is_gone && link->depth == 0)
        free_link(link);
    return !is_gone;
}

bool link_tell_opened(struct link *link)
{
    link->state = LINK_OPEN;
    link_flush_soon(link);
    link_enter(link);
    if (link->events.opened)
        link->events.opened(link->context);
    return link_leave(link);
}

bool link_tell_received(struct link *link, const char *bytes, size_t size)
{
    link_enter(link);
    if (link->events.received)
        link->events.received(link->context, bytes, size);
    return link_leave(link);
}

bool link_tell_closed(struct link *link, int error_number, const char *reason)
{
    link->state = LINK_ENDED;
    queue_clear(&link->queue);
    link_enter(link);
    if (link->events.closed)
        link->events.closed(link->context, error_number, reason);
    return link_leave(link);
}

const char *link_reason(int error_number)
{
    static const struct {
        int error_number;
        const char *words;
    } reasons[] = {
        {0, "closed by the other side"},
        {ECONNREFUSED, "connection refused"},
        {ECONNRESET, "connection reset by peer"},
        {EPIPE, "connection closed by the other side while writing"},
        {ETIMEDOUT, "connection timed out"},
        {ENOENT, "no such socket"},
    };

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (reasons[i].error_number == error_number)
            return reasons[i].words;
    return strerror(error_number);
}

/* --- Writing ---------------------------------------------------------------------------------- */

static void run_tail(void *context)
{
    struct link *link = context;

    loop_tail_remove(link->loop, &link->tail);
    link->is_flush_due = false;
    if (link->state == LINK_OPEN && queue_size(&link->queue) > 0)
        link->kind->flush(link);
}

void link_flush_soon(struct link *link)
{
    if (link->is_flush_due || link->is_blocked || queue_size(&link->queue) == 0)
        return;
    link->is_flush_due = true;
    loop_tail_add(link->loop, &link->tail, run_tail, link);
}

void link_flush_now(struct link *link)
{
    if (link->is_flush_due)
        run_tail(link);
}

char *link_reserve(struct link *link, size_t size)
{
    return queue_reserve(&link->queue, size);
}

void link_commit(struct link *link, size_t size)
{
    if (link->state >= LINK_ENDED) /* nobody will read it */
        return;
    link->queue.end += size;
    if (link->state == LINK_OPEN)
        link_flush_soon(link);
}

void link_write(struct link *link, const void *bytes, size_t size)
{
    if (size == 0)
        return;
    memcpy(link_reserve(link, size), bytes, size);
    link_commit(link, size);
}

size_t link_backlog(const struct link *link)
{
    return queue_size(&link->queue);
}

/* --- Dialling, closing ------------------------------------------------------------------------ */

struct link *link_dial(struct link_dialer *dialer, struct loop *loop, const char *address,
                       const char *name, const struct link_events *events, void *context)
{
    return dialer->kind->dial(dialer, loop, address, name, events, context);
}

void link_dialer_free(struct link_dialer *dialer)
{
    if (dialer)
        dialer->kind->free(dialer);
}

void link_close(struct link *link, enum link_ending ending)
{
    if (!link || link->state == LINK_CLOSED)
        return;
    link->kind->close(link, ending);
    if (link->is_flush_due)
        loop_tail_remove(link->loop, &link->tail);
    link->state = LINK_CLOSED;
    if (link->depth == 0)
        free_link(link);
}
