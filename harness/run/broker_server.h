/* broker_server.h: the servers behind the brokers of a run: those it starts, and those it only
   drives. */
#ifndef RUN_BROKER_SERVER_H
#define RUN_BROKER_SERVER_H

#include "run/brokers.h"

/* Start what the scenario says (`spawn`), its replica too, and wait until it serves and the replica
   follows; give the broker its server and its uri.  A broker without `spawn` keeps its uri, and
   gets a server only when there are commands that drive it.  may_lose_power: a fault may take what
   it has not synced. */
int broker_server_open(struct broker *broker, const struct endpoint_place *place,
                       bool may_lose_power, struct error *reterr);
/* End what was started; fine when nothing was. */
void broker_server_close(struct broker *broker);

/* What its server has said, the end of it when it is much.  Gives (free); NULL when it has none. */
char *broker_server_log(const struct broker *broker);

/* A server for a command alone, one that keeps its data over a crash where it is known how.
   Started; gives (server_free). */
struct server *broker_server_spawn(const char *command, struct error *reterr);
/* Where clients of the adapter of this name find it: `uri` as written, with {port} filled in; NULL:
   NAME://127.0.0.1:PORT, or what fits a server that is known.  Gives. */
char *broker_server_uri(const struct server *server, const char *command, const char *adapter,
                        const char *uri);

#endif
