/* later.c: a word to a server done on a thread of its own, so that no loop waits for it. */
#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "loop/loop.h"
#include "server/server.h"

struct later {
    struct server *server;
    enum server_word word;
    struct loop *loop;
    void (*done)(void *context, int result, const struct error *error);
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

static void *work(void *context)
{
    struct later *later = context;

    later->result = server_do(later->server, later->word, &later->error);
    loop_post(later->loop, finish, later);
    return NULL;
}

void server_do_later(struct server *server, enum server_word word, struct loop *loop,
                     void (*done)(void *context, int result, const struct error *error),
                     void *context)
{
    struct later *later = memory_new(1, sizeof(*later));

    *later = (struct later){
        .server = server, .word = word, .loop = loop, .done = done, .context = context};
    later->has_thread = true; /* before it can finish */
    if (pthread_create(&later->thread, NULL, work, later) == 0)
        return;
    later->has_thread = false;
    later->result = error_set(&later->error, ERROR_SYSTEM, "no thread to drive the server");
    loop_post(loop, finish, later);
}
