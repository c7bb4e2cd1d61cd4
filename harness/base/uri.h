/* uri.h: scheme://[user:password@]host[:port][/path] and unix://path, taken apart; and a form of it
   that may be shown, with the password replaced. */
#ifndef BASE_URI_H
#define BASE_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct uri {
    char scheme[32], user[128], password[256], host[256];
    char path[512]; /* with its leading '/', and a query if there is one; "" when not given */
    int port;       /* 0 when not given */
    int has_password;
};

/* Percent-encoded user, password and path are decoded.  Messages never contain the password. */
int uri_parse(const char *text, struct uri *ret, struct error *reterr);
/* The text with another host and port; NULL when it names no host (unix).  Gives (free). */
char *uri_relocate(const char *text, const char *host, unsigned port);
/* The text with the password replaced by "***"; fine for text that does not parse. */
void uri_redact(const char *text, char *buffer, size_t capacity);

/* Does a key ("broker.password") say that its value is a secret? */
bool uri_names_secret(const char *key, size_t size);

#endif
