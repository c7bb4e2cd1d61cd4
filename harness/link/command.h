/* command.h: what the commands of Redis mean to the port.  Private to this room. */
#ifndef LINK_COMMAND_H
#define LINK_COMMAND_H

#include <stddef.h>
#include <stdint.h>

enum command_trait {
    COMMAND_OPAQUE = 1u << 0,     /* means whatever its sender is doing */
    COMMAND_SETS_UP = 1u << 1,    /* belongs to the connection, not to what its sender is doing */
    COMMAND_SUBSCRIBES = 1u << 2, /* one reply for each argument, and then pushes */
    COMMAND_LOOKS = 1u << 3 /* changes nothing: it is not what an operation that does is for */
};

struct command {
    const char *word;
    uint64_t operations;     /* bits (operation.h) */
    uint32_t traits;         /* of enum command_trait */
    uint32_t delivers_depth; /* a reply with content that deep delivers something */
};

/* Never NULL: a command that is not in the table is opaque. */
const struct command *command_of_word(const char *word, size_t size);

#endif
