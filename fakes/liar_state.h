/* liar_state.h: the liar's own structs.  Private to liar*.c. */
#ifndef FAKES_LIAR_STATE_H
#define FAKES_LIAR_STATE_H

#include "fakes/lie.h"

struct lie_extra;
struct lie_block;

struct adapter_instance {
    struct broker_adapter adapter; /* what is handed out */
    const struct broker_adapter *honest_adapter;
    struct adapter_instance *honest;
    struct liar liar;
    uint32_t asked_count; /* for its declaration */
    unsigned use_count;   /* of an honest instance that is several */
    struct adapter_instance *home;
    struct adapter_session *ended; /* kept, so that no later one is taken for one of them */
};

struct adapter_session {
    struct adapter_session *next; /* among the ended */
    struct adapter_instance *instance;
    struct adapter_session *honest;
    const struct adapter_host *host;
    struct passage *waiting; /* with a timer of ours */
    struct lie_extra *waiting_extras;
    bool is_closing;
};

/* A call of the lie's own. */
struct lie_extra {
    struct adapter_call call; /* first member */
    struct adapter_text item;
    char *stream, *group, *text; /* its own copies */
    struct passage *passage;     /* that waits for it; NULL: nobody does */
    uint64_t hold_ns;            /* nobody waits, and it begins so much later */
    struct adapter_timer *timer;
    struct adapter_session *session;
    struct lie_extra *next;
};

struct passage {
    struct lie_call lie; /* first member, and in it the call */
    struct lie_extra *before, *after;
    struct lie_block *blocks;
    struct adapter_entry *entries;
    struct adapter_timer *timer;
    uint64_t hold_ns;
    bool is_told;
    struct adapter_result told;
    struct passage *next; /* in the session's list of waiting ones */
};

/* liar_memory.c */
void liar_forget(struct liar *liar);
void liar_release_blocks(struct passage *passage);
struct lie_extra *liar_extra_new(uint32_t operation, const char *stream, const char *group,
                                 const char *item);
void liar_extra_free(struct lie_extra *extra);

#endif
