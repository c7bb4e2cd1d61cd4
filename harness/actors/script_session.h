/* script_session.h: the sessions and instances that a script has opened, by name. */
#ifndef ACTORS_SCRIPT_SESSION_H
#define ACTORS_SCRIPT_SESSION_H

#include "actors/script_parts.h"

/* What was published to one stream since a session subscribed to it. */
struct script_subscription {
    char *stream;
    struct script_call *call;
    struct value *received;   /* a list: handed over and not asked for yet */
    struct value *ended;      /* the error it ended with; NULL as long as it lives */
    struct script_flow *flow; /* who waits for more */
    struct script_subscription *next;
};

struct script_instance {
    char *name; /* "b" */
    const struct endpoint_broker *broker;
    bool is_ours; /* opened by this script */
    struct script_instance *next;
};

struct script_session {
    char *name;
    char *consumer; /* inside groups; NULL: the adapter's choice */
    struct script *script;
    struct script_instance *instance;
    struct endpoint endpoint;
    bool is_open;
    unsigned open_count; /* times it was opened */
    struct script_subscription *subscriptions;
    struct script_session *next;
};

/* The session of that name, opened on instance `a` when it is not open; NULL with the reason. */
struct script_session *script_session_get(struct script *script, const char *name,
                                          struct error *reterr);
/* Known, perhaps not open; NULL when it was never mentioned. */
struct script_session *script_session_find(struct script *script, const char *name);
/* How to open a session; NULL: as it was before. */
struct script_opening {
    const char *instance, *consumer;
    bool is_apart; /* an instance of its own, also where the broker lives in its instance */
};

/* Open it, closing it before if need be.  0, or -1 with the reason. */
int script_session_open(struct script *script, const char *name,
                        const struct script_opening *opening, struct error *reterr);
/* Start a call; raw: not gated by what the broker declares. */
void script_session_start(struct script_session *session, struct adapter_call *call, bool is_raw);
/* End it gracefully, or as a crash would; fine when it is not open. */
void script_session_close(struct script_session *session, bool is_crash);
/* Close every session and then every instance, and forget them. */
void script_sessions_release(struct script *script);
void script_sessions_close(struct script *script);

#endif
