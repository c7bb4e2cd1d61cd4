/* server.h: the process of a broker, driven by words.  A server of our own is started from a
   command line on a free loopback port, in a folder of its own, and cannot outlive us: a keeper
   process ends it, with all its children, and removes the folder, also when we are killed.
   Somebody else's is driven by the commands that its owner gives.

   Functions that wait (start, do) block for as long as the server takes, at most the plan's
   timeout: on a loop that others use, call server_do_later, which does the same on a thread of its
   own.  A server is used by one thread at a time. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct loop;
struct server;

enum server_word {
    SERVER_START,
    SERVER_STOP,     /* end it gracefully */
    SERVER_KILL,     /* end it as a crash would */
    SERVER_PAUSE,    /* freeze it: it keeps its connections and says nothing */
    SERVER_CONTINUE, /* thaw it */
    SERVER_RESTART,  /* start it again with the data it kept; what still runs is killed */
    SERVER_WIPE,     /* remove its data; a server of our own must be down */
    SERVER_WORD_COUNT
};

/* "start", "stop", "kill", "pause", "continue", "restart", "wipe". */
const char *server_word_name(enum server_word word);
/* SERVER_WORD_COUNT when there is no such word. */
enum server_word server_word_find(const char *name);

struct server_plan {  /* copied */
    const char *name; /* "default": of its folder and its log */
    /* A command line for a shell, with {port}, {dir} and {host} replaced; NULL: not ours to start.
     */
    const char *command;
    /* How to see that it serves: "tcp" (it accepts), "redis" (it answers PING), or "log:TEXT" (TEXT
       is in its output); NULL: "tcp". */
    const char *ready;
    uint64_t ready_timeout_ns; /* 0: 60 s */
    /* Commands that stand above what we could do by ourselves; NULL: none. */
    const char *control[SERVER_WORD_COUNT];
    /* Instead of `ready`, when it is not NULL: does it answer?  Waits for a moment at most. */
    bool (*answers)(void *context);
    void *context;
    const char *log_path;    /* where its output goes (appended); NULL: into its folder */
    const char *config_name; /* a file written into its folder before each start; NULL: none */
    const char *config;      /* its text, {port}, {dir} and {host} replaced */
    bool may_lose_power;     /* what it syncs to disk is watched, for server_forget_unsynced */
    uint16_t port;           /* 0: a free one is chosen */
    bool runs_here;          /* in our working folder, not in its own */
};

/* Gives (server_free).  Starts nothing. */
struct server *server_new(const struct server_plan *plan);
/* Ends what was started and removes its folder; NULL is fine. */
void server_free(struct server *server);

/* Start one of our own and wait until it serves.  The error of one that does not has the tail of
   its output. */
int server_start(struct server *server, struct error *reterr) __attribute__((warn_unused_result));

/* Is there a command, or a process of our own, for this word? */
bool server_can(const struct server *server, enum server_word word);
/* Do it and wait until it is done: after RESTART and START until it serves again. */
int server_do(struct server *server, enum server_word word, struct error *reterr);
/* How a piece of work ended; borrows the error. */
typedef void server_done(void *context, int result, const struct error *error);
/* The same on a thread of its own; `done` runs on the loop, later.  Called on the loop's thread.
   The server must not be used, nor freed, before. */
void server_do_later(struct server *server, enum server_word word, struct loop *loop,
                     server_done *done, void *context);
/* Several words, or anything that blocks, as one piece of work. */
void server_work_later(struct loop *loop, int (*work)(void *context, struct error *reterr),
                       server_done *done, void *context);

/* Bring it back when something left it frozen or dead: continue, then restart, as far as it can.
   Does nothing to one that serves. */
void server_revive(struct server *server);

/* Facts of a server of our own; 0, "" or false when there is none. */
bool server_is_ours(const struct server *server);
bool server_is_running(struct server *server); /* its first process has not ended */
uint16_t server_port(const struct server *server);
const char *server_folder(const struct server *server);   /* {dir}: its data */
const char *server_log_path(const struct server *server); /* where its output is */
pid_t server_pid(const struct server *server);

/* A text with {port}, {dir} and {host} replaced.  Gives (free). */
char *server_fill_in(const struct server *server, const char *text);
/* What it has said so far, the last `size_max` bytes.  Gives (free); NULL when nothing is kept. */
char *server_log(const struct server *server, size_t size_max);

/* Say one line to a server of our own that speaks in lines, as Redis does ("CONFIG SET port 1"),
   and get the first line of its answer.  -1 when there is none. */
int server_ask(const struct server *server, const char *line, char *answer, size_t capacity);

/* Start it without waiting until it serves. */
int server_launch(struct server *server, struct error *reterr) __attribute__((warn_unused_result));
/* Wait for that. */
int server_await(struct server *server, struct error *reterr) __attribute__((warn_unused_result));
/* Take over the port of another, when it has been told to. */
void server_set_port(struct server *server, uint16_t port);

/* Add a line behind the configuration that was planned, NULL: none; in force from the next start.
 * Copies. */
void server_add_config(struct server *server, const char *lines);
/* While it is down: cut every file of its data back to what had been synced to disk.  Fails when
   that was not watched. */
int server_forget_unsynced(struct server *server, struct error *reterr)
    __attribute__((warn_unused_result));
/* Bound the size of every file it writes, from now on; UINT64_MAX: no bound again.  Writes past it
   fail as on a full disk. */
int server_limit_files(struct server *server, uint64_t size_max, struct error *reterr)
    __attribute__((warn_unused_result));

#endif
