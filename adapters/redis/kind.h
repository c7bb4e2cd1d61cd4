/* kind.h: where the Redis adapters differ in what they store. */
#ifndef REDIS_KIND_H
#define REDIS_KIND_H

#include <stdbool.h>
#include <stddef.h>

struct redis_operation;

#define REDIS_RESERVED_NAME "the name of the stream is one that the broker's own keys have"

struct redis_kind {
    /* Storing a message: this command, the stream, what follows it (up to a NULL), the message. */
    const char *publish_command;
    const char *behind_stream[3];
    bool has_envelope; /* the message is ["<id>", <payload>], the id being ours */
    /* Tells how many messages are stored; NULL: none ever are. */
    const char *length_command;
    bool has_server_groups; /* XINFO and dead letter queues */
    /* Is the name one that the broker's own keys may have?  NULL: none is. */
    bool (*is_reserved)(const char *stream);
    /* Append the keys that belong to a stream as arguments; how many. */
    size_t (*add_keys)(struct redis_operation *operation, const char *stream);
};

#endif
