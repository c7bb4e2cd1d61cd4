/* spawn.c: fork and exec, and the end of it. */
#include "adapters/stdio/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIPE_SIZE = 1 << 20, COULD_NOT_RUN = 127 };

void stdio_child_close(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* --- The child's side ------------------------------------------------------------------------- */

static void restore_signals(void)
{
    sigset_t none;

    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)signal(SIGINT, SIG_DFL);
}

/* A plain command takes the shell's place, so that its death is ours to bind. */
static int is_plain(const char *command)
{
    return !strpbrk(command, ";&|<>()`$\n{}!") && command[strcspn(command, "= \t")] != '=';
}

/* Ctrl-C on a terminal is for the harness, which then lets its children go: hence the group. */
static void become(const char *command, const char *plain, const int ends[3], pid_t parent)
{
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(COULD_NOT_RUN);
    restore_signals();
    for (int i = 0; i < 3; i++)
        (void)dup2(ends[i], i);
    if (plain)
        (void)execl("/bin/sh", "sh", "-c", "eval \"exec $0\"", command, (char *)NULL);
    (void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(COULD_NOT_RUN);
}

/* --- Our side --------------------------------------------------------------------------------- */

/* ends[0] reads, ends[1] writes; ours does not block. */
static int make_pipe(int ends[2], int ours)
{
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    (void)fcntl(ends[ours], F_SETFL, O_NONBLOCK);
    (void)fcntl(ends[ours], F_SETPIPE_SZ, PIPE_SIZE);
    return 0;
}

static void close_pipes(int pipes[3][2])
{
    for (int i = 0; i < 3; i++) {
        stdio_child_close(&pipes[i][0]);
        stdio_child_close(&pipes[i][1]);
    }
}

int stdio_spawn(const char *command, struct stdio_child *ret_child)
{
    int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
    pid_t parent = getpid(), pid;

    if (make_pipe(pipes[0], 1) < 0 || make_pipe(pipes[1], 0) < 0 || make_pipe(pipes[2], 0) < 0) {
        close_pipes(pipes);
        return -1;
    }
    pid = fork();
    if (pid < 0) {
        close_pipes(pipes);
        return -1;
    }
    if (pid == 0)
        become(command, is_plain(command) ? command : NULL,
               (int[]){pipes[0][0], pipes[1][1], pipes[2][1]}, parent);
    (void)setpgid(pid, pid); /* whoever comes first */
    *ret_child = (struct stdio_child){pid, pipes[0][1], pipes[1][0], pipes[2][0]};
    pipes[0][1] = pipes[1][0] = pipes[2][0] = -1;
    close_pipes(pipes);
    return 0;
}

void stdio_child_kill(const struct stdio_child *child)
{
    if (child->pid > 0)
        (void)kill(-child->pid, SIGKILL);
}

/* Without pidfds (before Linux 5.3) nobody can wait with a limit: it is killed at once. */
static void wait_a_while(pid_t pid, int timeout_ms)
{
    struct pollfd ended = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};

    if (ended.fd < 0)
        return;
    while (poll(&ended, 1, timeout_ms) < 0 && errno == EINTR) {
    }
    (void)close(ended.fd);
}

bool stdio_child_await(struct stdio_child *child, int timeout_ms, char *ret_how, size_t capacity)
{
    int status = 0;

    wait_a_while(child->pid, timeout_ms);
    bool is_ended = waitpid(child->pid, &status, WNOHANG) != 0;
    if (!is_ended) {
        stdio_child_kill(child);
        while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
        }
    }
    stdio_child_kill(child); /* whom it left behind in its group */
    child->pid = 0;
    if (WIFSIGNALED(status))
        (void)snprintf(ret_how, capacity, "signal %d (%s)", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
    else
        (void)snprintf(ret_how, capacity, "exit code %d", WEXITSTATUS(status));
    return is_ended;
}
