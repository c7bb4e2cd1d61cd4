/* wire.c: the life of a wire, and the calls of its sessions. */
#include "adapters/stdio/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "adapters/stdio/request.h"
#include "adapters/stdio/wire_parts.h"
#include "base/memory.h"

/* --- Life ---------------------------------------------------------------------------------------
 */

struct stdio_wire *stdio_wire_new(const char *command, struct error *reterr)
{
    struct stdio_wire *wire = memory_new(1, sizeof(*wire));

    wire->command = memory_string(command);
    wire->ready_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&wire->mutex, NULL);
    pthread_mutex_lock(&wire->mutex); /* the thread must find its process */
    wire->process = stdio_process_start(command, &wire_process_events, wire);
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

bool stdio_wire_is_dead(struct stdio_wire *wire)
{
    pthread_mutex_lock(&wire->mutex);
    bool is_dead = wire->is_dead;
    pthread_mutex_unlock(&wire->mutex);
    return is_dead;
}

void stdio_wire_share(struct stdio_wire *wire)
{
    pthread_mutex_lock(&wire->mutex);
    wire->is_shared = true;
    pthread_mutex_unlock(&wire->mutex);
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

bool stdio_wire_end(struct stdio_wire *wire, char *why, size_t capacity)
{
    stdio_process_free(wire->process);
    wire->process = NULL;
    (void)snprintf(why, capacity, "%s", wire->reason);
    stdio_wire_free(wire);
    return strcmp(why, STDIO_LEFT) == 0;
}

void stdio_wire_log_to(struct stdio_wire *wire, const struct adapter_host *host)
{
    pthread_mutex_lock(&wire->mutex);
    wire->log = host;
    pthread_mutex_unlock(&wire->mutex);
}

/* --- Calls --------------------------------------------------------------------------------------
 */

void stdio_mailbox_init(struct stdio_mailbox *mailbox, uint64_t session, int wake_fd)
{
    *mailbox = (struct stdio_mailbox){.session = session, .wake_fd = wake_fd};
    mailbox->last = &mailbox->first;
}

/* It was never asked: it surely did not happen. */
static void refuse(struct stdio_wire *wire, struct stdio_call *asked, const char *why)
{
    struct stdio_answer *answer = wire_answer_new(wire);

    wire_call_leave(wire, asked);
    stdio_answer_fail(answer, ADAPTER_REFUSED, ADAPTER_ERROR_CONNECTION, why);
    answer->call = asked;
    asked->is_answered = true;
    wire_put(asked->mailbox, answer);
}

void stdio_wire_start(struct stdio_wire *wire, struct stdio_mailbox *mailbox,
                      struct adapter_call *call, uint64_t now_ns)
{
    pthread_mutex_lock(&wire->mutex);
    struct stdio_call *asked = wire_call_add(wire, mailbox, call);
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
            wire_call_forget(answer->call);
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
    wire_answer_drop(wire, answer);
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
            wire_answer_drop(wire, answer);
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
        wire_call_forget(asked);
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
