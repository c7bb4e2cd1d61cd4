/* wire.c: the table of what was asked. */
#include "adapters/stdio/wire.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "adapters/stdio/process.h"
#include "adapters/stdio/request.h"
#include "adapters/stdio/write.h"
#include "base/memory.h"
#include "port.h"

enum {
    PATIENCE_S = 10,     /* for a hello, and for what the harness itself asks */
    FREE_MAX = 256,      /* answers kept for later */
    KEPT_SIZE = 1 << 20, /* bytes of those that are worth keeping */
    COMPLAINTS_MAX = 20, /* shown whole */
    WORDS_MAX = 2000,    /* lines of standard error that are logged */
    TABLE_FIRST = 256
};

struct stdio_wire {
    struct stdio_process *process;
    char *command;
    int ready_fd; /* readable when the hello, an answer to the desk, or the end has come */

    pthread_mutex_t mutex; /* guards all below */
    struct stdio_hello hello;
    bool has_hello, is_dead;
    char reason[400]; /* why it is dead */
    struct text line; /* of a request that is put together */
    struct stdio_call **table;
    size_t capacity, count;
    uint64_t next_id;
    struct stdio_answer *free_answers;
    size_t free_count;
    uint64_t desk_id;                 /* what the harness itself asked; 0: nothing */
    struct stdio_answer *desk_answer; /* what was answered */
    const struct adapter_host *log;
    unsigned complaint_count, word_count;
};

/* --- Memory; the mutex is held ---------------------------------------------------------------- */

static struct stdio_answer *new_answer(struct stdio_wire *wire)
{
    struct stdio_answer *answer = wire->free_answers;

    if (!answer)
        return memory_new(1, sizeof(*answer));
    wire->free_answers = answer->next;
    wire->free_count--;
    answer->next = NULL;
    answer->call = NULL;
    answer->is_delivery = false;
    return answer;
}

static void drop_answer(struct stdio_wire *wire, struct stdio_answer *answer)
{
    if (!answer)
        return;
    if (wire->free_count >= FREE_MAX || answer->capacity > KEPT_SIZE) {
        stdio_answer_free(answer);
        return;
    }
    answer->next = wire->free_answers;
    wire->free_answers = answer;
    wire->free_count++;
}

/* --- The table; the mutex is held ------------------------------------------------------------- */

static struct stdio_call **slot_of(const struct stdio_wire *wire, uint64_t id)
{
    return &wire->table[id & (wire->capacity - 1)];
}

/* Two ids that did not meet in the smaller table do not meet in the larger. */
static void grow_table(struct stdio_wire *wire)
{
    struct stdio_call **old = wire->table;
    size_t count = wire->capacity;

    wire->capacity = count ? count * 2 : TABLE_FIRST;
    wire->table = memory_new(wire->capacity, sizeof(struct stdio_call *));
    for (size_t i = 0; i < count; i++)
        if (old[i])
            *slot_of(wire, old[i]->id) = old[i];
    free(old);
}

/* Ids whose place is taken by a call that lasts are left out. */
static uint64_t choose_id(struct stdio_wire *wire)
{
    if (wire->count * 2 >= wire->capacity)
        grow_table(wire);
    do
        wire->next_id++;
    while (*slot_of(wire, wire->next_id));
    return wire->next_id;
}

static struct stdio_call *add_call(struct stdio_wire *wire, struct stdio_mailbox *mailbox,
                                   struct adapter_call *call)
{
    struct stdio_call *asked = memory_new(1, sizeof(*asked));

    asked->id = choose_id(wire);
    asked->mailbox = mailbox;
    asked->call = call;
    *slot_of(wire, asked->id) = asked;
    wire->count++;
    if (!mailbox)
        return asked;
    asked->question = (struct stdio_question){call->operation, call->flags, call->item_count};
    asked->next = mailbox->calls;
    if (asked->next)
        asked->next->previous = asked;
    mailbox->calls = asked;
    return asked;
}

static struct stdio_call *find_call(const struct stdio_wire *wire, int64_t id)
{
    struct stdio_call *call = wire->capacity && id > 0 ? *slot_of(wire, (uint64_t)id) : NULL;

    return call && call->id == (uint64_t)id ? call : NULL;
}

