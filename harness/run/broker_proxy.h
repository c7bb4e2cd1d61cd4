/* broker_proxy.h: a proxy before a broker whose adapter dials by itself: it is given the proxy's
   address in place of the broker's. */
#ifndef RUN_BROKER_PROXY_H
#define RUN_BROKER_PROXY_H

#include "run/brokers.h"

/* Where links are to be disturbed and the host does not dial them; fine where nothing is to be
   done. Fails where the uri does not say which port the broker has. */
int broker_proxy_open(struct broker *broker, const struct endpoint_place *place,
                      struct error *reterr);
void broker_proxy_close(struct broker *broker);

/* The address behind a uri, "tcp://host:port", for a proxy to dial.  Gives (free); -1 when there is
   none, and `ret_why` ends the sentence "links are disturbed by a proxy, which ...". */
int broker_proxy_target(const char *uri, char **ret_target, const char **ret_why);

#endif
