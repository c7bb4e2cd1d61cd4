/* spawn.h: a child with pipes for its three standard streams. */
#ifndef ADAPTERS_STDIO_SPAWN_H
#define ADAPTERS_STDIO_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct stdio_child {
    pid_t pid;        /* head of a process group of its own; 0: none */
    int in, out, err; /* our ends, not blocking; -1 when closed */
};

/* Run a shell command.  Its death is bound to that of the calling thread.  -1 and errno. */
int stdio_spawn(const char *command, struct stdio_child *ret_child);
/* Kill the whole group. */
void stdio_child_kill(const struct stdio_child *child);
/* Wait up to so long for the end, then kill; gives how it ended, "exit code 3", "signal 11
   (Segmentation fault)".  False when it had to be killed. */
bool stdio_child_await(struct stdio_child *child, int timeout_ms, char *ret_how, size_t capacity);
void stdio_child_close(int *fd);

#endif
