/* process.c: the thread that listens to a child. */
#include "adapters/stdio/process.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "adapters/stdio/spawn.h"
#include "base/memory.h"

enum { CHUNK = 256 << 10, WORDS_SIZE = 240, REASON_SIZE = 400, LAST_LOOK_MS = 500 };

/* Bytes that came and are no line yet. */
struct gathering {
    char *bytes;
    size_t size, capacity;
};

struct stdio_process {
    char *command;
    const struct stdio_process_events *events;
    void *context;
    pthread_t thread;
    int wake_fd, grace_fd;

    pthread_mutex_t mutex; /* guards these */
    struct text queued;
    bool is_woken, is_leaving, is_over;
    char condemned[REASON_SIZE];

    /* The thread's own. */
    struct stdio_child child;
    struct text sending;
    size_t sent;
    struct gathering lines, words;
    char last_words[WORDS_SIZE]; /* what it said last on standard error */
    bool is_grace_started, is_grace_over;
};

/* --- Lines ----------------------------------------------------------------------------------- */

static void take_line(struct stdio_process *process, const char *line, size_t size)
{
    process->events->line(process->context, line, size);
}

/* Tracebacks and the like end with what matters. */
static void take_words(struct stdio_process *process, const char *line, size_t size)
{
    char words[1024];

    (void)snprintf(words, sizeof(words), "%.*s", (int)(size < 1000 ? size : 1000), line);
    if (words[strspn(words, " \t\r")])
        (void)snprintf(process->last_words, sizeof(process->last_words), "%.230s", words);
    process->events->said(process->context, words);
}

static bool is_condemned(struct stdio_process *process)
{
    pthread_mutex_lock(&process->mutex);
    bool is_condemned = process->condemned[0];
    pthread_mutex_unlock(&process->mutex);
    return is_condemned;
}

/* Hand over the whole lines; what is left begins the next. */
static void cut_lines(struct stdio_process *process, struct gathering *from, size_t fresh,
                      void (*take)(struct stdio_process *process, const char *line, size_t size))
{
    size_t begin = 0, look = from->size - fresh;
    const char *end;

    while ((end = memchr(from->bytes + look, '\n', from->size - look)) != NULL) {
        size_t place = (size_t)(end - from->bytes);

        take(process, from->bytes + begin, place - begin);
        begin = look = place + 1;
    }
    if (begin > 0)
        memmove(from->bytes, from->bytes + begin, from->size - begin);
    from->size -= begin;
}

/* False at the end. */
static bool gather(struct gathering *gathering, int fd, size_t *ret_fresh)
{
    ssize_t got;

    if (gathering->capacity - gathering->size < CHUNK) {
        gathering->capacity = gathering->capacity * 2 + CHUNK;
        gathering->bytes = memory_grow(gathering->bytes, gathering->capacity, 1);
    }
    *ret_fresh = 0;
    got = read(fd, gathering->bytes + gathering->size, gathering->capacity - gathering->size);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    gathering->size += (size_t)got;
    *ret_fresh = (size_t)got;
    return got > 0;
}

static void hear(struct stdio_process *process)
{
    size_t fresh;

    if (!gather(&process->lines, process->child.out, &fresh))
        stdio_child_close(&process->child.out);
    cut_lines(process, &process->lines, fresh, take_line);
    if (process->lines.size > STDIO_LINE_MAX)
        stdio_process_condemn(process, "it wrote a line of more than 64 MiB");
}

static void hear_words(struct stdio_process *process)
{
    size_t fresh;

    if (!gather(&process->words, process->child.err, &fresh))
        stdio_child_close(&process->child.err);
    cut_lines(process, &process->words, fresh, take_words);
    if (process->words.size > CHUNK) { /* no line, and none to wait for */
        take_words(process, process->words.bytes, process->words.size);
        process->words.size = 0;
    }
}

/* --- Requests -------------------------------------------------------------------------------- */

static void fetch(struct stdio_process *process)
{
    struct text done = process->sending;

    text_clear(&done);
    pthread_mutex_lock(&process->mutex);
    process->sending = process->queued;
    process->queued = done;
    pthread_mutex_unlock(&process->mutex);
    process->sent = 0;
}

