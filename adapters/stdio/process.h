/* process.h: a child process that speaks in lines, with a thread of ours that listens to it.

   The thread starts the child, writes what is queued, cuts what comes into lines, keeps what is
   said on standard error, and waits for the end; so no loop ever waits for a child.  A child that
   does not read, does not stop or does not end is killed; all die with this process, also when that
   is killed outright. */
#ifndef ADAPTERS_STDIO_PROCESS_H
#define ADAPTERS_STDIO_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum {
    STDIO_LINE_MAX = 64 << 20,  /* bytes: longer ones are a flood */
    STDIO_QUEUE_MAX = 64 << 20, /* bytes that a child has not read: then it does not read at all */
    STDIO_GRACE_MS = 2000       /* between the end of its input and the end of its life */
};

/* Why a process ended that was told to leave, and did. */
#define STDIO_LEFT "its process was told to leave"

struct stdio_process;

/* All on the process's own thread. */
struct stdio_process_events {
    /* One line, without its end; borrowed. */
    void (*line)(void *context, const char *line, size_t size);
    /* A line on standard error. */
    void (*said)(void *context, const char *line);
    /* Nothing comes any more; once, last.  why: one line for people. */
    void (*ended)(void *context, const char *why);
};

/* Start a shell command.  Gives (stdio_process_free); NULL when no thread can be had.  That the
   command cannot be run is the event ended.  Keeps the events. */
struct stdio_process *stdio_process_start(const char *command,
                                          const struct stdio_process_events *events, void *context);

/* Any thread.  Queue bytes; false when too many wait already. */
bool stdio_process_write(struct stdio_process *process, const struct text *bytes);
/* Kill it, and say why it had to be; the event ended follows.  The first reason stands. */
void stdio_process_condemn(struct stdio_process *process, const char *why);
/* Send what is queued, end its input, and let it go; killed when it stays. */
void stdio_process_leave(struct stdio_process *process);
/* Has its thread nothing more to do?  Then freeing it does not wait. */
bool stdio_process_is_over(struct stdio_process *process);
/* Leaves, waits for the end (STDIO_GRACE_MS at most) and frees; NULL is fine. */
void stdio_process_free(struct stdio_process *process);

#endif