static void leave_table(struct stdio_wire *wire, struct stdio_call *call)
{
    *slot_of(wire, call->id) = NULL;
    wire->count--;
}

static void leave_mailbox(struct stdio_call *call)
{
    if (!call->mailbox)
        return;
    if (call->previous)
        call->previous->next = call->next;
    else
        call->mailbox->calls = call->next;
    if (call->next)
        call->next->previous = call->previous;
    call->next = call->previous = NULL;
    call->mailbox = NULL;
    call->call = NULL;
}

/* --- Mailboxes; the mutex is held ------------------------------------------------------------- */

static void wake(int fd)
{
    uint64_t one = 1;

    (void)!write(fd, &one, sizeof(one));
}

static void put_into_mailbox(struct stdio_mailbox *mailbox, struct stdio_answer *answer)
{
    bool was_empty = !mailbox->first;

    answer->next = NULL;
    *mailbox->last = answer;
    mailbox->last = &answer->next;
    if (was_empty)
        wake(mailbox->wake_fd);
}

/* --- Words for people; the mutex is held ------------------------------------------------------ */

static void log_line(const struct stdio_wire *wire, uint32_t level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void log_line(const struct stdio_wire *wire, uint32_t level, const char *format, ...)
{
    char line[900];
    va_list arguments;

    if (!wire->log)
        return;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    wire->log->log(wire->log, level, line);
}

static void render_request(const struct stdio_call *asked, struct text *line)
{
    if (!asked || !asked->call || !asked->mailbox) {
        text_append_string(line, "(nobody waits for it any more)\n");
        return;
    }
    struct adapter_call call = *asked->call;
    call.deadline_ns = 0;
    stdio_request_write(line, asked->id, asked->mailbox->session, &call, 0);
}

static int cut_at(struct adapter_text text, size_t size)
{
    return (int)(text.size < size ? text.size : size);
}

/* A wrong answer is shown beside what was asked and what would be right. */
static void complain(struct stdio_wire *wire, const struct stdio_call *asked,
                     struct adapter_text came, const struct stdio_complaint *complaint)
{
    struct text request = {0};

    wire->complaint_count++;
    if (wire->complaint_count == COMPLAINTS_MAX + 1)
        log_line(wire, ADAPTER_LOG_ERROR, "more wrong answers are not shown");
    if (wire->complaint_count > COMPLAINTS_MAX)
        return;
    render_request(asked, &request);
    log_line(wire, ADAPTER_LOG_ERROR, "an answer is against the protocol");
    log_line(wire, ADAPTER_LOG_ERROR, "  request   %.*s%s",
             (int)(request.size > 500 ? 500 : request.size - 1), text_string(&request),
             request.size > 500 ? "..." : "");
    log_line(wire, ADAPTER_LOG_ERROR, "  expected  %s", complaint->expected);
    log_line(wire, ADAPTER_LOG_ERROR, "  came      %.*s%s", cut_at(came, 500), came.data,
             came.size > 500 ? "..." : "");
    log_line(wire, ADAPTER_LOG_ERROR, "  why       %s", complaint->why);
    text_release(&request);
}

/* What cannot be told apart cannot be trusted. */
static void condemn(struct stdio_wire *wire, const char *why, struct adapter_text came)
{
    char line[400];

    (void)snprintf(line, sizeof(line), "%s: '%.*s%s'", why, cut_at(came, 120), came.data,
                   came.size > 120 ? "..." : "");
    log_line(wire, ADAPTER_LOG_ERROR, "%s", line);
    stdio_process_condemn(wire->process, line);
    wire->is_dead = true; /* what else it says is not heard */
    (void)snprintf(wire->reason, sizeof(wire->reason), "%s", line);
}

/* --- Lines, on the process's thread; the mutex is held ---------------------------------------- */

static void hear_hello(struct stdio_wire *wire, struct stdio_answer *answer,
                       struct adapter_text line)
{
    struct error error = {0};

    if (stdio_hello_read(&answer->json, &wire->hello, &error) == 0)
        wire->has_hello = true;
    else
        condemn(wire, error.message, line);
    wake(wire->ready_fd);
}

static void hear_log(struct stdio_wire *wire, struct stdio_answer *answer,
                     struct stdio_token *words)
{
    static const char *const LEVELS[] = {"error", "warning", "info", "debug"};
    struct adapter_text text = stdio_json_text(&answer->json, words);
    struct stdio_token *level =
        stdio_json_get(&answer->json, stdio_json_root(&answer->json), "level");
    uint32_t number = ADAPTER_LOG_INFO;

    for (uint32_t i = 0; level && i < 4; i++)
        if (stdio_json_is(&answer->json, level, LEVELS[i]))
            number = i;
    if (wire->word_count++ < WORDS_MAX)
        log_line(wire, number, "%.*s", (int)text.size, text.data);
}

/* False when nobody takes the answer. */
static bool hear_answer(struct stdio_wire *wire, struct stdio_call *asked,
                        struct stdio_answer *answer, struct adapter_text line)
{
    struct stdio_complaint complaint;

    answer->call = asked;
    if (asked->mailbox && stdio_answer_read(answer, &asked->question, &complaint) < 0)
        complain(wire, asked, line, &complaint);
    if (!answer->is_delivery) {
        leave_table(wire, asked);
        asked->is_answered = true;
    }
    if (asked->mailbox) {
        put_into_mailbox(asked->mailbox, answer);
        return true;
    }
    bool is_desk = asked->id == wire->desk_id;
    if (is_desk) {
        wire->desk_answer = answer;
        wake(wire->ready_fd);
    }
    if (!answer->is_delivery)
        free(asked);
    return is_desk;
}

static bool sort_line(struct stdio_wire *wire, struct stdio_answer *answer,
                      struct adapter_text line)
{
    struct stdio_json *json = &answer->json;
    struct stdio_token *root = stdio_json_root(json);
    struct stdio_token *deliver = stdio_json_get(json, root, "deliver");
    struct stdio_token *id = deliver ? deliver : stdio_json_get(json, root, "id");
    struct stdio_token *log = stdio_json_get(json, root, "log");
    int64_t number = 0;

    if (!wire->has_hello) {
        hear_hello(wire, answer, line);
        return false;
    }
    if (log && !id) {
        hear_log(wire, answer, log);
        return false;
    }
    if (!stdio_json_integer(json, id, &number)) {
        condemn(wire, "it wrote a line that says with no 'id' what it answers", line);
        return false;
    }
    struct stdio_call *asked = find_call(wire, number);
    if (!asked) {
        condemn(wire, "it answered what was not asked, or was answered before", line);
        return false;
    }
    answer->is_delivery = deliver != NULL;
    if (deliver && asked->mailbox && asked->question.operation != ADAPTER_OP_SUBSCRIBE) {
        condemn(wire, "it delivers to what is no subscription", line);
        return false;
    }
    return hear_answer(wire, asked, answer, line);
}

/* A print that was meant for people is the most common mistake of all. */
static void refuse_line(struct stdio_wire *wire, const struct stdio_answer *answer,
                        struct adapter_text line)
{
    char why[200];

    if (line.size == 0 || line.data[0] != '{')
        (void)snprintf(why, sizeof(why),
                       "it wrote a line that is no JSON object to its standard output; what is "
                       "meant for people belongs on standard error");
    else
        (void)snprintf(why, sizeof(why),
                       "it wrote a line that is no JSON: at byte %zu there should be %s",
                       answer->json.wrong_at + 1, answer->json.wrong);
    condemn(wire, why, line);
    wake(wire->ready_fd);
}

/* Cutting it into tokens takes no lock. */
static bool read_line(struct stdio_answer *answer, struct adapter_text line)
{
    stdio_answer_take(answer, line.data, line.size);
    return stdio_json_read(&answer->json, answer->bytes, line.size) == 0 &&
           stdio_json_root(&answer->json)->kind == STDIO_OBJECT;
}

static void on_line(void *context, const char *bytes, size_t size)
{
    struct stdio_wire *wire = context;
    struct adapter_text line = {bytes, size};
    bool is_taken = false;

    pthread_mutex_lock(&wire->mutex);
    struct stdio_answer *answer = new_answer(wire);
    pthread_mutex_unlock(&wire->mutex);
    bool is_object = read_line(answer, line);
    pthread_mutex_lock(&wire->mutex);
    if (!wire->is_dead && is_object)
        is_taken = sort_line(wire, answer, line);
    else if (!wire->is_dead)
        refuse_line(wire, answer, line);
    if (!is_taken)
        drop_answer(wire, answer);
    pthread_mutex_unlock(&wire->mutex);
}

static void on_said(void *context, const char *line)
{
    struct stdio_wire *wire = context;

    pthread_mutex_lock(&wire->mutex);
    if (wire->word_count++ < WORDS_MAX)
        log_line(wire, ADAPTER_LOG_INFO, "%s", line);
    pthread_mutex_unlock(&wire->mutex);
}

/* What it may have done before it ended, nobody knows. */
static void fail_call(struct stdio_wire *wire, struct stdio_call *asked)
{
    leave_table(wire, asked);
    if (!asked->mailbox) {
        free(asked);
        return;
    }
    struct stdio_answer *answer = new_answer(wire);
    stdio_answer_fail(answer, ADAPTER_UNKNOWN, ADAPTER_ERROR_CONNECTION, wire->reason);
    answer->call = asked;
    asked->is_answered = true;
    put_into_mailbox(asked->mailbox, answer);
}

static void on_ended(void *context, const char *why)
{
    struct stdio_wire *wire = context;

    pthread_mutex_lock(&wire->mutex);
    wire->is_dead = true;
    (void)snprintf(wire->reason, sizeof(wire->reason), "%s", why);
    for (size_t i = 0; i < wire->capacity; i++)
        if (wire->table[i])
            fail_call(wire, wire->table[i]);
    wake(wire->ready_fd);
    pthread_mutex_unlock(&wire->mutex);
}

/* --- Life ------------------------------------------------------------------------------------- */

struct stdio_wire *stdio_wire_new(const char *command, struct error *reterr)
{
    static const struct stdio_process_events events = {on_line, on_said, on_ended};
    struct stdio_wire *wire = memory_new(1, sizeof(*wire));

    wire->command = memory_string(command);
    wire->ready_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&wire->mutex, NULL);
    pthread_mutex_lock(&wire->mutex); /* the thread must find its process */
    wire->process = stdio_process_start(command, &events, wire);
    pthread_mutex_unlock(&wire->mutex);
    if (wire->process && wire->ready_fd >= 0)
        return wire;
    stdio_wire_free(wire);
    error_set(reterr, ERROR_SYSTEM, "no thread can be started for '%.200s'", command);
    return NULL;
}

