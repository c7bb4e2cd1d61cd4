/* keeper.c: after the fork the keeper calls only what glibc keeps fit for a child of a process with
   threads: system calls, and malloc by way of opendir. */
#include "server/keeper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_TIMEOUT_MS 5000
#define PROCESSES_MAX     16384
#define LOOKS_MAX         500 /* of a millisecond */
#define SOCKET_FD         3   /* in the keeper */
#define OUTPUT_FD         4

enum word { WORD_STARTED, WORD_SIGNAL, WORD_LIMIT, WORD_FAREWELL, WORD_ENDED };

/* Both ways; a request is answered by one with the same word. */
struct message {
    enum word word;
    int64_t number;
    uint64_t size;
};

/* --- The server's process --------------------------------------------------------------------- */

static void become(const struct keeper_plan *plan, pid_t keeper)
{
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    sigset_t none;

    (void)sigemptyset(&none);
    for (int number = 1; number < NSIG; number++)
        (void)signal(number, number == SIGXFSZ ? SIG_IGN : SIG_DFL);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper || (plan->work && chdir(plan->work) != 0))
        _exit(127);
    (void)dup2(nowhere, STDIN_FILENO);
    (void)dup2(OUTPUT_FD, STDOUT_FILENO);
    (void)dup2(OUTPUT_FD, STDERR_FILENO);
    if (plan->preload) {
        (void)setenv("LD_PRELOAD", plan->preload, 1);
        (void)setenv("GAUNTLET_SYNC_MARKS", plan->marks, 1);
    }
    (void)execl("/bin/sh", "sh", "-c", plan->command, (char *)NULL);
    _exit(127);
}

/* --- The keeper: descendants -------------------------------------------------------------------
 */

/* Orphans of the server come to the keeper (PR_SET_CHILD_SUBREAPER), so that all of its processes
   are descendants of ours. */
struct kin {
    pid_t pid, parent;
    char state; /* as in /proc/PID/stat: 'T' is stopped, 'Z' ended */
};

/* pid (name) state parent ...; the name may hold anything. */
static struct kin read_kin(const char *pid)
{
    char path[64], text[512];
    struct kin kin = {.pid = (pid_t)strtol(pid, NULL, 10)};
    const char *behind;
    ssize_t size;
    int fd;

    (void)snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return kin;
    size = read(fd, text, sizeof(text) - 1);
    (void)close(fd);
    text[size > 0 ? size : 0] = '\0';
    behind = strrchr(text, ')');
    if (behind && strlen(behind) > 4 && behind[2] != 'Z') {
        kin.state = behind[2];
        kin.parent = (pid_t)strtol(behind + 3, NULL, 10);
    }
    return kin;
}

static size_t list_processes(struct kin *kin, size_t capacity)
{
    DIR *folder = opendir("/proc");
    const struct dirent *entry;
    size_t count = 0;

    while (folder && count < capacity && (entry = readdir(folder)) != NULL)
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
            kin[count++] = read_kin(entry->d_name);
    if (folder)
        (void)closedir(folder);
    return count;
}

typedef int act_on(const struct kin *kin, const struct message *message);

/* From the top, so that a stopped parent makes no new children.  How many there were. */
static int visit(const struct kin *kin, size_t count, pid_t parent, act_on *act,
                 const struct message *message)
{
    int done = 0;

    for (size_t i = 0; i < count; i++)
        if (kin[i].parent == parent && kin[i].pid != parent) {
            done += act(&kin[i], message) == 0;
            done += visit(kin, count, kin[i].pid, act, message);
        }
    return done;
}

static int each_descendant(act_on *act, const struct message *message)
{
    static struct kin kin[PROCESSES_MAX]; /* the keeper has one thread */

    return visit(kin, list_processes(kin, PROCESSES_MAX), getpid(), act, message);
}

static int send_signal(const struct kin *kin, const struct message *message)
{
    return kill(kin->pid, (int)message->number);
}

static int is_awake(const struct kin *kin, const struct message *message)
{
    (void)message;
    return kin->state == 'T' ? -1 : 0;
}

