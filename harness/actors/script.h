/* script.h: runs the steps of one clause against a broker adapter and says how it went: a small
   interpreter on the loop, with several threads of control, sessions and instances. */
#ifndef ACTORS_SCRIPT_H
#define ACTORS_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "actors/endpoint.h"
#include "base/tree.h"

enum script_verdict { SCRIPT_PASS, SCRIPT_FAIL, SCRIPT_INCONCLUSIVE };

/* What the world can do for a script; members that are NULL are not there. */
struct script_world {
    void *context;
    /* Open another instance of the same adapter, options as for the first; borrowed until
       close_instance. */
    const struct endpoint_broker *(*open_instance)(void *context, struct error *reterr);
    void (*close_instance)(void *context, const struct endpoint_broker *broker);
    /* Drive the server ("kill", "stop", "pause", "continue", "restart"): 0 when done. */
    int (*server)(void *context, const char *verb, struct error *reterr);
};

struct script_plan { /* borrowed while the script lives */
    const struct tree *steps;
    const struct endpoint_broker *broker; /* of the first instance */
    const struct endpoint_place *place;
    const struct script_world *world;
    const char *prefix; /* put before every stream name: "gauntlet:1a2b3c4d:ACK-02.1:" */
    uint64_t seed;
    uint64_t call_timeout_ns; /* 1 s (contracts.md, ruling 12) */
    uint64_t limit_ns;
    uint64_t
        late_factor; /* `within` is waited for so many times as long, and then called late: 10 */
    bool kills;      /* a session that a `crash` names may have a process, which is then killed */
    /* One line for each call, answer and check, with its time; NULL: none. */
    void (*trace)(void *context, const char *line);
    void *trace_context;
};

struct script_result {
    enum script_verdict verdict;
    char *reason;              /* one sentence; NULL when it passed */
    struct source_place place; /* of the step that decided */
    char **evidence;           /* the last calls and answers that led there, one line each */
    size_t evidence_count;
    uint64_t call_count,
        check_count;        /* calls made and expectations looked at; 0 checks: inconclusive */
    uint64_t timeout_count; /* calls that ended because their time was over */
    uint64_t overlap_count; /* calls begun while one of another session was under way */
    uint64_t elapsed_ns;
};

struct script;

/* Check the words of the steps without running them: unknown operations, arguments and modifiers.
 */
int script_check(const struct tree *steps, struct error *reterr);

/* Begin on the place's loop; `ended` is called once, on a later turn.  The result lives until
   script_free. */
struct script *script_start(const struct script_plan *plan,
                            void (*ended)(void *context, const struct script_result *result),
                            void *context);
void script_free(struct script *script); /* closes its sessions and instances; NULL is fine */

#endif