void stdio_wire_leave(struct stdio_wire *wire)
{
    stdio_wire_log_to(wire, NULL);
    stdio_process_leave(wire->process);
}

void stdio_wire_kill(struct stdio_wire *wire, const char *why)
{
    stdio_process_condemn(wire->process, why);
}

bool stdio_wire_is_over(struct stdio_wire *wire)
{
    return stdio_process_is_over(wire->process);
}

void stdio_wire_free(struct stdio_wire *wire)
{
    if (!wire)
        return;
    stdio_process_free(wire->process);
    while (wire->free_answers) {
        struct stdio_answer *answer = wire->free_answers;

        wire->free_answers = answer->next;
        stdio_answer_free(answer);
    }
    stdio_answer_free(wire->desk_answer);
    stdio_hello_release(&wire->hello);
    text_release(&wire->line);
    free(wire->table);
    if (wire->ready_fd >= 0)
        (void)close(wire->ready_fd);
    pthread_mutex_destroy(&wire->mutex);
    free(wire->command);
    free(wire);
}

void stdio_wire_log_to(struct stdio_wire *wire, const struct adapter_host *host)
{
    pthread_mutex_lock(&wire->mutex);
    wire->log = host;
    pthread_mutex_unlock(&wire->mutex);
}

/* --- The harness's own questions -------------------------------------------------------------- */

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
    struct stdio_call *asked = add_call(wire, NULL, NULL);

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
    drop_answer(wire, wire->desk_answer);
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

