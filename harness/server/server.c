/* server.c: words become signals to a process of our own, or commands of somebody else's. */
#include "server/server.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "server/folder.h"
#include "server/power.h"
#include "server/ready.h"
#include "server/server_parts.h"

#define STOP_TIMEOUT_MS    10000
#define KILL_TIMEOUT_MS    10000
#define COMMAND_TIMEOUT_MS 60000
#define ASK_TIMEOUT_MS     10000

/* --- Words ----------------------------------------------------------------------------------- */

static const char *const WORDS[SERVER_WORD_COUNT] = {
    [SERVER_START] = "start", [SERVER_STOP] = "stop",         [SERVER_KILL] = "kill",
    [SERVER_PAUSE] = "pause", [SERVER_CONTINUE] = "continue", [SERVER_RESTART] = "restart",
    [SERVER_WIPE] = "wipe",
};

const char *server_word_name(enum server_word word)
{
    return word < SERVER_WORD_COUNT ? WORDS[word] : "?";
}

enum server_word server_word_find(const char *name)
{
    enum server_word word = SERVER_START;

    while (word < SERVER_WORD_COUNT && strcmp(WORDS[word], name) != 0)
        word++;
    return word;
}

/* --- Life ------------------------------------------------------------------------------------ */

struct server *server_new(const struct server_plan *plan)
{
    struct server *server = memory_new(1, sizeof(*server));

    *server = (struct server){
        .name = memory_string(plan->name ? plan->name : "server"),
        .command = memory_string(plan->command),
        .ready = memory_string(plan->ready ? plan->ready : "tcp"),
        .log_path = memory_string(plan->log_path),
        .config_name = memory_string(plan->config_name),
        .config = memory_string(plan->config),
        .answers = plan->answers,
        .context = plan->context,
        .ready_timeout_ns =
            plan->ready_timeout_ns ? plan->ready_timeout_ns : SERVER_READY_TIMEOUT_NS,
        .runs_here = plan->runs_here,
        .may_lose_power = plan->may_lose_power,
        .port = plan->port,
        .is_port_given = plan->port > 0,
        .keeper = KEEPER_INIT,
    };
    for (size_t i = 0; i < SERVER_WORD_COUNT; i++)
        server->control[i] = memory_string(plan->control[i]);
    return server;
}

/* --- Doing ----------------------------------------------------------------------------------- */

static int run_command(const char *command, struct error *reterr)
{
    struct keeper keeper = KEEPER_INIT;
    struct keeper_plan plan = {.command = command, .output = STDERR_FILENO, .lets_go = true};
    bool is_well;

    if (keeper_open(&keeper, &plan, reterr) < 0)
        return -1;
    is_well = keeper_wait(&keeper, COMMAND_TIMEOUT_MS) && WIFEXITED(keeper.status) &&
              WEXITSTATUS(keeper.status) == 0;
    keeper_close(&keeper);
    return is_well ? 0 : error_set(reterr, ERROR_SYSTEM, "'%.200s' failed", command);
}

bool server_is_ours(const struct server *server)
{
    return server->command != NULL;
}

static bool has_process(const struct server *server)
{
    return server->keeper.socket >= 0;
}

static int signal_own(struct server *server, int number, struct error *reterr)
{
    if (has_process(server) && keeper_signal(&server->keeper, number) == 0)
        return 0;
    return error_set(reterr, ERROR_SYSTEM, "the server is not running");
}

static int end_own(struct server *server, int number, int timeout_ms, struct error *reterr)
{
    if (signal_own(server, number, reterr) < 0)
        return -1;
    if (number == SIGTERM) /* a frozen one hears nothing */
        (void)keeper_signal(&server->keeper, SIGCONT);
    if (keeper_wait(&server->keeper, timeout_ms))
        return 0;
    return error_set(reterr, ERROR_SYSTEM, "the server did not end in %d s", timeout_ms / 1000);
}

static int kill_own(struct server *server, struct error *reterr)
{
    return end_own(server, SIGKILL, KILL_TIMEOUT_MS, reterr);
}

static int stop_own(struct server *server, struct error *reterr)
{
    return end_own(server, SIGTERM, STOP_TIMEOUT_MS, reterr);
}

static int pause_own(struct server *server, struct error *reterr)
{
    return signal_own(server, SIGSTOP, reterr);
}

static int continue_own(struct server *server, struct error *reterr)
{
    return signal_own(server, SIGCONT, reterr);
}

static int restart_own(struct server *server, struct error *reterr)
{
    struct error ignored = {0};

    (void)kill_own(server, &ignored);
    return server_start_once(server, reterr);
}

static int wipe_own(struct server *server, struct error *reterr)
{
    if (has_process(server) && keeper_signal(&server->keeper, 0) == 0)
        return error_set(reterr, ERROR_USAGE, "it is running: kill it before its data is wiped");
    return folder_empty(server->data, reterr);
}

