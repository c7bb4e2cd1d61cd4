/* address.c: the URIs that the Redis adapters understand. */
#include "address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/uri.h"

#define DEFAULT_URI  "redis://127.0.0.1:6379/0"
#define DEFAULT_PORT 6379
#define DATABASE_MAX 100000

static int parse_database(const char *text, unsigned *ret_database, char reterr[256])
{
    char *end;
    unsigned long database = strtoul(text, &end, 10);

    if (*text < '0' || *text > '9' || *end || database > DATABASE_MAX) {
        (void)snprintf(reterr, 256, "'%.40s' is no database: say redis://host:port/0", text);
        return -1;
    }
    *ret_database = (unsigned)database;
    return 0;
}

static int read_unix(struct uri *uri, struct redis_address *address, char reterr[256])
{
    char *query = strchr(uri->path, '?');

    if (query) {
        *query++ = '\0';
        if (strncmp(query, "db=", 3) != 0) {
            (void)snprintf(reterr, 256, "'?%.40s' means nothing: say unix:///path?db=0", query);
            return -1;
        }
        if (parse_database(query + 3, &address->database, reterr))
            return -1;
    }
    (void)snprintf(address->dial, sizeof(address->dial), "unix://%s", uri->path);
    text_copy(address->shown, sizeof(address->shown), uri->path);
    return 0;
}

static int read_tcp(const struct uri *uri, struct redis_address *address, char reterr[256])
{
    int port = uri->port ? uri->port : DEFAULT_PORT;

    if (uri->path[0] && uri->path[1] && parse_database(uri->path + 1, &address->database, reterr))
        return -1;
    if (strchr(uri->host, ':'))
        (void)snprintf(address->shown, sizeof(address->shown), "[%s]:%d", uri->host, port);
    else
        (void)snprintf(address->shown, sizeof(address->shown), "%s:%d", uri->host, port);
    (void)snprintf(address->dial, sizeof(address->dial), "tcp://%.*s",
                   (int)sizeof(address->dial) - 7, address->shown);
    return 0;
}

int redis_address_parse(const char *text, struct redis_address *ret_address, char reterr[256])
{
    struct redis_address address = {0};
    struct error error = {0};
    struct uri uri;
    int result;

    if (uri_parse(text ? text : DEFAULT_URI, &uri, &error)) {
        text_copy(reterr, 256, error.message);
        return -1;
    }
    if (!strcmp(uri.scheme, "rediss")) {
        text_copy(reterr, 256, "TLS is not supported yet");
        return -1;
    }
    if (strcmp(uri.scheme, "redis") != 0 && strcmp(uri.scheme, "unix") != 0) {
        (void)snprintf(reterr, 256,
                       "'%s' is no scheme of Redis: say redis://host:port/db or "
                       "unix:///path",
                       uri.scheme);
        return -1;
    }
    text_copy(address.user, sizeof(address.user), uri.user);
    text_copy(address.password, sizeof(address.password), uri.password);
    address.has_password = uri.has_password;
    result =
        uri.scheme[0] == 'u' ? read_unix(&uri, &address, reterr) : read_tcp(&uri, &address, reterr);
    if (!result)
        *ret_address = address;
    return result;
}

void redis_address_conceal(const struct redis_address *address, const char *line, size_t size,
                           char *buffer, size_t capacity)
{
    size_t secret = address->has_password ? strlen(address->password) : 0;
    size_t used = 0;

    for (size_t at = 0; at < size && used + 4 < capacity;) {
        if (secret && size - at >= secret && !memcmp(line + at, address->password, secret)) {
            memcpy(buffer + used, "***", 3);
            used += 3;
            at += secret;
        } else {
            buffer[used++] = line[at++];
        }
    }
    buffer[used] = '\0';
}
