/* filter.c: a child process owned by pid, fed and read by one poll loop with a timer in it. */
#include "reports/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

#define OUTPUT_MAX (64u << 20)

enum place { PLACE_INPUT, PLACE_OUTPUT, PLACE_TIMER, PLACES };

/* --- Starting -----------------------------------------------------------------------------------
 */

/* Signals of the terminal do not reach it, and none that we ignore or block is its affair. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGINT);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETSIGDEF) ||
           posix_spawnattr_setsigmask(attributes, &none) ||
           posix_spawnattr_setsigdefault(attributes, &defaults) ||
           posix_spawnattr_setpgroup(attributes, 0);
}

static int spawn(const char *program, int input, int output, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char *name = memory_string(program);
    char *const argv[] = {name, NULL};
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int failed =
        set_attributes(&attributes) ||
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) ||
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) ||
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) ||
        posix_spawnp(ret_pid, program, &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(name);
    return failed ? -1 : 0;
}

/* A socket each way: writing to one that is closed can be an error instead of a signal. */
static int start(const char *program, struct pollfd places[PLACES], pid_t *ret_pid)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1};
    int failed = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) ||
                 socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, out) ||
                 spawn(program, in[1], out[1], ret_pid);
    places[PLACE_INPUT] = (struct pollfd){.fd = in[0], .events = POLLOUT};
    places[PLACE_OUTPUT] = (struct pollfd){.fd = out[0], .events = POLLIN};
    for (int i = 0; i < 2; i++) { /* the child's ends */
        int fd = i == 0 ? in[1] : out[1];
        if (fd >= 0)
            close(fd);
    }
    return failed ? -1 : 0;
}

/* --- Feeding and reading ------------------------------------------------------------------------
 */

static void close_place(struct pollfd *place)
{
    if (place->fd >= 0)
        close(place->fd);
    place->fd = -1; /* which poll passes over */
}

static bool is_patient(void)
{
    return errno == EAGAIN || errno == EINTR;
}

/* What a child that reads no further has not taken is no loss. */
static void feed(struct pollfd *place, const struct text *input, size_t *fed)
{
    ssize_t sent =
        send(place->fd, text_string(input) + *fed, input->size - *fed, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
        *fed += (size_t)sent;
    if ((sent < 0 && !is_patient()) || *fed == input->size)
        close_place(place);
}

static void drain(struct pollfd *place, struct text *output)
{
    char buffer[16384];
    ssize_t size = recv(place->fd, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (size > 0)
        text_append(output, buffer, (size_t)size);
    else if (size == 0 || !is_patient())
        close_place(place);
}

static enum filter_end converse(struct pollfd places[PLACES], const struct text *input,
                                struct text *output)
{
    size_t fed = 0, before = output->size;
    while (places[PLACE_OUTPUT].fd >= 0) {
        if (poll(places, PLACES, -1) < 0 && errno != EINTR)
            return FILTER_LATE;
        if (places[PLACE_TIMER].revents || output->size - before > OUTPUT_MAX)
            return FILTER_LATE;
        if (places[PLACE_INPUT].fd >= 0 && places[PLACE_INPUT].revents)
            feed(&places[PLACE_INPUT], input, &fed);
        if (places[PLACE_OUTPUT].revents)
            drain(&places[PLACE_OUTPUT], output);
    }
    return FILTER_DONE;
}

static int start_timer(uint64_t limit_ns)
{
    const struct itimerspec limit = {.it_value = {.tv_sec = (time_t)(limit_ns / 1000000000u),
                                                  .tv_nsec = (long)(limit_ns % 1000000000u)}};
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    if (fd >= 0 && timerfd_settime(fd, 0, &limit, NULL)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Its whole group: what it has started goes with it. */
static void end(pid_t pid)
{
    kill(-pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

enum filter_end filter_run(const char *program, const struct text *input, uint64_t limit_ns,
                           struct text *ret_output)
{
    struct pollfd places[PLACES] = {{.fd = -1}, {.fd = -1}, {.fd = -1}};
    enum filter_end result = FILTER_MISSING;
    pid_t pid;
    places[PLACE_TIMER] = (struct pollfd){.fd = start_timer(limit_ns), .events = POLLIN};
    if (places[PLACE_TIMER].fd >= 0 && start(program, places, &pid) == 0) {
        result = converse(places, input, ret_output);
        end(pid);
    }
    for (int i = 0; i < PLACES; i++)
        close_place(&places[i]);
    return result;
}