bool stdio_wire_end(struct stdio_wire *wire, char *why, size_t capacity)
{
    stdio_process_free(wire->process);
    wire->process = NULL;
    (void)snprintf(why, capacity, "%s", wire->reason);
    stdio_wire_free(wire);
    return strcmp(why, STDIO_LEFT) == 0;
}

/* --- Calls ------------------------------------------------------------------------------------ */

void stdio_mailbox_init(struct stdio_mailbox *mailbox, uint64_t session, int wake_fd)
{
    *mailbox = (struct stdio_mailbox){.session = session, .wake_fd = wake_fd};
    mailbox->last = &mailbox->first;
}

/* It was never asked: it surely did not happen. */
static void refuse(struct stdio_wire *wire, struct stdio_call *asked, const char *why)
{
    struct stdio_answer *answer = new_answer(wire);

    leave_table(wire, asked);
    stdio_answer_fail(answer, ADAPTER_REFUSED, ADAPTER_ERROR_CONNECTION, why);
    answer->call = asked;
    asked->is_answered = true;
    put_into_mailbox(asked->mailbox, answer);
}

void stdio_wire_start(struct stdio_wire *wire, struct stdio_mailbox *mailbox,
                      struct adapter_call *call, uint64_t now_ns)
{
    pthread_mutex_lock(&wire->mutex);
    struct stdio_call *asked = add_call(wire, mailbox, call);
    if (wire->is_dead) {
        refuse(wire, asked, wire->reason);
    } else {
        text_clear(&wire->line);
        stdio_request_write(&wire->line, asked->id, mailbox->session, call, now_ns);
        if (!stdio_process_write(wire->process, &wire->line))
            refuse(wire, asked, "the adapter's process does not read its input");
    }
    pthread_mutex_unlock(&wire->mutex);
}

