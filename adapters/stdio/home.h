/* home.h: the processes that the instances of one program live in, and how many use each.

   A process is started before it is needed, so that nobody waits for it: the one that said hello
   serves the first instance, and whenever one is taken the next is started. */
#ifndef ADAPTERS_STDIO_HOME_H
#define ADAPTERS_STDIO_HOME_H

#include <pthread.h>
#include <stdbool.h>

#include "adapters/stdio/hello.h"
#include "adapters/stdio/wire.h"
#include "base/error.h"

struct stdio_home {
    struct stdio_home *next; /* among those that were left */
    struct stdio_wire *wire;
    unsigned guests;
};

/* Of one program.  All functions may be called from any thread. */
struct stdio_homes {
    char *command;
    pthread_mutex_t mutex;
    struct stdio_home *spare;  /* said hello, or is about to; nobody uses it */
    struct stdio_home *shared; /* of all instances, where they share */
    struct stdio_home *left;   /* told to leave */
};

void stdio_homes_init(struct stdio_homes *homes, const char *command);
/* Nobody is in any: ends all processes, and waits for them. */
void stdio_homes_release(struct stdio_homes *homes);

/* The hello of a first process, which becomes the home of who comes first.  Borrowed until somebody
   takes a home; NULL when there is none, or a wrong one. */
const struct stdio_hello *stdio_homes_introduce(struct stdio_homes *homes, struct error *reterr);

/* For an instance: a process that has said hello, by the program's rule of its own or shared.
   ret_is_old: others are in it already.  NULL when it cannot be had. */
struct stdio_home *stdio_homes_enter(struct stdio_homes *homes, enum stdio_processes rule,
                                     bool *ret_is_old, struct error *reterr);
/* A process for one guest alone. */
struct stdio_home *stdio_homes_take(struct stdio_homes *homes, struct error *reterr);
/* One more guest of a home that one is in. */
void stdio_homes_join(struct stdio_homes *homes, struct stdio_home *home);
/* The last one to go tells the process to leave.  NULL is fine. */
void stdio_homes_leave(struct stdio_homes *homes, struct stdio_home *home);

/* The end of the program: first tell all of which nobody needs the process, and then wait. */
void stdio_homes_tell(struct stdio_homes *homes);
void stdio_homes_wait(struct stdio_homes *homes);

#endif
