/* redis_server.h: a real redis-server of our own on a free loopback port, for tests. */
#ifndef SUPPORT_REDIS_SERVER_H
#define SUPPORT_REDIS_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

struct redisContext;

struct redis_server {
    pid_t pid; /* 0: not running */
    int port;
    char folder[64]; /* its own, removed by redis_server_release */
    char uri[64], socket_uri[128];
    struct redisContext *admin;
};

/* Is there a redis-server to start? */
bool redis_server_is_installed(void);
/* Start it and wait until it answers; `options` are arguments up to a NULL (may be NULL).  It dies
   with this process, whatever happens.  -1 when it does not come up. */
int redis_server_start(struct redis_server *server, const char *const *options);
/* Start it again on the same port and folder, after a stop. */
int redis_server_restart(struct redis_server *server, const char *const *options);
void redis_server_stop(struct redis_server *server); /* SIGKILL, and reaped */
void redis_server_freeze(const struct redis_server *server, bool is_frozen);
/* Stop it and remove its folder; fine when it never started. */
void redis_server_release(struct redis_server *server);

/* Run a command as a second client: its answer as a number (of elements, when it is an array), or
   -1 when it is an error or there is none. */
long long redis_server_number(struct redis_server *server, const char *format, ...);
/* Its answer as text, copied into `buffer`; errors too. */
const char *redis_server_text(struct redis_server *server, char *buffer, size_t capacity,
                              const char *format, ...);

#endif
