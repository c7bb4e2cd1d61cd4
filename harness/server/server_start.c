/* server_start.c: a server gets a port, a folder and a process, and is waited for. */
#include "server/server_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "loop/loop.h"
#include "server/folder.h"
#include "server/power.h"
#include "server/ready.h"

#define LOOK_PAUSE_MS 10
#define PORT_TRIES    3
#define HOST          "127.0.0.1"

char *server_fill_in(const struct server *server, const char *text)
{
    char port[8];
    const struct folder_word words[] = {
        {"{port}", port}, {"{dir}", server->data ? server->data : "."}, {"{host}", HOST}};

    (void)snprintf(port, sizeof(port), "%u", server->port);
    return folder_replace(text, words, sizeof(words) / sizeof(words[0]));
}

static int watch_syncs(struct server *server, struct error *reterr)
{
    server->library = memory_format("%s/sync_marks.so", server->folder);
    server->marks = memory_format("%s/synced", server->folder);
    return power_prepare(server->library, server->marks, reterr);
}

static int prepare(struct server *server, struct error *reterr)
{
    if (server->port == 0 && (server->port = ready_free_port()) == 0)
        return error_set(reterr, ERROR_SYSTEM, "no free port for %s", server->name);
    if (server->folder)
        return 0;
    server->folder = folder_new(server->name, reterr);
    if (!server->folder)
        return -1;
    server->data = memory_format("%s/data", server->folder);
    if (!server->log_path)
        server->own_log = memory_format("%s/server.log", server->folder);
    if (server->may_lose_power && watch_syncs(server, reterr) < 0)
        return -1;
    return mkdir(server->data, 0700) == 0
               ? 0
               : error_set(reterr, ERROR_SYSTEM, "%s: %s", server->data, strerror(errno));
}

static int write_config(const struct server *server, struct error *reterr)
{
    char *path, *text, *whole;
    int result;

    if (!server->config_name)
        return 0;
    path = memory_format("%s/%s", server->data, server->config_name);
    whole = memory_format("%s%s", server->config ? server->config : "",
                          server->added ? server->added : "");
    text = server_fill_in(server, whole);
    free(whole);
    result = folder_write(path, text, reterr);
    free(text);
    free(path);
    return result;
}

const char *server_log_path(const struct server *server)
{
    if (server->log_path)
        return server->log_path;
    return server->own_log ? server->own_log : "";
}

static int open_output(struct server *server, struct error *reterr)
{
    const char *path = server_log_path(server);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    off_t end = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);

    if (fd < 0)
        return error_set(reterr, ERROR_SYSTEM, "%.200s: %s", path, strerror(errno));
    server->log_from = end > 0 ? (uint64_t)end : 0;
    return fd;
}

static int launch(struct server *server, struct error *reterr)
{
    struct keeper before = server->keeper; /* watches over the folder until the new one does */
    struct keeper_plan plan = {.work = server->runs_here ? NULL : server->data,
                               .folder = server->folder,
                               .preload = server->library,
                               .marks = server->marks};
    char *command;
    int result = -1;

    plan.output = open_output(server, reterr);
    if (plan.output < 0)
        return -1;
    command = server_fill_in(server, server->command);
    plan.command = command;
    server->is_background = false;
    result = keeper_open(&server->keeper, &plan, reterr);
    keeper_close(&before);
    (void)close(plan.output);
    free(command);
    return result;
}

bool server_looks_ready(const struct server *server)
{
    const struct ready_place place = {
        .port = server->port, .log_path = server_log_path(server), .log_from = server->log_from};

    return server->answers ? server->answers(server->context) : ready_look(server->ready, &place);
}

static int explain(const struct server *server, const char *what, struct error *reterr)
{
    char tail[200] = "";

    ready_tail(server_log_path(server), server->log_from, 3, tail, sizeof(tail));
    return error_set(reterr, ERROR_ADAPTER, "the server %s: '%.100s'%s%s", what, server->command,
                     tail[0] ? "; it said: " : "", tail);
}

/* A command that ended well has put its server into the background. */
static int look_at_process(struct server *server, int pause_ms, struct error *reterr)
{
    if (server->is_background) {
        (void)poll(NULL, 0, pause_ms);
        return 0;
    }
    if (!keeper_wait(&server->keeper, pause_ms))
        return 0;
    if (!WIFEXITED(server->keeper.status) || WEXITSTATUS(server->keeper.status) != 0)
        return explain(server, "ended at once", reterr);
    server->is_background = true;
    return 0;
}

int server_await(struct server *server, struct error *reterr)
{
    uint64_t deadline_ns = loop_real_now_ns() + server->ready_timeout_ns;

    while (look_at_process(server, LOOK_PAUSE_MS, reterr) == 0) {
        if (server_looks_ready(server))
            return 0;
        if (loop_real_now_ns() >= deadline_ns)
            return explain(server, "does not answer", reterr);
    }
    return -1;
}

int server_launch(struct server *server, struct error *reterr)
{
    if (!server->command)
        return error_set(reterr, ERROR_USAGE, "there is no command that starts it");
    return prepare(server, reterr) < 0 || write_config(server, reterr) < 0 ? -1
                                                                           : launch(server, reterr);
}

int server_start_once(struct server *server, struct error *reterr)
{
    if (server_launch(server, reterr) < 0)
        return -1;
    if (server_await(server, reterr) == 0)
        return 0;
    (void)keeper_signal(&server->keeper, SIGKILL);
    return -1;
}

/* Somebody else may take the port before the server does. */
static bool is_port_lost(const struct server *server)
{
    return !server->is_port_given && !server->answers &&
           ready_look("tcp", &(struct ready_place){.port = server->port});
}

int server_start(struct server *server, struct error *reterr)
{
    if (!server->command)
        return error_set(reterr, ERROR_USAGE, "there is no command that starts it");
    if (server->answers && server->answers(server->context))
        return error_set(reterr, ERROR_USAGE,
                         "a server answers there already: 'start' starts one of the run's own, so "
                         "give it an address that is free");
    for (int i = 1; server_start_once(server, reterr) < 0; i++) {
        if (i == PORT_TRIES || server->folder == NULL || !is_port_lost(server))
            return -1;
        server->port = 0;
    }
    return 0;
}
