/* conform_server.c: child processes owned by pid, each the head of a group of its own. */
#include "run/conform_server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

#define LOOKS_MAX 40 /* of a moment each, until a server must answer */

struct conform_server {
    struct conform_server_plan plan;
    pid_t pid;     /* of the server we started; 0: not running */
    bool is_owned; /* its process stayed: it can be driven by signals */
};

struct conform_server *conform_server_new(const struct conform_server_plan *plan)
{
    struct conform_server *server = memory_new(1, sizeof(*server));

    server->plan = *plan;
    return server;
}

/* --- Processes ------------------------------------------------------------------------------- */

/* What is wrong in the child is seen by its exit code.  Its death is bound to ours. */
static void become(const char *command, bool is_silent)
{
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    sigset_t none;

    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)dup2(nowhere, STDIN_FILENO);
    (void)dup2(is_silent ? nowhere : STDERR_FILENO, STDOUT_FILENO); /* that is for the summary */
    if (is_silent)
        (void)dup2(nowhere, STDERR_FILENO);
    (void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

/* What a server says is not for our terminal; what a command complains of is. */
static int spawn(const char *command, bool is_silent, pid_t *ret_pid, struct error *reterr)
{
    pid_t pid = fork();

    if (pid < 0)
        return error_set(reterr, ERROR_SYSTEM, "cannot start '%.100s': %s", command,
                         strerror(errno));
    if (pid == 0)
        become(command, is_silent);
    *ret_pid = pid;
    return 0;
}

static pid_t await(pid_t pid, int *ret_status)
{
    pid_t ended;

    do
        ended = waitpid(pid, ret_status, 0);
    while (ended < 0 && errno == EINTR);
    return ended;
}

static int run_command(const char *command, struct error *reterr)
{
    pid_t pid = 0;
    int status = 0;

    if (spawn(command, false, &pid, reterr) < 0)
        return -1;
    if (await(pid, &status) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return error_set(reterr, ERROR_SYSTEM, "'%.200s' failed", command);
    return 0;
}

static void kill_own(struct conform_server *server)
{
    int status;

    if (server->pid == 0)
        return;
    (void)kill(-server->pid, SIGKILL);
    (void)await(server->pid, &status);
    server->pid = 0;
}

/* --- Starting -------------------------------------------------------------------------------- */

/* A command that ended well has put its server into the background. */
static int look_at_child(struct conform_server *server, struct error *reterr)
{
    int status = 0;

    if (server->pid == 0 || waitpid(server->pid, &status, WNOHANG) != server->pid)
        return 0;
    server->pid = 0;
    server->is_owned = false;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    return error_set(reterr, ERROR_ADAPTER, "the server ended at once: '%.200s'",
                     server->plan.commands->start);
}

static int await_answer(struct conform_server *server, struct error *reterr)
{
    for (int i = 0; i < LOOKS_MAX; i++) {
        if (look_at_child(server, reterr) < 0)
            return -1;
        if (server->plan.answers(server->plan.context))
            return 0;
    }
    return error_set(reterr, ERROR_ADAPTER, "the server does not answer after '%.200s'",
                     server->plan.commands->start);
}

static int start_own(struct conform_server *server, struct error *reterr)
{
    if (spawn(server->plan.commands->start, true, &server->pid, reterr) < 0)
        return -1;
    server->is_owned = true;
    if (await_answer(server, reterr) == 0)
        return 0;
    kill_own(server);
    return -1;
}

int conform_server_start(struct conform_server *server, struct error *reterr)
{
    if (server->plan.answers(server->plan.context))
        return error_set(reterr, ERROR_USAGE,
                         "a server answers there already: 'server.start' of the profile starts one "
                         "of the run's own, so give it an address that is free");
    return start_own(server, reterr);
}

/* --- Driving --------------------------------------------------------------------------------- */

static const char *command_of(const struct conform_server *server, const char *verb)
{
    const struct clause_server *commands = server->plan.commands;

    if (strcmp(verb, "kill") == 0)
        return commands->kill;
    if (strcmp(verb, "stop") == 0)
        return commands->stop;
    if (strcmp(verb, "continue") == 0)
        return commands->resume;
    return strcmp(verb, "restart") == 0 ? commands->restart : NULL;
}

static bool is_own_verb(const char *verb)
{
    static const char *const VERBS[] = {"kill", "stop", "continue", "restart"};

    for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++)
        if (strcmp(VERBS[i], verb) == 0)
            return true;
    return false;
}

bool conform_server_can(const struct conform_server *server, const char *verb)
{
    return command_of(server, verb) || (server->is_owned && is_own_verb(verb));
}

static int signal_own(struct conform_server *server, int number, struct error *reterr)
{
    if (server->pid > 0 && kill(-server->pid, number) == 0)
        return 0;
    return error_set(reterr, ERROR_SYSTEM, "the server is not running");
}

int conform_server_do(struct conform_server *server, const char *verb, struct error *reterr)
{
    const char *command = command_of(server, verb);

    if (command)
        return run_command(command, reterr);
    if (!conform_server_can(server, verb))
        return error_set(reterr, ERROR_USAGE, "the profile has no 'server.%.20s'", verb);
    if (strcmp(verb, "stop") == 0)
        return signal_own(server, SIGSTOP, reterr);
    if (strcmp(verb, "continue") == 0)
        return signal_own(server, SIGCONT, reterr);
    kill_own(server);
    return strcmp(verb, "restart") == 0 ? start_own(server, reterr) : 0;
}

void conform_server_restore(struct conform_server *server)
{
    static const char *const VERBS[] = {"continue", "restart"};
    struct error ignored = {0};

    for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++)
        if (!server->plan.answers(server->plan.context) && conform_server_can(server, VERBS[i]))
            (void)conform_server_do(server, VERBS[i], &ignored);
}

void conform_server_free(struct conform_server *server)
{
    struct error ignored = {0};

    if (!server)
        return;
    if (server->plan.commands->start && !server->is_owned && server->plan.commands->kill)
        (void)run_command(server->plan.commands->kill, &ignored);
    kill_own(server);
    free(server);
}
