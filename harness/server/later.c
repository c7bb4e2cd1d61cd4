/* later.c: work on servers done on a thread of its own, so that no loop waits for it. */
#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "loop/loop.h"
#include "server/server.h"

struct later {
    int (*work)(void *context, struct error *reterr);
    struct loop *loop;
    server_done *done;
    void *context;
    pthread_t thread;
    bool has_thread;
    int result;
    struct error error;
};

static void finish(void *context)
{
    struct later *later = context;

    if (later->has_thread)
        (void)pthread_join(later->thread, NULL);
    later->done(later->context, later->result, &later->error);
    free(later);
}

static void *run(void *context)
{
    struct later *later = context;

    later->result = later->work(later->context, &later->error);
    loop_post(later->loop, finish, later);
    return NULL;
}

void server_work_later(struct loop *loop, int (*work)(void *context, struct error *reterr),
                       server_done *done, void *context)
{
    struct later *later = memory_new(1, sizeof(*later));

    *later = (struct later){.work = work, .loop = loop, .done = done, .context = context};
    later->has_thread = true; /* before it can finish */
    if (pthread_create(&later->thread, NULL, run, later) == 0)
        return;
    later->has_thread = false;
    later->result = error_set(&later->error, ERROR_SYSTEM, "no thread to drive the server");
    loop_post(loop, finish, later);
}

/* --- One word -------------------------------------------------------------------------------- */

struct word_later {
    struct server *server;
    enum server_word word;
    server_done *done;
    void *context;
};

static int do_word(void *context, struct error *reterr)
{
    const struct word_later *later = context;

    return server_do(later->server, later->word, reterr);
}

static void end_word(void *context, int result, const struct error *error)
{
    struct word_later *later = context;

    later->done(later->context, result, error);
    free(later);
}

void server_do_later(struct server *server, enum server_word word, struct loop *loop,
                     server_done *done, void *context)
{
    struct word_later *later = memory_new(1, sizeof(*later));

    *later = (struct word_later){.server = server, .word = word, .done = done, .context = context};
    server_work_later(loop, do_word, end_word, later);
}