static int set_limit(const struct kin *kin, const struct message *message)
{
    struct rlimit limit;

    if (prlimit(kin->pid, RLIMIT_FSIZE, NULL, &limit) != 0)
        return -1;
    limit.rlim_cur = message->size == UINT64_MAX || message->size > limit.rlim_max
                         ? limit.rlim_max
                         : (rlim_t)message->size;
    return prlimit(kin->pid, RLIMIT_FSIZE, &limit, NULL);
}

static void kill_all(const pid_t *server, const struct keeper_plan *plan)
{
    const struct message message = {.number = SIGKILL};

    if (*server > 0)
        (void)kill(-*server, SIGKILL);
    if (plan->lets_go)
        return;
    /* Orphans of those that die come to us: look again. */
    while (each_descendant(send_signal, &message) > 0) {
        (void)waitpid(-1, NULL, 0);
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
    }
}

static void remove_folder(const char *folder)
{
    pid_t pid = fork();

    if (pid == 0) {
        (void)execl("/bin/rm", "rm", "-rf", "--", folder, (char *)NULL);
        _exit(127);
    }
    if (pid > 0)
        (void)waitpid(pid, NULL, 0);
}

/* --- The keeper: its life ----------------------------------------------------------------------
 */

static void tell(const struct message *message)
{
    (void)send(SOCKET_FD, message, sizeof(*message), MSG_NOSIGNAL);
}

static void reap(pid_t *server)
{
    int status = 0;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        if (pid == *server) {
            *server = 0;
            tell(&(struct message){.word = WORD_ENDED, .number = status});
        }
}

static int any(const struct kin *kin, const struct message *message)
{
    (void)kin, (void)message;
    return 0;
}

/* How many processes it reached.  A signal takes a moment to stop or end a process. */
static int apply(const struct message *message)
{
    int count = each_descendant(message->word == WORD_SIGNAL ? send_signal : set_limit, message);
    act_on *is_left = message->number == SIGSTOP ? is_awake : any;

    if (message->word == WORD_SIGNAL && (message->number == SIGSTOP || message->number == SIGKILL))
        for (int i = 0; i < LOOKS_MAX && each_descendant(is_left, message) > 0; i++)
            (void)poll(NULL, 0, 1);
    return count;
}

/* False: we are gone, or said farewell. */
static bool serve(pid_t *server, const struct keeper_plan *plan)
{
    struct message message;
    ssize_t size = recv(SOCKET_FD, &message, sizeof(message), 0);

    if (size < 0 && errno == EINTR)
        return true;
    if (size != (ssize_t)sizeof(message) || message.word == WORD_FAREWELL) {
        kill_all(server, plan);
        if (size != (ssize_t)sizeof(message) && plan->folder)
            remove_folder(plan->folder);
        return false;
    }
    tell(&(struct message){.word = message.word, .number = apply(&message)});
    return true;
}

/* It lets go of all that is ours: standard streams, connections, the terminal. */
static int settle(int socket, const struct keeper_plan *plan)
{
    int nowhere = open("/dev/null", O_RDWR);
    int high_socket = fcntl(socket, F_DUPFD, OUTPUT_FD + 1);
    int high_output = fcntl(plan->output, F_DUPFD, OUTPUT_FD + 1);
    sigset_t child;

    (void)setsid();
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        (void)dup2(nowhere, fd);
    (void)dup3(high_socket, SOCKET_FD, O_CLOEXEC);
    (void)dup3(high_output, OUTPUT_FD, O_CLOEXEC);
    (void)close_range(OUTPUT_FD + 1, ~0u, 0);
    for (int number = 1; number < NSIG; number++)
        if (number != SIGCHLD)
            (void)signal(number, SIG_IGN);
    (void)signal(SIGCHLD, SIG_DFL);
    (void)prctl(PR_SET_CHILD_SUBREAPER, !plan->lets_go);
    (void)prctl(PR_SET_NAME, "gauntlet-keeper");
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    (void)sigprocmask(SIG_SETMASK, &child, NULL);
    return signalfd(-1, &child, SFD_CLOEXEC);
}

static void swallow(int fd)
{
    struct signalfd_siginfo info;

    (void)!read(fd, &info, sizeof(info));
}