/* All that is queued, until the child's pipe is full: nobody wakes us for what waits already. */
static void send_some(struct stdio_process *process)
{
    ssize_t put = 1;

    while (put > 0 && process->child.in >= 0) {
        if (process->sent == process->sending.size)
            fetch(process);
        if (process->sent == process->sending.size)
            return;
        put = write(process->child.in, process->sending.data + process->sent,
                    process->sending.size - process->sent);
        if (put > 0)
            process->sent += (size_t)put;
        else if (put < 0 && errno != EAGAIN && errno != EINTR)
            stdio_child_close(&process->child.in); /* how it ended is heard elsewhere */
    }
}

static bool has_more(const struct stdio_process *process)
{
    return process->sent < process->sending.size && process->child.in >= 0;
}

/* --- Leaving --------------------------------------------------------------------------------- */

static void start_grace(const struct stdio_process *process)
{
    struct itimerspec span = {
        .it_value = {.tv_sec = STDIO_GRACE_MS / 1000, .tv_nsec = STDIO_GRACE_MS % 1000 * 1000000L}};

    (void)timerfd_settime(process->grace_fd, 0, &span, NULL);
}

/* It has a moment to read what was sent, see that its input ends, and end with it. */
static void leave_if_told(struct stdio_process *process)
{
    pthread_mutex_lock(&process->mutex);
    bool is_leaving = process->is_leaving, is_empty = process->queued.size == 0;
    pthread_mutex_unlock(&process->mutex);
    if (!is_leaving)
        return;
    if (!process->is_grace_started)
        start_grace(process);
    process->is_grace_started = true;
    if (is_empty && !has_more(process))
        stdio_child_close(&process->child.in);
}

/* --- The thread ------------------------------------------------------------------------------ */

enum { HEAR_OUT, HEAR_ERR, HEAR_WAKE, HEAR_GRACE, HEAR_IN, HEAR_COUNT };

/* Whoever wakes us from here on is heard on the next turn; all before is looked at in this one. */
static void hear_wake(struct stdio_process *process)
{
    uint64_t count;

    (void)!read(process->wake_fd, &count, sizeof(count));
    pthread_mutex_lock(&process->mutex);
    process->is_woken = false;
    pthread_mutex_unlock(&process->mutex);
}

static void turn(struct stdio_process *process)
{
    struct pollfd fds[HEAR_COUNT] = {
        [HEAR_OUT] = {process->child.out, POLLIN, 0},
        [HEAR_ERR] = {process->child.err, POLLIN, 0},
        [HEAR_WAKE] = {process->wake_fd, POLLIN, 0},
        [HEAR_GRACE] = {process->grace_fd, POLLIN, 0},
        [HEAR_IN] = {has_more(process) ? process->child.in : -1, POLLOUT, 0},
    };

    if (poll(fds, HEAR_COUNT, -1) < 0)
        return;
    if (fds[HEAR_WAKE].revents)
        hear_wake(process);
    if (fds[HEAR_GRACE].revents)
        process->is_grace_over = true;
    if (fds[HEAR_ERR].revents)
        hear_words(process);
    if (fds[HEAR_OUT].revents)
        hear(process);
    if (fds[HEAR_WAKE].revents || fds[HEAR_IN].revents)
        send_some(process);
    leave_if_told(process);
}

static void listen_to(struct stdio_process *process)
{
    while (process->child.out >= 0 && !process->is_grace_over && !is_condemned(process))
        turn(process);
}

/* What it still had to say, without waiting for more. */
static void hear_last_words(struct stdio_process *process)
{
    size_t fresh = 1;

    while (process->child.err >= 0 && fresh > 0) {
        if (!gather(&process->words, process->child.err, &fresh))
            break;
        cut_lines(process, &process->words, fresh, take_words);
    }
    if (process->words.size > 0)
        take_words(process, process->words.bytes, process->words.size);
}

static void explain(struct stdio_process *process, const char *how, char why[REASON_SIZE])
{
    const char *half = process->lines.size > 0 ? ", in the middle of a line" : "";

    pthread_mutex_lock(&process->mutex);
    if (process->condemned[0])
        (void)snprintf(why, REASON_SIZE, "%s", process->condemned);
    else if (process->is_grace_over)
        (void)snprintf(why, REASON_SIZE, "it went on after its input had ended, and was killed");
    else if (process->is_leaving)
        (void)snprintf(why, REASON_SIZE, "%s", STDIO_LEFT);
    else
        (void)snprintf(why, REASON_SIZE, "its process ended with %s%s%s%s%s", how, half,
                       process->last_words[0] ? "; its last words: '" : "", process->last_words,
                       process->last_words[0] ? "'" : "");
    pthread_mutex_unlock(&process->mutex);
}

