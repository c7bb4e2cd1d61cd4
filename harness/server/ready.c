/* ready.c: looks at ports and logs from outside, with short system calls. */
#include "server/ready.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "loop/loop.h"

#define PORT_MIN        20000u
#define PORT_COUNT      12000u /* up to where the system's own begin, 32768 */
#define PORT_TRIES      200
#define LOOK_TIMEOUT_MS 250
#define LOG_SIZE_MAX    (256u << 10)

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static bool is_free(uint16_t port)
{
    struct sockaddr_in place = loopback(port);
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool result;

    if (fd < 0)
        return false;
    /* As servers do: what an earlier connection left behind does not count. */
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    result = bind(fd, (struct sockaddr *)&place, sizeof(place)) == 0 && listen(fd, 1) == 0;
    (void)close(fd);
    return result;
}

uint16_t ready_free_port(void)
{
    for (int i = 0; i < PORT_TRIES; i++) {
        uint16_t port = (uint16_t)(PORT_MIN + loop_entropy() % PORT_COUNT);

        if (is_free(port))
            return port;
    }
    return 0;
}

/* --- Ways of looking ------------------------------------------------------------------------- */

static bool await(int fd, short events, int timeout_ms)
{
    struct pollfd look = {.fd = fd, .events = events};

    return poll(&look, 1, timeout_ms) > 0;
}

/* A connection, or -1. */
static int reach(uint16_t port)
{
    struct sockaddr_in place = loopback(port);
    int problem = 0, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    socklen_t size = sizeof(problem);

    if (fd < 0)
        return -1;
    (void)connect(fd, (struct sockaddr *)&place, sizeof(place));
    if (await(fd, POLLOUT, LOOK_TIMEOUT_MS) &&
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 && problem == 0)
        return fd;
    (void)close(fd);
    return -1;
}

static bool accepts(const char *argument, const struct ready_place *place)
{
    int fd = reach(place->port);

    (void)argument;
    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

int ready_ask(uint16_t port, const char *line, int timeout_ms, char *answer, size_t capacity)
{
    int fd = reach(port);
    ssize_t size = -1;

    if (fd < 0)
        return -1;
    if (send(fd, line, strlen(line), MSG_NOSIGNAL) == (ssize_t)strlen(line) &&
        send(fd, "\r\n", 2, MSG_NOSIGNAL) == 2 && await(fd, POLLIN, timeout_ms))
        size = recv(fd, answer, capacity - 1, 0);
    (void)close(fd);
    if (size <= 0)
        return -1;
    answer[size] = '\0';
    answer[strcspn(answer, "\r\n")] = '\0';
    return 0;
}

/* While it loads its data it answers too, but serves nothing. */
static bool answers_ping(const char *argument, const struct ready_place *place)
{
    static const char *const ANSWERS[] = {"+PONG", "-NOAUTH", "-NOPERM"};
    char answer[64] = "";
    bool found = false;

    (void)argument;
    if (ready_ask(place->port, "PING", LOOK_TIMEOUT_MS, answer, sizeof(answer)) < 0)
        return false;
    for (size_t i = 0; i < sizeof(ANSWERS) / sizeof(ANSWERS[0]); i++)
        found |= strncmp(answer, ANSWERS[i], strlen(ANSWERS[i])) == 0;
    return found;
}

char *ready_read(const char *path, uint64_t from, size_t size_max)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
    off_t begin = (off_t)from;
    char *text = NULL;

    if (end - begin > (off_t)size_max)
        begin = end - (off_t)size_max;
    if (end >= begin) {
        text = memory_new((size_t)(end - begin) + 1, 1);
        if (pread(fd, text, (size_t)(end - begin), begin) < 0)
            text[0] = '\0';
    }
    if (fd >= 0)
        (void)close(fd);
    return text;
}

static bool says(const char *argument, const struct ready_place *place)
{
    char *text = ready_read(place->log_path, place->log_from, LOG_SIZE_MAX);
    bool found = text && strstr(text, argument);

    free(text);
    return found;
}

static const struct way {
    const char *word;
    bool has_argument;
    bool (*look)(const char *argument, const struct ready_place *place);
} WAYS[] = {
    {"tcp", false, accepts},
    {"redis", false, answers_ping},
    {"log", true, says},
};

static const struct way *find_way(const char *way, const char **ret_argument)
{
    for (size_t i = 0; i < sizeof(WAYS) / sizeof(WAYS[0]); i++) {
        size_t size = strlen(WAYS[i].word);

        if (strncmp(way, WAYS[i].word, size) != 0 || way[size] != (WAYS[i].has_argument ? ':' : 0))
            continue;
        *ret_argument = way + size + WAYS[i].has_argument;
        return &WAYS[i];
    }
    return NULL;
}

int ready_check(const char *way, struct error *reterr)
{
    const char *argument = "";

    if (find_way(way, &argument))
        return 0;
    return error_set(reterr, ERROR_SCENARIO,
                     "'%.60s' is no way to see that a server is ready: say tcp, redis, or log:TEXT",
                     way);
}

bool ready_look(const char *way, const struct ready_place *place)
{
    const char *argument = "";
    const struct way *found = find_way(way, &argument);

    return found && found->look(argument, place);
}

/* --- What it said ---------------------------------------------------------------------------- */

static const char *last_lines(const char *text, int lines)
{
    const char *at = text + strlen(text);

    while (at > text && at[-1] == '\n')
        at--;
    for (; at > text; at--)
        if (at[-1] == '\n' && --lines == 0)
            break;
    return at;
}

void ready_tail(const char *path, uint64_t from, int lines, char *text, size_t capacity)
{
    char *whole = ready_read(path, from, LOG_SIZE_MAX);
    const char *at = whole ? last_lines(whole, lines) : "";
    size_t size = 0;

    for (; *at && size + 4 < capacity; at++) {
        const char *piece = *at == '\n' ? (at[1] ? " | " : "") : (char[]){*at, '\0'};

        if ((unsigned char)*at < ' ')
            piece = *at == '\n' ? piece : "";
        for (; *piece; piece++)
            text[size++] = *piece;
    }
    text[size] = '\0';
    free(whole);
}