static int (*const OWN[SERVER_WORD_COUNT])(struct server *server, struct error *reterr) = {
    [SERVER_START] = server_start, [SERVER_STOP] = stop_own,         [SERVER_KILL] = kill_own,
    [SERVER_PAUSE] = pause_own,    [SERVER_CONTINUE] = continue_own, [SERVER_RESTART] = restart_own,
    [SERVER_WIPE] = wipe_own,
};

static bool has_both(const struct server *server, enum server_word first, enum server_word second)
{
    return server->control[first] && server->control[second];
}

bool server_can(const struct server *server, enum server_word word)
{
    if (word >= SERVER_WORD_COUNT)
        return false;
    if (server->control[word] ||
        (word == SERVER_RESTART && has_both(server, SERVER_KILL, SERVER_START)))
        return true;
    return server->command && (word == SERVER_START || has_process(server)) &&
           (word != SERVER_WIPE || server->data);
}

static int run_control(struct server *server, enum server_word word, struct error *reterr)
{
    char *command = server_fill_in(server, server->control[word]);
    int result = run_command(command, reterr);

    free(command);
    return result;
}

static int do_word(struct server *server, enum server_word word, struct error *reterr)
{
    if (server->control[word])
        return run_control(server, word, reterr);
    if (word != SERVER_RESTART || server->command)
        return OWN[word](server, reterr);
    return run_control(server, SERVER_KILL, reterr) < 0 ? -1
                                                        : run_control(server, SERVER_START, reterr);
}

int server_do(struct server *server, enum server_word word, struct error *reterr)
{
    if (!server_can(server, word))
        return error_set(reterr, ERROR_USAGE, "the server has no command '%.20s'",
                         server_word_name(word));
    if (do_word(server, word, reterr) < 0)
        return -1;
    server->is_frozen = word == SERVER_PAUSE;
    return 0;
}

/* Looks deceive: a frozen server still accepts connections, and the log of a dead one still says
   that it is ready. */
static bool needs_rescue(struct server *server)
{
    bool has_ended = server->command && has_process(server) && !server_is_running(server);

    return server->is_frozen || has_ended || !server_looks_ready(server);
}

void server_revive(struct server *server)
{
    static const enum server_word RESCUES[] = {SERVER_CONTINUE, SERVER_RESTART};
    struct error ignored = {0};

    for (size_t i = 0; i < sizeof(RESCUES) / sizeof(RESCUES[0]); i++)
        if (server_can(server, RESCUES[i]) && needs_rescue(server))
            (void)server_do(server, RESCUES[i], &ignored);
}

void server_free(struct server *server)
{
    struct error ignored = {0};

    if (!server)
        return;
    keeper_close(&server->keeper);
    /* A server that a command of a profile has started behind our back. */
    if (server->command && server->control[SERVER_KILL] && server_looks_ready(server))
        (void)server_do(server, SERVER_KILL, &ignored);
    folder_remove(server->folder);
    for (size_t i = 0; i < SERVER_WORD_COUNT; i++)
        free(server->control[i]);
    free(server->name);
    free(server->command);
    free(server->ready);
    free(server->log_path);
    free(server->own_log);
    free(server->library);
    free(server->marks);
    free(server->config_name);
    free(server->config);
    free(server->added);
    free(server->folder);
    free(server->data);
    free(server);
}

/* --- Facts ----------------------------------------------------------------------------------- */

bool server_is_running(struct server *server)
{
    return has_process(server) && keeper_signal(&server->keeper, 0) == 0;
}

char *server_log(const struct server *server, size_t size_max)
{
    return ready_read(server_log_path(server), 0, size_max);
}

uint16_t server_port(const struct server *server)
{
    return server->port;
}

const char *server_folder(const struct server *server)
{
    return server->data ? server->data : "";
}

pid_t server_pid(const struct server *server)
{
    return has_process(server) ? server->keeper.server : 0;
}

void server_add_config(struct server *server, const char *lines)
{
    free(server->added);
    server->added = memory_string(lines);
}

void server_set_port(struct server *server, uint16_t port)
{
    server->port = port;
}

int server_ask(const struct server *server, const char *line, char *answer, size_t capacity)
{
    return ready_ask(server->port, line, ASK_TIMEOUT_MS, answer, capacity);
}

int server_forget_unsynced(struct server *server, struct error *reterr)
{
    if (server->marks)
        return power_forget(server->data, server->marks, server->config_name, reterr);
    return error_set(reterr, ERROR_USAGE, "what it synced to disk was not watched");
}

int server_limit_files(struct server *server, uint64_t size_max, struct error *reterr)
{
    if (has_process(server) && keeper_limit(&server->keeper, size_max) == 0)
        return 0;
    return error_set(reterr, ERROR_SYSTEM, "the server is not running");
}
