/* redis_server.c: a child process that cannot outlive the test. */
#include "support/redis_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <hiredis/hiredis.h>

#define ARGUMENT_MAX 48
#define READY_TRIES  2000 /* of 5 ms each */

bool redis_server_is_installed(void)
{
    const char *const places[] = {"/usr/bin/redis-server", "/usr/local/bin/redis-server"};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (access(places[i], X_OK) == 0)
            return true;
    return false;
}

static int find_free_port(void)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(place);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port = -1;

    if (fd >= 0 && bind(fd, (struct sockaddr *)&place, sizeof(place)) == 0 &&
        getsockname(fd, (struct sockaddr *)&place, &size) == 0)
        port = ntohs(place.sin_port);
    if (fd >= 0)
        close(fd);
    return port;
}

static void exec_server(const struct redis_server *server, const char *const *options, pid_t parent)
{
    char port[16];
    const char *const ours[] = {
        "redis-server", "--port", port,           "--bind",     "127.0.0.1", "--save",    "",
        "--daemonize",  "no",     "--unixsocket", "redis.sock", "--logfile", "redis.log", NULL};
    char *arguments[ARGUMENT_MAX] = {0};
    size_t count = 0;

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent || chdir(server->folder) != 0)
        _exit(127);
    (void)snprintf(port, sizeof(port), "%d", server->port);
    for (size_t i = 0; ours[i]; i++)
        arguments[count++] = strdup(ours[i]);
    for (size_t i = 0; options && options[i] && count + 1 < ARGUMENT_MAX; i++)
        arguments[count++] = strdup(options[i]);
    execvp(arguments[0], arguments);
    _exit(127);
}

static void pause_ms(long ms)
{
    struct timespec duration = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&duration, NULL);
}

static void forget_admin(struct redis_server *server)
{
    if (server->admin)
        redisFree(server->admin);
    server->admin = NULL;
}

/* Over the socket in its own folder: a stranger on the same port cannot be mistaken for it. */
static redisReply *ask(struct redis_server *server, const char *format, va_list arguments)
{
    const struct timeval timeout = {.tv_sec = 20};
    redisReply *reply;

    if (!server->admin)
        server->admin =
            redisConnectUnixWithTimeout(server->socket_uri + strlen("unix://"), timeout);
    if (!server->admin || server->admin->err) {
        forget_admin(server);
        return NULL;
    }
    redisSetTimeout(server->admin, timeout);
    reply = redisvCommand(server->admin, format, arguments);
    if (!reply)
        forget_admin(server);
    return reply;
}

long long redis_server_number(struct redis_server *server, const char *format, ...)
{
    va_list arguments;
    redisReply *reply;
    long long number = -1;

    va_start(arguments, format);
    reply = ask(server, format, arguments);
    va_end(arguments);
    if (!reply)
        return -1;
    if (reply->type == REDIS_REPLY_INTEGER)
        number = reply->integer;
    else if (reply->type == REDIS_REPLY_ARRAY)
        number = (long long)reply->elements;
    else if (reply->type == REDIS_REPLY_STRING)
        number = strtoll(reply->str, NULL, 10);
    else if (reply->type != REDIS_REPLY_ERROR)
        number = 0;
    freeReplyObject(reply);
    return number;
}

const char *redis_server_text(struct redis_server *server, char *buffer, size_t capacity,
                              const char *format, ...)
{
    va_list arguments;
    redisReply *reply;

    va_start(arguments, format);
    reply = ask(server, format, arguments);
    va_end(arguments);
    (void)snprintf(buffer, capacity, "%s",
                   !reply       ? "(no answer)"
                   : reply->str ? reply->str
                                : "(no text)");
    if (reply)
        freeReplyObject(reply);
    return buffer;
}

static int wait_until_ready(struct redis_server *server)
{
    char answer[64];

    for (int i = 0; i < READY_TRIES; i++) {
        redis_server_text(server, answer, sizeof(answer), "PING");
        if (strcmp(answer, "(no answer)") != 0)
            return 0;
        if (waitpid(server->pid, NULL, WNOHANG) == server->pid) {
            server->pid = 0;
            return -1;
        }
        pause_ms(5);
    }
    redis_server_stop(server);
    return -1;
}

static int launch(struct redis_server *server, const char *const *options)
{
    pid_t parent = getpid();

    server->pid = fork();
    if (server->pid == 0)
        exec_server(server, options, parent);
    if (server->pid < 0) {
        server->pid = 0;
        return -1;
    }
    return wait_until_ready(server);
}

int redis_server_start(struct redis_server *server, const char *const *options)
{
    *server = (struct redis_server){.folder = "/tmp/gauntlet-redis-XXXXXX"};
    if (!mkdtemp(server->folder)) {
        server->folder[0] = '\0';
        return -1;
    }
    (void)snprintf(server->socket_uri, sizeof(server->socket_uri), "unix://%s/redis.sock",
                   server->folder);
    for (int i = 0; i < 5; i++) { /* somebody else may take the port before the server does */
        server->port = find_free_port();
        (void)snprintf(server->uri, sizeof(server->uri), "redis://127.0.0.1:%d/0", server->port);
        if (server->port > 0 && launch(server, options) == 0)
            return 0;
    }
    redis_server_release(server);
    return -1;
}

int redis_server_restart(struct redis_server *server, const char *const *options)
{
    redis_server_stop(server);
    return launch(server, options);
}

void redis_server_stop(struct redis_server *server)
{
    forget_admin(server);
    if (server->pid <= 0)
        return;
    kill(server->pid, SIGKILL);
    while (waitpid(server->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    server->pid = 0;
}

void redis_server_freeze(const struct redis_server *server, bool is_frozen)
{
    kill(server->pid, is_frozen ? SIGSTOP : SIGCONT);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void redis_server_release(struct redis_server *server)
{
    redis_server_stop(server);
    if (server->folder[0])
        nftw(server->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    server->folder[0] = '\0';
}
