/* fault.h: what can be done to links on purpose.

   A *disturber* stands before a dialer.  Each link that is dialled through it is a channel: the
   near end is what the adapter holds, the far end a link of the dialer beneath.  A *rule* says
   which links, at which moment (its match), and what is done there (its action, a fault of the
   table). Where no rule is in force, bytes pass untouched and unread.

   Threads: a channel lives on the loop of the actor that dialled it.  Rules may be armed and
   disarmed from any thread: links on the loop of the caller obey before arming returns, links on
   other loops at the beginning of their next turn. */
#ifndef LINK_FAULT_H
#define LINK_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/schema.h"
#include "link/link.h"
#include "loop/loop.h"

struct link_faults; /* the rules of one run, and the channels they act on */

struct link_faults_plan {
    uint64_t seed; /* of jitter and of what is corrupted */
    /* Follow requests and replies of every link from its first byte, so that rules by operation,
       message or edge can be armed at any time.  Without it such rules are refused. */
    bool reads_frames;
};

struct link_faults *link_faults_new(const struct link_faults_plan *plan);
/* After the dialers that use it, and after the last turn of their loops; NULL is fine. */
void link_faults_free(struct link_faults *faults);
bool link_faults_reads_frames(const struct link_faults *faults);

/* A dialer whose links pass through channels.  Takes `beneath`; keeps `faults`. */
struct link_dialer *link_dialer_faulty_new(struct link_dialer *beneath, struct link_faults *faults);

/* --- The table of faults --------------------------------------------------------------------- */

/* Where in an exchange a rule acts. */
enum link_edge {
    LINK_EDGE_ANY,      /* where the fault acts unless told otherwise (its table entry says) */
    LINK_EDGE_CONNECT,  /* when the link is dialled */
    LINK_EDGE_REQUEST,  /* before the broker sees the request */
    LINK_EDGE_REPLY,    /* the broker has acted, the adapter has not heard of it */
    LINK_EDGE_MID_REPLY /* half of the reply has arrived */
};

struct link_fault; /* one entry of the table */

/* NULL, with the nearest word in the message, when there is no such fault. */
const struct link_fault *link_fault_find(const char *word, struct error *reterr);
/* The i-th fault, NULL past the end. */
const struct link_fault *link_fault_at(size_t index);
const char *link_fault_word(const struct link_fault *fault);
const char *link_fault_help(const struct link_fault *fault);
/* Its options.  The first one is the main one: what stands behind the word, as in `cut: rst`. */
struct schema link_fault_schema(const struct link_fault *fault);
/* It acts on single requests or replies and does nothing between them (drop_reply). */
bool link_fault_needs_frames(const struct link_fault *fault);

/* A fault with its parameters: a value for every option of its schema. */
struct link_action {
    const struct link_fault *fault;
    struct schema_value *values;
};

/* main_text: for its first option; NULL, "" and "true" leave the defaults.  Release it. */
int link_action_init(struct link_action *action, const char *word, const char *main_text,
                     struct error *reterr);
int link_action_set(struct link_action *action, const char *key, const char *text,
                    struct error *reterr);
void link_action_release(struct link_action *action);

/* --- Rules ----------------------------------------------------------------------------------- */

/* Zero-initialised matches everything. */
struct link_match {
    /* "billing-2.read": one link; "billing-2": both links of an actor; "billing": of all members.
       NULL: every link. */
    const char *link;
    /* An operation of the port (publish, read, ack, ...; read and ack mean every kind of them),
       "connect", "reclaim", or a command of the protocol in capitals (XREADGROUP).  NULL: any. */
    const char *op;
    bool has_message; /* the harness's own number, found in the request or in the reply */
    uint32_t track;
    uint64_t sequence;
    const char *carries; /* bytes that the request or the reply must contain; NULL: any */
    uint32_t attempt;    /* only the n-th time that a message comes past this rule; 0: any */
    uint64_t exchange;   /* the n-th request of this link name, from 1, and its reply; 0: any */
    /* With a command of the protocol as `op`: its n-th exchange on links of this name that brings
       something; as a request, the first that can be it.  0: any. */
    uint64_t nth;
    uint64_t empty; /* with nth: the so-manieth in a row before it that brings nothing; 0: none */
    enum link_edge edge;
    uint64_t skip;  /* let so many matches pass */
    uint64_t times; /* act on so many; 0: until disarmed */
};

