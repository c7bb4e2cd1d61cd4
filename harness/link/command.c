/* command.c: the table of commands. */
#include "link/command.h"

#include <pthread.h>
#include <string.h>
#include <strings.h>

#include "link/operation.h"

static const struct {
    const char *word;
    const char *operations[4]; /* as rules name them */
    uint32_t traits, delivers_depth;
} COMMANDS[] = {
    {"XADD", {"publish"}, 0, 0},
    {"RPUSH", {"publish"}, 0, 0},
    {"LPUSH", {"publish"}, 0, 0},
    {"PUBLISH", {"publish"}, 0, 0},
    {"SPUBLISH", {"publish"}, 0, 0},
    {"XREADGROUP", {"read"}, 0, 3}, /* [[stream, [[id, fields]]]] */
    {"XREAD", {"read", "read_from"}, 0, 3},
    {"BLPOP", {"read"}, 0, 0},
    {"BRPOP", {"read"}, 0, 0},
    {"BLMPOP", {"read"}, 0, 0},
    {"LMPOP", {"read"}, 0, 0},
    {"LPOP", {"read"}, 0, 0},
    {"RPOP", {"read"}, 0, 0},
    {"BLMOVE", {"read"}, 0, 0},
    {"LMOVE", {"read"}, 0, 0},
    {"SUBSCRIBE", {"subscribe"}, COMMAND_SUBSCRIBES, 0},
    {"PSUBSCRIBE", {"subscribe"}, COMMAND_SUBSCRIBES, 0},
    {"SSUBSCRIBE", {"subscribe"}, COMMAND_SUBSCRIBES, 0},
    {"XACK", {"ack"}, 0, 0},
    {"XAUTOCLAIM", {"reclaim"}, 0, 2}, /* [cursor, [[id, fields]], deleted] */
    {"XCLAIM", {"reclaim", "nack"}, 0, 0},
    {"PING", {"ping"}, COMMAND_SETS_UP, 0},
    {"AUTH", {"connect"}, COMMAND_SETS_UP, 0},
    {"HELLO", {"connect"}, COMMAND_SETS_UP, 0},
    {"SELECT", {"connect"}, COMMAND_SETS_UP, 0},
    {"CLIENT", {"connect"}, COMMAND_SETS_UP, 0},
    {"SCRIPT", {NULL}, COMMAND_SETS_UP, 0},
    {"COMMAND", {NULL}, COMMAND_SETS_UP, 0},
    {"QUIT", {"close"}, COMMAND_SETS_UP, 0},
    {"XGROUP", {"ensure_group"}, COMMAND_SETS_UP, 0},
    {"XTRIM", {"trim", "dlq_trim"}, 0, 0},
    {"INFO", {"info", "health_stats"}, 0, 0},
    {"XRANGE", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"XREVRANGE", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"XLEN", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"XINFO", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"XPENDING", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"LLEN", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"LRANGE", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"GET", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"MGET", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"HGET", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"HGETALL", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"HKEYS", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"SMEMBERS", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"EXISTS", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"TYPE", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"TTL", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"PTTL", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"SCAN", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"KEYS", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
    {"TIME", {NULL}, COMMAND_OPAQUE | COMMAND_LOOKS, 0},
};

enum { COMMAND_COUNT = sizeof(COMMANDS) / sizeof(COMMANDS[0]) };

static struct command made[COMMAND_COUNT];
static const struct command unknown = {.word = "?", .traits = COMMAND_OPAQUE};
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make(void)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        made[i] = (struct command){.word = COMMANDS[i].word,
                                   .traits = COMMANDS[i].traits,
                                   .delivers_depth = COMMANDS[i].delivers_depth};
        for (size_t j = 0; COMMANDS[i].operations[j]; j++)
            made[i].operations |= operation_set(COMMANDS[i].operations[j]);
    }
}

const struct command *command_of_word(const char *word, size_t size)
{
    (void)pthread_once(&once, make);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strncasecmp(made[i].word, word, size) == 0 && made[i].word[size] == '\0')
            return &made[i];
    return &unknown;
}
