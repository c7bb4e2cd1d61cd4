/* wire_hear.c: what the process says, line by line, and that it has ended; on its own thread. */
#include "adapters/stdio/wire_parts.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 2000 /* lines of standard error that are logged */ };

/* --- Lines; the mutex is held -------------------------------------------------------------------
 */

static void hear_hello(struct stdio_wire *wire, struct stdio_answer *answer,
                       struct adapter_text line)
{
    struct error error = {0};

    if (stdio_hello_read(&answer->json, &wire->hello, &error) == 0)
        wire->has_hello = true;
    else
        wire_condemn(wire, error.message, line);
    wire_wake(wire->ready_fd);
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
        wire_log(wire, number, "%.*s", (int)text.size, text.data);
}

/* False when nobody takes the answer. */
static bool hear_answer(struct stdio_wire *wire, struct stdio_call *asked,
                        struct stdio_answer *answer, struct adapter_text line)
{
    struct stdio_complaint complaint;

    answer->call = asked;
    if (asked->mailbox && stdio_answer_read(answer, &asked->question, &complaint) < 0)
        wire_complain(wire, asked, line, &complaint);
    if (!answer->is_delivery) {
        wire_call_leave(wire, asked);
        asked->is_answered = true;
    }
    if (asked->mailbox) {
        wire_put(asked->mailbox, answer);
        return true;
    }
    bool is_desk = asked->id == wire->desk_id;
    if (is_desk) {
        wire->desk_answer = answer;
        wire_wake(wire->ready_fd);
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
        wire_condemn(wire, "it wrote a line that says with no 'id' what it answers", line);
        return false;
    }
    struct stdio_call *asked = wire_call_find(wire, number);
    if (!asked) {
        wire_condemn(wire, "it answered what was not asked, or was answered before", line);
        return false;
    }
    answer->is_delivery = deliver != NULL;
    if (deliver && asked->mailbox && asked->question.operation != ADAPTER_OP_SUBSCRIBE) {
        wire_condemn(wire, "it delivers to what is no subscription", line);
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
    wire_condemn(wire, why, line);
    wire_wake(wire->ready_fd);
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
    struct stdio_answer *answer = wire_answer_new(wire);
    pthread_mutex_unlock(&wire->mutex);
    bool is_object = read_line(answer, line);
    pthread_mutex_lock(&wire->mutex);
    if (!wire->is_dead && is_object)
        is_taken = sort_line(wire, answer, line);
    else if (!wire->is_dead)
        refuse_line(wire, answer, line);
    if (!is_taken)
        wire_answer_drop(wire, answer);
    pthread_mutex_unlock(&wire->mutex);
}

static void on_said(void *context, const char *line)
{
    struct stdio_wire *wire = context;

    pthread_mutex_lock(&wire->mutex);
    if (wire->word_count++ < WORDS_MAX)
        wire_log(wire, ADAPTER_LOG_INFO, "%s", line);
    pthread_mutex_unlock(&wire->mutex);
}

/* What it may have done before it ended, nobody knows. */
static void fail_call(struct stdio_wire *wire, struct stdio_call *asked)
{
    wire_call_leave(wire, asked);
    if (!asked->mailbox) {
        free(asked);
        return;
    }
    struct stdio_answer *answer = wire_answer_new(wire);
    stdio_answer_fail(answer, ADAPTER_UNKNOWN, ADAPTER_ERROR_CONNECTION, wire->reason);
    answer->call = asked;
    asked->is_answered = true;
    wire_put(asked->mailbox, answer);
}

_Atomic uint64_t stdio_wire_losses;

static void on_ended(void *context, const char *why)
{
    struct stdio_wire *wire = context;

    pthread_mutex_lock(&wire->mutex);
    wire->is_dead = true;
    (void)snprintf(wire->reason, sizeof(wire->reason), "%s", why);
    if (wire->is_shared && strcmp(why, STDIO_LEFT) != 0)
        atomic_fetch_add(&stdio_wire_losses, 1);
    for (size_t i = 0; i < wire->capacity; i++)
        if (wire->table[i])
            fail_call(wire, wire->table[i]);
    wire_wake(wire->ready_fd);
    pthread_mutex_unlock(&wire->mutex);
}

const struct stdio_process_events wire_process_events = {on_line, on_said, on_ended};
