/* uri.c: addresses of brokers, taken apart and made fit to be shown. */
#include "base/uri.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define PORT_MAX 65535

/* A piece of the text that is being taken apart. */
struct piece {
    const char *start, *end;
};

static int refuse(const char *text, const char *problem, struct error *reterr)
{
    char shown[256];

    uri_redact(text, shown, sizeof(shown));
    return error_set(reterr, ERROR_SCENARIO,
                     "'%s' %s: say scheme://[user:password@]host[:port][/path] or unix:///path",
                     shown, problem);
}

static const char *find_last(struct piece piece, char byte)
{
    return memrchr(piece.start, byte, (size_t)(piece.end - piece.start));
}

static const char *find_first(struct piece piece, char byte)
{
    return memchr(piece.start, byte, (size_t)(piece.end - piece.start));
}

static int hex_value(char digit)
{
    static const char DIGITS[] = "0123456789abcdef";
    const char *found = digit ? strchr(DIGITS, tolower((unsigned char)digit)) : NULL;

    return found ? (int)(found - DIGITS) : -1;
}

/* Copy with %41 made A.  -1 when it does not fit, or the encoding is broken. */
static int decode(struct piece piece, char *target, size_t capacity)
{
    size_t size = 0;

    for (const char *at = piece.start; at < piece.end; at++) {
        char byte = *at;

        if (byte == '%') {
            int high = piece.end - at > 2 ? hex_value(at[1]) : -1;
            int low = high >= 0 ? hex_value(at[2]) : -1;

            if (low < 0 || high * 16 + low == 0)
                return -1;
            byte = (char)(high * 16 + low);
            at += 2;
        }
        if (size + 1 >= capacity)
            return -1;
        target[size++] = byte;
    }
    target[size] = '\0';
    return 0;
}

static int parse_port(struct piece piece, int *ret_port)
{
    int port = 0;

    if (piece.start == piece.end)
        return -1;
    for (const char *at = piece.start; at < piece.end; at++) {
        if (!isdigit((unsigned char)*at))
            return -1;
        port = port * 10 + (*at - '0');
        if (port > PORT_MAX)
            return -1;
    }
    *ret_port = port;
    return port ? 0 : -1;
}

/* user, user:password or :password */
static const char *parse_user(struct piece piece, struct uri *uri)
{
    const char *colon = find_first(piece, ':');
    struct piece user = {piece.start, colon ? colon : piece.end};
    struct piece password = {colon ? colon + 1 : piece.end, piece.end};

    if (decode(user, uri->user, sizeof(uri->user)) != 0)
        return "has a user that is too long or wrongly encoded";
    if (decode(password, uri->password, sizeof(uri->password)) != 0)
        return "has a password that is too long or wrongly encoded";
    uri->has_password = colon != NULL;
    return NULL;
}

/* host, host:port, [::1] or [::1]:port */
static const char *parse_host(struct piece piece, struct uri *uri)
{
    const char *bracket = *piece.start == '[' ? find_first(piece, ']') : NULL;
    struct piece rest = {bracket ? bracket : piece.start, piece.end};
    const char *colon = find_first(rest, ':');
    struct piece host = {piece.start + (bracket != NULL),
                         bracket ? bracket : (colon ? colon : piece.end)};
    struct piece port = {colon ? colon + 1 : piece.end, piece.end};

    if (bracket && bracket + 1 != (colon ? colon : piece.end))
        return "has something between ']' and the port";
    if (host.start >= host.end)
        return "has no host";
    if (decode(host, uri->host, sizeof(uri->host)) != 0)
        return "has a host that is too long or wrongly encoded";
    if (colon && parse_port(port, &uri->port) != 0)
        return "has a port that is not a number from 1 to 65535";
    return NULL;
}

static const char *parse_rest(const char *text, struct uri *uri)
{
    int is_unix = strcmp(uri->scheme, "unix") == 0;
    struct piece authority = {text, text + (is_unix ? 0 : strcspn(text, "/?#"))};
    struct piece path = {authority.end, text + strlen(text)};
    const char *at = find_last(authority, '@');
    const char *problem = NULL;

    if (decode(path, uri->path, sizeof(uri->path)) != 0)
        return "has a path that is too long or wrongly encoded";
    if (is_unix)
        return uri->path[0] ? NULL : "has no path";
    if (at)
        problem = parse_user((struct piece){authority.start, at}, uri);
    if (problem)
        return problem;
    return parse_host((struct piece){at ? at + 1 : authority.start, authority.end}, uri);
}

static int is_scheme(struct piece piece)
{
    if (piece.start == piece.end || !isalpha((unsigned char)*piece.start))
        return 0;
    for (const char *at = piece.start; at < piece.end; at++)
        if (!isalnum((unsigned char)*at) && !strchr("+-._", *at))
            return 0;
    return 1;
}

int uri_parse(const char *text, struct uri *ret, struct error *reterr)
{
    const char *colon = strstr(text, "://");
    struct uri uri = {0};
    const char *problem;

    if (!colon)
        return refuse(text, "has no scheme", reterr);
    if (!is_scheme((struct piece){text, colon}))
        return refuse(text, "has a scheme that is no word", reterr);
    if (decode((struct piece){text, colon}, uri.scheme, sizeof(uri.scheme)) != 0)
        return refuse(text, "has a scheme that is too long", reterr);
    problem = parse_rest(colon + 3, &uri);
    if (problem)
        return refuse(text, problem, reterr);
    *ret = uri;
    return 0;
}

char *uri_relocate(const char *text, const char *host, unsigned port)
{
    const char *scheme = strstr(text, "://");
    const char *begin = scheme ? scheme + 3 : text;
    const char *end = begin + strcspn(begin, "/?#");
    const char *at = find_last((struct piece){begin, end}, '@');

    if (!scheme || begin == end)
        return NULL;
    if (at)
        begin = at + 1;
    return memory_format("%.*s%s:%u%s", (int)(begin - text), text, host, port, end);
}

/* Everything from the first ':' to the last '@' goes: too much may be hidden, too little never. */
void uri_redact(const char *text, char *buffer, size_t capacity)
{
    const char *scheme = strstr(text, "://");
    const char *start = scheme ? scheme + 3 : text;
    const char *at = strrchr(start, '@');
    const char *colon = at ? memchr(start, ':', (size_t)(at - start)) : NULL;

    if (colon)
        (void)snprintf(buffer, capacity, "%.*s***%s", (int)(colon + 1 - text), text, at);
    else
        text_copy(buffer, capacity, text);
}

bool uri_names_secret(const char *key, size_t size)
{
    static const char *const words[] = {"pass", "secret", "token", "auth"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const char *found = strcasestr(key, words[i]);

        if (found && (size_t)(found - key) < size)
            return true;
    }
    return false;
}
