/* broker_replication.h: how the replica of a broker follows its server.

   Where links are disturbed in a run it does so through a proxy, and the link has a name for
   faults: "default.replication" for the broker "default".  The proxy lives on the run's own loop,
   from before the replica follows until both servers are gone; it stays when the server dies. */
#ifndef RUN_BROKER_REPLICATION_H
#define RUN_BROKER_REPLICATION_H

#include "run/brokers.h"

/* Both servers run.  Let the replica follow, and wait, with the loop running, until it has a copy
   of all. */
int broker_replication_open(struct broker *broker, const struct endpoint_place *place,
                            struct error *reterr);
/* After the servers have ended; fine when there was none. */
void broker_replication_close(struct broker *broker);

/* Tell the replica to follow (again).  May be called on any thread, as may tell. */
int broker_replication_follow(const struct broker *broker, struct error *reterr);
/* A line that must be answered with +OK. */
int broker_replication_tell(const struct server *replica, const char *line, struct error *reterr);

/* The broker whose replication has this name in scenarios; NULL when there is none, or no replica.
 */
const struct broker *broker_replication_find(const struct brokers *brokers, const char *name);

#endif
