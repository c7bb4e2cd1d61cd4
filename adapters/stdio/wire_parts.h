/* wire_parts.h: what a wire is made of.  Private to its files; but for stdio_wire_*, all is called
   with the mutex held. */
#ifndef ADAPTERS_STDIO_WIRE_PARTS_H
#define ADAPTERS_STDIO_WIRE_PARTS_H

#include <pthread.h>

#include "adapters/stdio/process.h"
#include "adapters/stdio/wire.h"
#include "base/text.h"

struct stdio_wire {
    struct stdio_process *process;
    char *command;
    int ready_fd; /* readable when the hello, an answer to the desk, or the end has come */

    pthread_mutex_t mutex; /* guards all below */
    struct stdio_hello hello;
    bool has_hello, is_dead, is_shared;
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

/* What comes from the process, on its own thread, which takes the mutex. */
extern const struct stdio_process_events wire_process_events;

/* An empty answer, an old one if there is any; given back by wire_answer_drop (NULL is fine). */
struct stdio_answer *wire_answer_new(struct stdio_wire *wire);
void wire_answer_drop(struct stdio_wire *wire, struct stdio_answer *answer);

/* A call with an id of its own, in the table and in the mailbox's list; mailbox and call are NULL
   when nobody waits for it.  Freed (free) by whoever takes it out of the table. */
struct stdio_call *wire_call_add(struct stdio_wire *wire, struct stdio_mailbox *mailbox,
                                 struct adapter_call *call);
/* NULL when nothing of that id waits for an answer. */
struct stdio_call *wire_call_find(const struct stdio_wire *wire, int64_t id);
/* No answer comes any more. */
void wire_call_leave(struct stdio_wire *wire, struct stdio_call *call);
/* Nobody waits for it any more. */
void wire_call_forget(struct stdio_call *call);

/* Takes the answer; wakes the session when it is the first. */
void wire_put(struct stdio_mailbox *mailbox, struct stdio_answer *answer);
/* Make an eventfd readable. */
void wire_wake(int fd);

/* Words for people. */
void wire_log(const struct stdio_wire *wire, uint32_t level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A wrong answer is shown beside what was asked and what would be right. */
void wire_complain(struct stdio_wire *wire, const struct stdio_call *asked,
                   struct adapter_text came, const struct stdio_complaint *complaint);
/* What cannot be told apart cannot be trusted: the process is killed, and no more is heard. */
void wire_condemn(struct stdio_wire *wire, const char *why, struct adapter_text came);

#endif
