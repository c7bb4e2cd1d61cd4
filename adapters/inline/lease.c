/* lease.c: leases end by release or by time; generations only grow. */
#include "adapters/inline/lease.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/inline/operation.h"
#include "base/memory.h"

struct lease {
    char *token; /* "<owner>:<generation>" */
    uint64_t expires_ns;
};

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

static void lease_free(struct lease *lease)
{
    if (lease)
        free(lease->token);
    free(lease);
}

static struct lease *find_lease(const struct inline_broker *broker, const char *name,
                                uint64_t now_ns)
{
    struct lease *lease = map_get(&broker->leases, name, strlen(name));

    return lease && lease->expires_ns > now_ns ? lease : NULL;
}

const char *inline_lease_token(const struct inline_broker *broker, const char *name,
                               uint64_t now_ns)
{
    const struct lease *lease = find_lease(broker, name, now_ns);

    return lease ? lease->token : NULL;
}

void inline_leases_clear(struct inline_broker *broker)
{
    for (size_t i = 0; i < broker->leases.count; i++)
        lease_free(broker->leases.entries[i].value);
    for (size_t i = 0; i < broker->generations.count; i++)
        free(broker->generations.entries[i].value);
    map_release(&broker->leases);
    map_release(&broker->generations);
}

/* --- Operations ---------------------------------------------------------------------------------
 */

/* UINT64_MAX for one that would last longer than there is time. */
static uint64_t expiry(const struct inline_turn *turn)
{
    uint64_t ttl_ms = (uint64_t)turn->call->duration_ms;

    return ttl_ms < (UINT64_MAX - turn->now_ns) / 1000000u ? turn->now_ns + ttl_ms * 1000000u
                                                           : UINT64_MAX;
}

static bool has_lifetime(struct inline_turn *turn)
{
    if (turn->call->duration_ms > 0)
        return true;
    inline_answer_refuse(turn->answer, ADAPTER_ERROR_VALIDATION,
                         "a lease lasts for a positive time");
    return false;
}

static uint64_t next_generation(struct inline_broker *broker, const char *key)
{
    uint64_t *generation = map_get(&broker->generations, key, strlen(key));

    if (!generation) {
        generation = memory_new(1, sizeof(*generation));
        map_set(&broker->generations, key, strlen(key), generation);
    }
    return ++*generation;
}

void inline_acquire_lease(struct inline_turn *turn)
{
    struct inline_broker *broker = turn->broker;
    const char *name = text_or_empty(turn->call->key);
    struct lease *lease;
    uint64_t generation;

    if (!has_lifetime(turn))
        return;
    if (find_lease(broker, name, turn->now_ns)) {
        inline_answer_empty(turn->answer);
        return;
    }
    lease_free(map_remove(&broker->leases, name, strlen(name)));
    generation = next_generation(broker, text_or_empty(turn->call->generation_key));
    lease = memory_new(1, sizeof(*lease));
    lease->token =
        memory_format("%s:%llu", text_or_empty(turn->call->token), (unsigned long long)generation);
    lease->expires_ns = expiry(turn);
    map_set(&broker->leases, name, strlen(name), lease);
    inline_answer_number(turn->answer, (int64_t)generation);
}

/* The lease, if the call's token holds it. */
static struct lease *find_held(const struct inline_turn *turn)
{
    struct lease *lease = find_lease(turn->broker, text_or_empty(turn->call->key), turn->now_ns);

    return lease && strcmp(lease->token, text_or_empty(turn->call->token)) == 0 ? lease : NULL;
}

void inline_renew_lease(struct inline_turn *turn)
{
    struct lease *lease;

    if (!has_lifetime(turn))
        return;
    lease = find_held(turn);
    if (lease)
        lease->expires_ns = expiry(turn);
    inline_answer_number(turn->answer, lease != NULL);
}

void inline_release_lease(struct inline_turn *turn)
{
    const char *name = text_or_empty(turn->call->key);
    bool is_held = find_held(turn) != NULL;

    if (is_held)
        lease_free(map_remove(&turn->broker->leases, name, strlen(name)));
    inline_answer_number(turn->answer, is_held);
}
