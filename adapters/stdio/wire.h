/* wire.h: requests and answers over one child process: which call an answer belongs to, and what
   becomes of those that get none.

   Any thread starts calls; the process's thread reads the answers, checks them, and puts them into
   the mailbox of the session that asked.  Everything shared is guarded by the wire's mutex. */
#ifndef ADAPTERS_STDIO_WIRE_H
#define ADAPTERS_STDIO_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "adapter.h"
#include "adapters/stdio/answer.h"
#include "adapters/stdio/hello.h"
#include "base/error.h"

struct stdio_wire;

/* Where the answers to one session's calls wait.  Embedded in the session. */
struct stdio_mailbox {
    uint64_t session; /* its number on the wire */
    int wake_fd;      /* an eventfd: readable when something waits */
    /* Under the wire's mutex. */
    struct stdio_answer *first, **last;
    struct stdio_call *calls; /* without an answer that was taken */
};

/* A request that was sent. */
struct stdio_call {
    struct stdio_call *next, *previous; /* in the mailbox's list */
    uint64_t id;
    struct stdio_mailbox *mailbox; /* NULL: nobody waits for the answer */
    struct adapter_call *call;     /* the caller's */
    struct stdio_question question;
    bool is_answered; /* its answer waits in the mailbox */
};

/* Start the process.  Gives (stdio_wire_free). */
struct stdio_wire *stdio_wire_new(const char *command, struct error *reterr);
/* Lets the process go, waits for its end, and frees. */
void stdio_wire_free(struct stdio_wire *wire);
/* The process may go; stdio_wire_is_over tells when freeing does not wait. */
void stdio_wire_leave(struct stdio_wire *wire);
void stdio_wire_kill(struct stdio_wire *wire, const char *why);
bool stdio_wire_is_over(struct stdio_wire *wire);
/* Has its process ended, so that nothing it is told is done any more? */
bool stdio_wire_is_dead(struct stdio_wire *wire);
/* From now on its process serves several sessions: when it ends without being told to, that is no
   crash of one of them, and is counted below, before anybody's call fails of it. */
void stdio_wire_share(struct stdio_wire *wire);
extern _Atomic uint64_t stdio_wire_losses;

/* Wait (10 s at most) for its hello; borrowed for as long as the wire lives.  NULL when it says
   none, or a wrong one. */
const struct stdio_hello *stdio_wire_hello(struct stdio_wire *wire, struct error *reterr);
/* Send a request of the harness's own ("create"), and wait for its answer.  `members` begins with a
   comma or is empty.  0 when the answer is no error; then `ret_json` is it, until the next ask. */
int stdio_wire_ask(struct stdio_wire *wire, const char *op, const char *members,
                   struct stdio_json **ret_json, struct error *reterr);
/* What was answered last, errors too, as the answer to a question; -1 when it is against the
   protocol (complaint), or when there was none (complaint is empty).  The result points into the
   wire. */
int stdio_wire_examine(struct stdio_wire *wire, const struct stdio_question *question,
                       struct adapter_result *ret_result, struct stdio_complaint *complaint);
/* Lets the process go, waits for its end, and frees.  False when it did not end by itself; then why
   says how. */
bool stdio_wire_end(struct stdio_wire *wire, char *why, size_t capacity);
/* The same without waiting, or caring for the answer. */
void stdio_wire_tell(struct stdio_wire *wire, const char *op, const char *members);

/* Complaints and the child's words go to this host's log; NULL: nowhere. */
void stdio_wire_log_to(struct stdio_wire *wire, const struct adapter_host *host);

void stdio_mailbox_init(struct stdio_mailbox *mailbox, uint64_t session, int wake_fd);
/* Send a call; its answer comes into the mailbox, also when it cannot be sent. */
void stdio_wire_start(struct stdio_wire *wire, struct stdio_mailbox *mailbox,
                      struct adapter_call *call, uint64_t now_ns);
/* The next answer, NULL when there is none; then its call, with `ret_call`, is nobody's any more
   (but for a delivery).  Given back by stdio_wire_return. */
struct stdio_answer *stdio_wire_take(struct stdio_wire *wire, struct stdio_mailbox *mailbox,
                                     struct adapter_call **ret_call);
void stdio_wire_return(struct stdio_wire *wire, struct stdio_answer *answer);
/* Give up one call whose time is over (all of them with UINT64_MAX): what answers it later is
   thrown away.  Gives the caller's call; NULL when there is none. */
struct adapter_call *stdio_wire_give_up(struct stdio_wire *wire, struct stdio_mailbox *mailbox,
                                        uint64_t now_ns);
/* When the next one is due, 0: none. */
uint64_t stdio_wire_due_ns(struct stdio_wire *wire, struct stdio_mailbox *mailbox);

#endif