static void end_child(struct stdio_process *process)
{
    char how[80], why[REASON_SIZE];

    stdio_child_close(&process->child.in);
    if (is_condemned(process) || process->is_grace_over)
        stdio_child_kill(&process->child);
    if (!stdio_child_await(&process->child, LAST_LOOK_MS, how, sizeof(how)))
        stdio_process_condemn(process, "it closed its standard output, and went on");
    hear_last_words(process);
    stdio_child_close(&process->child.out);
    stdio_child_close(&process->child.err);
    explain(process, how, why);
    process->events->ended(process->context, why);
}

static void *run(void *context)
{
    struct stdio_process *process = context;
    char why[REASON_SIZE];

    if (stdio_spawn(process->command, &process->child) == 0) {
        listen_to(process);
        end_child(process);
    } else {
        (void)snprintf(why, sizeof(why), "no process can be started: %s", strerror(errno));
        process->events->ended(process->context, why);
    }
    pthread_mutex_lock(&process->mutex);
    process->is_over = true;
    pthread_mutex_unlock(&process->mutex);
    return NULL;
}

/* --- Outside ---------------------------------------------------------------------------------- */

/* The mutex is held. */
static void wake(struct stdio_process *process)
{
    uint64_t one = 1;

    if (process->is_woken)
        return;
    process->is_woken = true;
    (void)!write(process->wake_fd, &one, sizeof(one));
}

static void release(struct stdio_process *process)
{
    stdio_child_close(&process->wake_fd);
    stdio_child_close(&process->grace_fd);
    pthread_mutex_destroy(&process->mutex);
    text_release(&process->queued);
    text_release(&process->sending);
    free(process->lines.bytes);
    free(process->words.bytes);
    free(process->command);
    free(process);
}

/* Signals are for the threads of the program; a crash is one's own. */
static int start_thread(struct stdio_process *process)
{
    static const int CRASHES[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    sigset_t all, before;

    (void)sigfillset(&all);
    for (size_t i = 0; i < sizeof(CRASHES) / sizeof(CRASHES[0]); i++)
        (void)sigdelset(&all, CRASHES[i]);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int result = pthread_create(&process->thread, NULL, run, process);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}

struct stdio_process *stdio_process_start(const char *command,
                                          const struct stdio_process_events *events, void *context)
{
    struct stdio_process *process = memory_new(1, sizeof(*process));

    process->command = memory_string(command);
    process->events = events;
    process->context = context;
    process->child = (struct stdio_child){0, -1, -1, -1};
    process->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    process->grace_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    pthread_mutex_init(&process->mutex, NULL);
    if (process->wake_fd >= 0 && process->grace_fd >= 0 && start_thread(process) == 0)
        return process;
    release(process);
    return NULL;
}

bool stdio_process_write(struct stdio_process *process, const struct text *bytes)
{
    bool has_room;

    pthread_mutex_lock(&process->mutex);
    has_room = process->queued.size <= STDIO_QUEUE_MAX;
    if (has_room) {
        text_append(&process->queued, bytes->data, bytes->size);
        wake(process);
    }
    pthread_mutex_unlock(&process->mutex);
    return has_room;
}

void stdio_process_condemn(struct stdio_process *process, const char *why)
{
    pthread_mutex_lock(&process->mutex);
    if (!process->condemned[0])
        (void)snprintf(process->condemned, sizeof(process->condemned), "%s", why);
    wake(process);
    pthread_mutex_unlock(&process->mutex);
}

void stdio_process_leave(struct stdio_process *process)
{
    pthread_mutex_lock(&process->mutex);
    process->is_leaving = true;
    wake(process);
    pthread_mutex_unlock(&process->mutex);
}

bool stdio_process_is_over(struct stdio_process *process)
{
    pthread_mutex_lock(&process->mutex);
    bool is_over = process->is_over;
    pthread_mutex_unlock(&process->mutex);
    return is_over;
}

void stdio_process_free(struct stdio_process *process)
{
    if (!process)
        return;
    stdio_process_leave(process);
    (void)pthread_join(process->thread, NULL);
    release(process);
}
