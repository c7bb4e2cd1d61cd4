/* address.c: resolving addresses. */
#include "link/address.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

static const char tcp_scheme[] = "tcp://";
static const char unix_scheme[] = "unix://";

static int refuse(const char *address, struct error *reterr)
{
    return error_set(reterr, ERROR_ADAPTER,
                     "'%s' is not an address: say tcp://host:port or unix:///path", address);
}

static int resolve_path(const char *path, struct address_list *ret_list, struct error *reterr)
{
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    size_t size = strlen(path);

    if (size >= sizeof(place.sun_path))
        return error_set(reterr, ERROR_ADAPTER, "the socket path '%s' is over %zu bytes long", path,
                         sizeof(place.sun_path) - 1);
    memcpy(place.sun_path, path, size);
    ret_list->count = 1;
    ret_list->items[0].size = sizeof(place);
    memcpy(&ret_list->items[0].place, &place, sizeof(place));
    return 0;
}

/* "host:port" or "[v6 host]:port" into its two parts. */
static int split(const char *text, char host[256], char port[8])
{
    const char *colon = strrchr(text, ':');

    if (!colon || colon == text || colon[1] == '\0')
        return -1;
    if (text[0] == '[' && colon[-1] == ']')
        text++;
    size_t host_size = (size_t)(colon - text) - (colon[-1] == ']');
    if (host_size == 0 || host_size > 255 || strlen(colon + 1) > 5)
        return -1;
    memcpy(host, text, host_size);
    host[host_size] = '\0';
    snprintf(port, 8, "%s", colon + 1);
    return 0;
}

static void copy_places(const struct addrinfo *info, struct address_list *ret_list)
{
    for (; info && ret_list->count < ADDRESS_MAX; info = info->ai_next) {
        memcpy(&ret_list->items[ret_list->count].place, info->ai_addr, info->ai_addrlen);
        ret_list->items[ret_list->count++].size = info->ai_addrlen;
    }
}

static int resolve_host(const char *host, const char *port, struct address_list *ret_list,
                        struct error *reterr)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int result = getaddrinfo(host, port, &hints, &found);

    if (result != 0)
        return error_set(reterr, ERROR_ADAPTER, "the host '%s' was not found: %s", host,
                         gai_strerror(result));
    ret_list->count = 0;
    copy_places(found, ret_list);
    freeaddrinfo(found);
    return 0;
}

int address_resolve(const char *address, struct address_list *ret_list, struct error *reterr)
{
    char host[256], port[8];

    if (strncmp(address, unix_scheme, sizeof(unix_scheme) - 1) == 0)
        return resolve_path(address + sizeof(unix_scheme) - 1, ret_list, reterr);
    if (strncmp(address, tcp_scheme, sizeof(tcp_scheme) - 1) != 0 ||
        split(address + sizeof(tcp_scheme) - 1, host, port) < 0)
        return refuse(address, reterr);
    return resolve_host(host, port, ret_list, reterr);
}