struct stdio_answer *stdio_wire_take(struct stdio_wire *wire, struct stdio_mailbox *mailbox,
                                     struct adapter_call **ret_call)
{
    struct stdio_answer *answer;

    pthread_mutex_lock(&wire->mutex);
    answer = mailbox->first;
    if (answer) {
        mailbox->first = answer->next;
        if (!mailbox->first)
            mailbox->last = &mailbox->first;
        *ret_call = answer->call->call;
        if (!answer->is_delivery) {
            leave_mailbox(answer->call);
            free(answer->call);
        }
        answer->call = NULL;
    }
    pthread_mutex_unlock(&wire->mutex);
    return answer;
}

void stdio_wire_return(struct stdio_wire *wire, struct stdio_answer *answer)
{
    pthread_mutex_lock(&wire->mutex);
    drop_answer(wire, answer);
    pthread_mutex_unlock(&wire->mutex);
}

/* Its deliveries that wait go with it. */
static void purge(struct stdio_wire *wire, struct stdio_mailbox *mailbox,
                  const struct stdio_call *asked)
{
    struct stdio_answer **place = &mailbox->first;

    while (*place) {
        struct stdio_answer *answer = *place;

        if (answer->call == asked) {
            *place = answer->next;
            drop_answer(wire, answer);
        } else {
            place = &answer->next;
        }
    }
    mailbox->last = place;
}

struct adapter_call *stdio_wire_give_up(struct stdio_wire *wire, struct stdio_mailbox *mailbox,
                                        uint64_t now_ns)
{
    struct adapter_call *given_up = NULL;

    pthread_mutex_lock(&wire->mutex);
    for (struct stdio_call *asked = mailbox->calls; asked && !given_up; asked = asked->next) {
        uint64_t due_ns = asked->call->deadline_ns;

        if (asked->is_answered || (now_ns != UINT64_MAX && (!due_ns || due_ns > now_ns)))
            continue;
        given_up = asked->call;
        if (asked->question.operation == ADAPTER_OP_SUBSCRIBE)
            purge(wire, mailbox, asked);
        leave_mailbox(asked);
        break;
    }
    pthread_mutex_unlock(&wire->mutex);
    return given_up;
}

uint64_t stdio_wire_due_ns(struct stdio_wire *wire, struct stdio_mailbox *mailbox)
{
    uint64_t due_ns = 0;

    pthread_mutex_lock(&wire->mutex);
    for (const struct stdio_call *asked = mailbox->calls; asked; asked = asked->next) {
        uint64_t deadline_ns = asked->call->deadline_ns;

        if (!asked->is_answered && deadline_ns && (!due_ns || deadline_ns < due_ns))
            due_ns = deadline_ns;
    }
    pthread_mutex_unlock(&wire->mutex);
    return due_ns;
}
