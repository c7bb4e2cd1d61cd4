/* script_evidence.h: the last calls of a script, kept as they are; those of them that tell the
   story (script_story.h) are put into words when somebody asks; and the trace, which puts
   everything into words at once. */
#ifndef ACTORS_SCRIPT_EVIDENCE_H
#define ACTORS_SCRIPT_EVIDENCE_H

#include <stddef.h>
#include <stdint.h>

struct script;
struct script_call;
struct script_result;
struct tree;
struct value;

enum {
    SCRIPT_EVIDENCE_MAX = 12,   /* told */
    SCRIPT_EVIDENCE_FIRST = 32, /* kept in any case */
    SCRIPT_EVIDENCE_KEPT = 256
};

struct script_event {
    struct script_call *call; /* or */
    char *line;
    const struct tree *step; /* for a call: of which step */
    uint64_t begun_ns, done_ns;
    uint64_t count; /* so many calls of one step had this answer, one after the other */
};

struct script_evidence { /* the first ones, and a ring */
    struct script_event events[SCRIPT_EVIDENCE_KEPT];
    size_t next, count;
    struct value *about; /* the message (or a list of one) that did not fit; NULL: none */
};

/* The oldest that is kept is 0. */
struct script_event *script_evidence_at(struct script_evidence *evidence, size_t index);
/* What the next verdict is about (NULL: nothing); keeps it. */
void script_evidence_about(struct script *script, struct value *message);
/* A call was answered; keeps it. */
void script_evidence_call(struct script *script, struct script_call *call, const struct tree *step);
/* Something else happened: "w1 crashed". */
void script_evidence_note(struct script *script, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Put into words what is kept, and the calls that are still under way. */
void script_evidence_tell(struct script *script, struct script_result *result);
void script_evidence_release(struct script_evidence *evidence);

void script_trace_call(struct script *script, const struct script_call *call);
void script_trace_answer(struct script *script, const struct script_call *call);
void script_trace_line(struct script *script, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
