/* server_parts.h: what a server is made of.  Private to its files. */
#ifndef SERVER_SERVER_PARTS_H
#define SERVER_SERVER_PARTS_H

#include "server/keeper.h"
#include "server/server.h"

#define SERVER_READY_TIMEOUT_NS 60000000000u

struct server {
    char *name, *command, *ready, *log_path, *config_name, *config, *added;
    char *control[SERVER_WORD_COUNT];
    bool (*answers)(void *context);
    void *context;
    uint64_t ready_timeout_ns;
    bool runs_here;
    char *folder, *data; /* ours, and the data inside it; NULL: not made yet */
    char *own_log;
    char *library, *marks; /* what it syncs is watched; NULL: not */
    bool may_lose_power;
    uint16_t port;
    bool is_port_given;
    struct keeper keeper;
    uint64_t log_from;  /* where the log of the present start begins */
    bool is_background; /* its first process ended well, and left the server behind */
    bool is_frozen;     /* the last thing done to it was a pause */
};

/* Start it, and wait until it is ready; killed when it does not become so. */
int server_start_once(struct server *server, struct error *reterr);
/* One look, without waiting. */
bool server_looks_ready(const struct server *server);

#endif