/* What a rule did.  Texts are borrowed until the callback returns. */
struct link_hit {
    uint32_t rule;
    uint64_t at_ns;   /* on the loop of the link */
    const char *link; /* "billing-2.read" */
    const char *what; /* one line for people: "reply of XREADGROUP, 312 bytes" */
    const char *op;   /* the operation or command; NULL when bytes were hit, not a frame */
    bool has_message; /* the message that was matched, or the first one that it carries */
    uint32_t track;
    uint64_t sequence;
    uint64_t exchange; /* the how-manieth request of this link name, from 1; 0: none */
};

/* What is armed; everything is copied. */
struct link_rule {
    struct link_match match;
    struct link_action action;
    /* Called at each hit, on the loop and thread of the link; may be NULL.  It may arm and disarm.
       Until link_faults_free it may still come once after disarming, when another thread was busy.
     */
    void (*fired)(void *context, const struct link_hit *hit);
    void *context;
};

/* Put a rule in force.  here: the loop that the caller runs on, NULL when it runs on none.  Returns
   the rule's number, 0 when it cannot be: the message says why. */
uint32_t link_faults_arm(struct link_faults *faults, struct loop *here,
                         const struct link_rule *plan, struct error *reterr);
/* End a rule: links heal, what was held is let go, what was refused may be dialled again.  What was
   cut stays cut.  Fine when it has ended. */
void link_faults_disarm(struct link_faults *faults, struct loop *here, uint32_t number);
/* End every rule whose match names exactly this link; NULL: every rule. */
void link_faults_heal(struct link_faults *faults, struct loop *here, const char *link);

uint64_t link_faults_fired(struct link_faults *faults, uint32_t number); /* its hits so far */
/* Links that were dialled through channels so far.  0 at the end of a run says that the adapter did
   not dial the address it was given. */
uint64_t link_faults_connections(struct link_faults *faults);

/* One request or one reply that passed. */
struct link_exchange {
    const char *link;
    uint64_t index; /* from 1, of all requests of this link name; 0: nobody asked */
    /* Among those of its command: as in struct link_match, nth and empty; a reply that brings
       something has a turn too.  0: the protocol is not understood. */
    uint64_t number, turn;
    bool is_reply;
    const char *command; /* as it was sent; NULL when the protocol is not understood */
    const char *op;      /* the operation of the port, where it is certain; or NULL */
    size_t size;         /* bytes */
    bool delivers;       /* a reply that brings something */
    bool has_message;    /* the first message that it carries */
    uint32_t track;
    uint64_t sequence;
};

/* Be told of every request and reply, before any rule acts on it, on the loop of the link.  Set it
   before the first dial, in a run that reads frames. */
struct link_watcher {
    void (*exchanged)(void *context, const struct link_exchange *exchange); /* borrows */
    void *context;
};
void link_faults_watch(struct link_faults *faults, const struct link_watcher *watcher);
/* Tell no more.  From any thread; fine when nobody watches. */
void link_faults_unwatch(struct link_faults *faults);

/* --- What actors do -------------------------------------------------------------------------- */

/* What one actor is doing, so that a link whose protocol is not understood can be addressed by
   operation too, and a command that means many things (EVALSHA) by the one that is meant. */
struct link_owner;

/* The owner of the links named "<name>" and "<name>.<link>"; one for each name, kept by faults. */
struct link_owner *link_faults_owner(struct link_faults *faults, const char *name);
/* A call of the owner begins or ends.  op: as in struct link_match.  On the owner's loop. */
void link_owner_operation(struct link_owner *owner, const char *op, bool begins);

#endif
