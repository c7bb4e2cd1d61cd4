/* keeper.h: a process between us and a server.  It starts the server, passes signals on, and
   watches us: when we end, however that happens, it kills the server with all its descendants and
   removes the folder. */
#ifndef SERVER_KEEPER_H
#define SERVER_KEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct keeper_plan {     /* borrowed */
    const char *command; /* for a shell */
    const char *work;    /* the folder it runs in; NULL: ours */
    const char *folder;  /* removed when we end without a farewell; NULL: none */
    int output;          /* descriptor of its output */
    const char *preload; /* LD_PRELOAD of the server; NULL: none */
    const char *marks;   /* for what is preloaded: GAUNTLET_SYNC_MARKS */
    bool lets_go;        /* what the command leaves running is not ours to end */
};

struct keeper {
    int socket; /* -1: none */
    pid_t keeper, server;
    bool is_over; /* the server's first process has ended */
    int status;   /* how, as of waitpid */
};

#define KEEPER_INIT                                                                                \
    {                                                                                              \
        .socket = -1                                                                               \
    }

/* Fork it and start the command.  Legal while other threads run. */
int keeper_open(struct keeper *keeper, const struct keeper_plan *plan, struct error *reterr);
/* Send a signal to the server and all its descendants; -1 when none is left. */
int keeper_signal(struct keeper *keeper, int number);
/* Bound the size of the files they write (RLIMIT_FSIZE). */
int keeper_limit(struct keeper *keeper, uint64_t size_max);
/* Wait until the first process has ended, at most so long: 1 ended, 0 not.  0 ms only looks. */
int keeper_wait(struct keeper *keeper, int timeout_ms);
/* Kill what is left and dismiss the keeper; the folder stays.  Fine when there is none. */
void keeper_close(struct keeper *keeper);

#endif