static void keep(int socket, const struct keeper_plan *plan)
{
    struct pollfd looks[2] = {{.fd = SOCKET_FD, .events = POLLIN}, {.events = POLLIN}};
    pid_t self = getpid(), server;

    looks[1].fd = settle(socket, plan);
    server = fork();
    if (server == 0)
        become(plan, self);
    tell(&(struct message){.word = WORD_STARTED, .number = server});
    for (;;) {
        if (poll(looks, 2, -1) < 0)
            continue;
        if (looks[1].revents) {
            swallow(looks[1].fd);
            reap(&server);
        }
        if (looks[0].revents && !serve(&server, plan))
            _exit(0);
    }
}

/* --- Our side ----------------------------------------------------------------------------------
 */

/* The next message, at most so long; false when there is none. */
static bool receive(struct keeper *keeper, int timeout_ms, struct message *ret_message)
{
    struct pollfd look = {.fd = keeper->socket, .events = POLLIN};
    int count;

    do
        count = poll(&look, 1, timeout_ms);
    while (count < 0 && errno == EINTR);
    if (count <= 0)
        return false;
    if (recv(keeper->socket, ret_message, sizeof(*ret_message), 0) == sizeof(*ret_message))
        return true;
    keeper->is_over = true; /* the keeper itself is gone, and the server with it */
    return false;
}

static bool await_word(struct keeper *keeper, enum word word, struct message *ret_message)
{
    while (receive(keeper, ANSWER_TIMEOUT_MS, ret_message)) {
        if (ret_message->word == WORD_ENDED) {
            keeper->is_over = true;
            keeper->status = (int)ret_message->number;
        }
        if (ret_message->word == word)
            return true;
    }
    return false;
}

static int64_t request(struct keeper *keeper, const struct message *message)
{
    struct message answer = {.number = 0};

    if (keeper->socket < 0 ||
        send(keeper->socket, message, sizeof(*message), MSG_NOSIGNAL) != sizeof(*message))
        return 0;
    return await_word(keeper, message->word, &answer) ? answer.number : 0;
}

int keeper_open(struct keeper *keeper, const struct keeper_plan *plan, struct error *reterr)
{
    struct message answer = {.number = 0};
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return error_set(reterr, ERROR_SYSTEM, "no socket for the keeper of a server: %s",
                         strerror(errno));
    *keeper = (struct keeper){.socket = ends[0], .keeper = fork()};
    if (keeper->keeper == 0) {
        (void)close(ends[0]);
        keep(ends[1], plan);
    }
    (void)close(ends[1]);
    if (keeper->keeper > 0 && await_word(keeper, WORD_STARTED, &answer) && answer.number > 0) {
        keeper->server = (pid_t)answer.number;
        return 0;
    }
    keeper_close(keeper);
    return error_set(reterr, ERROR_SYSTEM, "cannot start '%.100s': no process for it",
                     plan->command);
}

int keeper_signal(struct keeper *keeper, int number)
{
    return request(keeper, &(struct message){.word = WORD_SIGNAL, .number = number}) > 0 ? 0 : -1;
}

int keeper_limit(struct keeper *keeper, uint64_t size_max)
{
    return request(keeper, &(struct message){.word = WORD_LIMIT, .size = size_max}) > 0 ? 0 : -1;
}

int keeper_wait(struct keeper *keeper, int timeout_ms)
{
    struct message message;

    while (!keeper->is_over && keeper->socket >= 0 && receive(keeper, timeout_ms, &message))
        if (message.word == WORD_ENDED) {
            keeper->is_over = true;
            keeper->status = (int)message.number;
        }
    return keeper->is_over;
}

void keeper_close(struct keeper *keeper)
{
    const struct message farewell = {.word = WORD_FAREWELL};

    if (keeper->socket >= 0) {
        (void)send(keeper->socket, &farewell, sizeof(farewell), MSG_NOSIGNAL);
        (void)close(keeper->socket);
    }
    if (keeper->keeper > 0)
        while (waitpid(keeper->keeper, NULL, 0) < 0 && errno == EINTR)
            ;
    *keeper = (struct keeper)KEEPER_INIT;
}
