/* script.h: steps that must be atomic, as scripts that the server runs. */
#ifndef REDIS_SCRIPT_H
#define REDIS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "operation.h"

enum redis_script {
    REDIS_SCRIPT_NACK,
    REDIS_SCRIPT_LEAVE,
    REDIS_SCRIPT_REPLAY,
    REDIS_SCRIPT_TRIM,
    REDIS_SCRIPT_RECORD,
    REDIS_SCRIPT_REAP,
    REDIS_SCRIPT_ACQUIRE,
    REDIS_SCRIPT_RENEW,
    REDIS_SCRIPT_RELEASE,
    REDIS_SCRIPT_FENCED_READ,
    REDIS_SCRIPT_FENCED_CLAIM,
    REDIS_SCRIPT_FENCED_ACK,
    REDIS_SCRIPT_TAKE,
    REDIS_SCRIPT_COUNT
};

/* What a session knows of a script on the server. */
struct redis_script_state {
    char digest[48]; /* "" until it was loaded */
};

/* The text of a script. */
const char *redis_script_text(enum redis_script script);

/* For the arguments behind the digest (number of keys, keys, arguments), cleared. */
struct text *redis_script_arguments(struct redis_operation *operation);
/* Run a script on the operation's open link; loads it when the server does not know it. */
void redis_script_run(struct redis_operation *operation, enum redis_script script,
                      size_t argument_count, redis_on_reply *on_reply);

#endif
