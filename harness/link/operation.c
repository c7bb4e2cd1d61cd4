/* operation.c: the words for operations. */
#include "link/operation.h"

#include <stdbool.h>
#include <string.h>

/* family: the general word that means this one too. */
static const struct {
    const char *name, *family;
    bool looks; /* changes nothing */
} OPERATIONS[] = {
    {"publish", NULL, false},
    {"get_next", "read", false},
    {"read", "read", false},
    {"read_blocking", "read", false},
    {"ack", "ack", false},
    {"nack", NULL, false},
    {"subscribe", "read", false},
    {"read_from", NULL, true},
    {"tamper", NULL, false},
    {"ping", NULL, true},
    {"ensure_connection", NULL, true},
    {"health_stats", NULL, true},
    {"info", NULL, true},
    {"ensure_group", NULL, false},
    {"data_reset", NULL, false},
    {"dlq_list", NULL, true},
    {"dlq_inspect", NULL, true},
    {"dlq_replay", NULL, false},
    {"dlq_replay_all", NULL, false},
    {"dlq_purge", NULL, false},
    {"dlq_trim", NULL, false},
    {"dlq_depth", NULL, true},
    {"trim", NULL, false},
    {"record_partition", NULL, false},
    {"partition_keys", NULL, true},
    {"reap_partition", NULL, false},
    {"acquire_partition_lease", NULL, false},
    {"renew_partition_lease", NULL, false},
    {"release_partition_lease", NULL, false},
    {"read_partition_fenced", "read", false},
    {"ack_partition_fenced", "ack", false},
    {"reclaim_partition_pending", "reclaim", false},
    {"stream_depth", NULL, true},
    {"stream_remove", NULL, false},
    {"reclaim", "reclaim", false},
    {"connect", NULL, false},
    {"close", NULL, false},
};

enum { OPERATION_COUNT = sizeof(OPERATIONS) / sizeof(OPERATIONS[0]) };
_Static_assert((int)OPERATION_COUNT <= (int)OPERATION_MAX, "raise OPERATION_MAX");

int operation_index(const char *op)
{
    for (int i = 0; i < OPERATION_COUNT; i++)
        if (strcmp(OPERATIONS[i].name, op) == 0)
            return i;
    return -1;
}

uint64_t operation_set(const char *word)
{
    uint64_t set = 0;

    for (int i = 0; i < OPERATION_COUNT; i++)
        if (strcmp(OPERATIONS[i].name, word) == 0 ||
            (OPERATIONS[i].family && strcmp(OPERATIONS[i].family, word) == 0))
            set |= 1ull << i;
    return set;
}

uint64_t operation_looking(void)
{
    uint64_t set = 0;

    for (int i = 0; i < OPERATION_COUNT; i++)
        if (OPERATIONS[i].looks)
            set |= 1ull << i;
    return set;
}

const char *operation_words(void)
{
    return "publish, read, ack, nack, reclaim, subscribe, connect, the name of another operation, "
           "or "
           "a command in capitals";
}

const char *operation_name(int index)
{
    return OPERATIONS[index].name;
}
