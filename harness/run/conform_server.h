/* conform_server.h: the server of a profile: driven by its commands, or by its process when this
   run started it. */
#ifndef RUN_CONFORM_SERVER_H
#define RUN_CONFORM_SERVER_H

#include <stdbool.h>

#include "base/error.h"
#include "scenario/clause_profile.h"

struct conform_server;

struct conform_server_plan { /* borrowed while the server lives */
    const struct clause_server *commands;
    /* Does it answer?  Waits for a moment at most. */
    bool (*answers)(void *context);
    void *context;
};

struct conform_server *conform_server_new(const struct conform_server_plan *plan);
/* Start one of our own and wait until it answers.  Fails when something does so already. */
int conform_server_start(struct conform_server *server, struct error *reterr);
/* "kill", "stop", "continue", "restart". */
bool conform_server_can(const struct conform_server *server, const char *verb);
int conform_server_do(struct conform_server *server, const char *verb, struct error *reterr);
/* Bring it back when a clause left it stopped or dead. */
void conform_server_restore(struct conform_server *server);
/* Ends the server that was started; NULL is fine. */
void conform_server_free(struct conform_server *server);

#endif
