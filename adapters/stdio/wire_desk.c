/* wire_desk.c: what the harness itself asks an adapter, and waits for. */
#include "adapters/stdio/wire_parts.h"

#include <errno.h>
#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "adapters/stdio/write.h"

enum { PATIENCE_S = 10 /* for a hello, and for an answer */ };

/* False when the time is over. */
static bool wait_for_news(const struct stdio_wire *wire, int timer_fd)
{
    struct pollfd fds[] = {{wire->ready_fd, POLLIN, 0}, {timer_fd, POLLIN, 0}};
    uint64_t count;

    while (poll(fds, 2, -1) < 0 && errno == EINTR) {
    }
    (void)!read(wire->ready_fd, &count, sizeof(count));
    return !fds[1].revents;
}

/* Wait until there is one: the mutex is held before and after, and not meanwhile. */
static bool await(struct stdio_wire *wire, bool (*is_there)(const struct stdio_wire *wire))
{
    struct itimerspec patience = {.it_value = {.tv_sec = PATIENCE_S}};
    int timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    bool has_time = timer_fd >= 0 && timerfd_settime(timer_fd, 0, &patience, NULL) == 0;

    while (has_time && !wire->is_dead && !is_there(wire)) {
        pthread_mutex_unlock(&wire->mutex);
        has_time = wait_for_news(wire, timer_fd);
        pthread_mutex_lock(&wire->mutex);
    }
    if (timer_fd >= 0)
        (void)close(timer_fd);
    return is_there(wire);
}

static bool has_hello(const struct stdio_wire *wire)
{
    return wire->has_hello;
}

static bool has_desk_answer(const struct stdio_wire *wire)
{
    return wire->desk_answer != NULL;
}

static int fail_await(const struct stdio_wire *wire, const char *what, struct error *reterr)
{
    if (wire->is_dead)
        return error_set(reterr, ERROR_ADAPTER, "%s", wire->reason);
    return error_set(reterr, ERROR_ADAPTER, "it gave no %s within %d s", what, PATIENCE_S);
}

const struct stdio_hello *stdio_wire_hello(struct stdio_wire *wire, struct error *reterr)
{
    pthread_mutex_lock(&wire->mutex);
    bool is_there = await(wire, has_hello);
    if (!is_there)
        (void)fail_await(wire, "hello", reterr);
    pthread_mutex_unlock(&wire->mutex);
    return is_there ? &wire->hello : NULL;
}

/* The mutex is held. */
static struct stdio_call *send_own(struct stdio_wire *wire, const char *op, const char *members)
{
    struct stdio_call *asked = wire_call_add(wire, NULL, NULL);

    text_clear(&wire->line);
    text_append_string(&wire->line, "{\"id\":");
    stdio_write_number(&wire->line, (int64_t)asked->id);
    stdio_write_member(&wire->line, "op", op);
    text_append_string(&wire->line, members);
    text_append_string(&wire->line, "}\n");
    (void)stdio_process_write(wire->process, &wire->line);
    return asked;
}

void stdio_wire_tell(struct stdio_wire *wire, const char *op, const char *members)
{
    pthread_mutex_lock(&wire->mutex);
    if (!wire->is_dead)
        (void)send_own(wire, op, members);
    pthread_mutex_unlock(&wire->mutex);
}

static int read_refusal(struct stdio_wire *wire, const char *op, struct error *reterr)
{
    struct stdio_json *json = &wire->desk_answer->json;
    struct stdio_token *error = stdio_json_get(json, stdio_json_root(json), "error");
    struct adapter_text words = stdio_json_text(json, stdio_json_get(json, error, "message"));

    if (!error || error->kind == STDIO_NULL)
        return 0;
    if (words.size > 0)
        return error_set(reterr, ERROR_ADAPTER, "%.*s", (int)words.size, words.data);
    return error_set(reterr, ERROR_ADAPTER, "it refused '%s' without a message", op);
}

int stdio_wire_ask(struct stdio_wire *wire, const char *op, const char *members,
                   struct stdio_json **ret_json, struct error *reterr)
{
    int result = -1;

    pthread_mutex_lock(&wire->mutex);
    wire_answer_drop(wire, wire->desk_answer);
    wire->desk_answer = NULL;
    if (!wire->is_dead)
        wire->desk_id = send_own(wire, op, members)->id;
    if (!await(wire, has_desk_answer))
        (void)fail_await(wire, "answer to what it was asked first", reterr);
    else
        result = read_refusal(wire, op, reterr);
    wire->desk_id = 0;
    if (result == 0)
        *ret_json = &wire->desk_answer->json;
    pthread_mutex_unlock(&wire->mutex);
    return result;
}

int stdio_wire_examine(struct stdio_wire *wire, const struct stdio_question *question,
                       struct adapter_result *ret_result, struct stdio_complaint *complaint)
{
    int result = -1;

    *complaint = (struct stdio_complaint){"", ""};
    pthread_mutex_lock(&wire->mutex);
    if (wire->desk_answer) {
        result = stdio_answer_read(wire->desk_answer, question, complaint);
        *ret_result = wire->desk_answer->result;
    }
    pthread_mutex_unlock(&wire->mutex);
    return result;
}
