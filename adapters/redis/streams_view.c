/* streams_view.c: a session's place in the groups it reads from. */
#include "streams.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "kind.h"

static bool is_view_of(const struct redis_view *view, const char *stream, const char *group,
                       const char *consumer)
{
    return !strcmp(view->stream, stream) && !strcmp(view->group, group) &&
           !strcmp(view->consumer, consumer);
}

static struct redis_view *make_view(struct redis_session *session, const char *stream,
                                    const char *group, const char *consumer)
{
    struct redis_view *view = memory_new(1, sizeof(*view));

    view->stream = memory_string(stream);
    view->group = memory_string(group);
    view->consumer = memory_string(consumer);
    view->stream_size = strlen(stream);
    view->group_size = strlen(group);
    view->consumer_size = strlen(consumer);
    view->owes_own = consumer != session->consumer || !session->is_consumer_made_up;
    view->is_reserved = session->kind->is_reserved && session->kind->is_reserved(stream);
    view->epoch = UINT32_MAX;
    return view;
}

static void add_view(struct redis_session *session, struct redis_view *view)
{
    if (session->view_count == session->view_capacity) {
        session->view_capacity = session->view_capacity ? session->view_capacity * 2 : 4;
        session->views =
            memory_grow(session->views, session->view_capacity, sizeof(*session->views));
    }
    session->views[session->view_count++] = view;
}

static struct redis_view *look_up_view(struct redis_session *session, const char *stream,
                                       const char *group, const char *consumer)
{
    struct redis_view *view;

    for (size_t i = 0; i < session->view_count; i++) {
        view = session->views[i];
        if (!is_view_of(view, stream, group, consumer))
            continue;
        session->views[i] = session->views[0]; /* the next search finds it first */
        session->views[0] = view;
        return view;
    }
    view = make_view(session, stream, group, consumer);
    add_view(session, view);
    return view;
}

struct redis_view *redis_view_find(struct redis_session *session, const char *stream,
                                   const char *group, const char *consumer)
{
    struct redis_view *view =
        look_up_view(session, stream, group, consumer ? consumer : session->consumer);
    uint32_t epoch = atomic_load_explicit(&session->instance->epoch, memory_order_relaxed);

    if (view->epoch == epoch)
        return view;
    redis_note_name(session->instance, session->host, REDIS_NAME_STREAM, stream, NULL);
    redis_note_name(session->instance, session->host, REDIS_NAME_GROUP, stream, group);
    view->is_ensured = false; /* what was removed since may be this group */
    view->epoch = epoch;
    return view;
}

void redis_views_free(struct redis_session *session)
{
    for (size_t i = 0; i < session->view_count; i++) {
        free(session->views[i]->stream);
        free(session->views[i]->group);
        free(session->views[i]->consumer);
        free(session->views[i]);
    }
    session->view_count = 0;
}

void redis_view_lose(struct redis_view *view, enum redis_link link)
{
    struct redis_id served = view->newest[link];

    if (!view->owes_own || redis_id_compare(served, view->own_cursor) < 0)
        view->own_cursor = served;
    view->owes_own = true;
}

void redis_view_reset(struct redis_view *view)
{
    memset(view->newest, 0, sizeof(view->newest));
    view->own_cursor = (struct redis_id){0};
    view->is_ensured = false;
    view->owes_own = false;
}

void redis_views_expect_redelivery(struct redis_session *session, const char *stream,
                                   const char *group, uint64_t at_ns)
{
    for (size_t i = 0; i < session->view_count; i++) {
        struct redis_view *view = session->views[i];

        if (!strcmp(view->stream, stream) && !strcmp(view->group, group) &&
            at_ns < view->reclaim_at_ns)
            view->reclaim_at_ns = at_ns;
    }
}
