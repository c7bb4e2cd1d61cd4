/* operation.c: the words for operations. */
#include "link/operation.h"

#include <string.h>

/* family: the general word that means this one too. */
static const struct {
    const char *name, *family;
} OPERATIONS[] = {
    {"publish", NULL},
    {"get_next", "read"},
    {"read", "read"},
    {"read_blocking", "read"},
    {"ack", "ack"},
    {"nack", NULL},
    {"subscribe", "read"},
    {"read_from", NULL},
    {"tamper", NULL},
    {"ping", NULL},
    {"ensure_connection", NULL},
    {"health_stats", NULL},
    {"info", NULL},
    {"ensure_group", NULL},
    {"data_reset", NULL},
    {"dlq_list", NULL},
    {"dlq_inspect", NULL},
    {"dlq_replay", NULL},
    {"dlq_replay_all", NULL},
    {"dlq_purge", NULL},
    {"dlq_trim", NULL},
    {"dlq_depth", NULL},
    {"trim", NULL},
    {"record_partition", NULL},
    {"partition_keys", NULL},
    {"reap_partition", NULL},
    {"acquire_partition_lease", NULL},
    {"renew_partition_lease", NULL},
    {"release_partition_lease", NULL},
    {"read_partition_fenced", "read"},
    {"ack_partition_fenced", "ack"},
    {"reclaim_partition_pending", "reclaim"},
    {"stream_depth", NULL},
    {"stream_remove", NULL},
    {"reclaim", "reclaim"},
    {"connect", NULL},
    {"close", NULL},
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
