/* check_protocol.h: conform --check-protocol: an adapter's manners alone. */
#ifndef CLI_CHECK_PROTOCOL_H
#define CLI_CHECK_PROTOCOL_H

/* Prints each rule with whether it was kept.  Gives an exit code. */
int check_protocol(const char *adapter, const char *uri);

#endif
