/* address.h: where the server is and how to sign on, out of a URI. */
#ifndef REDIS_ADDRESS_H
#define REDIS_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

struct redis_address {
    char dial[560];  /* for host->dial: "tcp://127.0.0.1:6379" */
    char shown[560]; /* for people: "127.0.0.1:6379" */
    char user[128], password[256];
    bool has_password;
    unsigned database;
};

/* redis://[user:password@]host[:port][/db] or unix:///path[?db=n]; NULL means redis://127.0.0.1.
   -1 with one line that never holds the password. */
int redis_address_parse(const char *text, struct redis_address *ret_address, char reterr[256]);

/* Copy a line for people, every occurrence of the password replaced by "***". */
void redis_address_conceal(const struct redis_address *address, const char *line, size_t size,
                           char *buffer, size_t capacity);

#endif
