/* instance.h: one configured broker: its address, its options, and the names it has used, which are
   what its sessions share. */
#ifndef REDIS_INSTANCE_H
#define REDIS_INSTANCE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "adapter.h"
#include "address.h"
#include "arena.h"
#include "base/map.h"

/* What a server turned out not to offer, because it is old or because it is denied to us. */
enum redis_lack {
    REDIS_LACKS_AUTOCLAIM = 1u << 0, /* XAUTOCLAIM */
    REDIS_LACKS_IDLE = 1u << 1,      /* XPENDING ... IDLE */
    REDIS_LACKS_PENDING = 1u << 2,   /* XPENDING */
    REDIS_LACKS_SCRIPT_LOAD = 1u << 3,
    REDIS_LACKS_UNLINK = 1u << 4
};

enum redis_name_kind {
    REDIS_NAME_STREAM, /* first = stream */
    REDIS_NAME_GROUP,  /* first = stream, second = group */
    REDIS_NAME_KEY,    /* first = a key of our own: lease, generation, index */
    REDIS_NAME_FENCE   /* first = stream, second = group, third = the lease that fences them */
};

struct redis_name {
    enum redis_name_kind kind;
    const char *first, *second, *third; /* "" where there is none */
    uint64_t noted_ms;                  /* wall clock */
};

struct redis_instance {
    struct redis_address address;
    struct adapter_profile profile;
    bool retries; /* option retry */
    uint64_t redelivery_ms, retry_delay_ms, reclaim_interval_ns;
    double backoff_multiplier;
    uint64_t created_ns;
    uint32_t number;
    _Atomic uint32_t lacks;         /* of enum redis_lack */
    _Atomic uint32_t skipped_count; /* entries that could not be decoded */
    _Atomic uint32_t epoch; /* of the names: what sessions noted before is to be noted again */
    pthread_mutex_t lock;   /* guards names */
    struct map names;       /* (kind, first, second) -> struct redis_name */
};

/* Gives (redis_instance_free), or NULL with one line. */
struct redis_instance *redis_instance_new(const struct adapter_host *host,
                                          const struct adapter_config *config, char reterr[256]);
void redis_instance_free(struct redis_instance *instance); /* NULL is fine */

/* The setting under a key, or NULL. */
const struct adapter_setting *redis_setting(const struct adapter_config *config, const char *key);

bool redis_lacks(struct redis_instance *instance, enum redis_lack lack);
/* Remember it, and say so once.  The host is that of the session that found out. */
void redis_note_lack(struct redis_instance *instance, const struct adapter_host *host,
                     enum redis_lack lack, const char *line);

/* Remember a name; NULL second means "".  Copies. */
void redis_note_name(struct redis_instance *instance, const struct adapter_host *host,
                     enum redis_name_kind kind, const char *first, const char *second);
/* The lease under which this stream was read for this group.  Copied into an arena; NULL when none
   is known. */
void redis_note_fence(struct redis_instance *instance, const struct adapter_host *host,
                      const char *stream, const char *group, const char *lease);
const char *redis_find_fence(struct redis_instance *instance, const char *stream, const char *group,
                             struct redis_arena *arena);
/* Copy the names of a kind into an arena, in the order in which they were noted. */
struct redis_name *redis_copy_names(struct redis_instance *instance, enum redis_name_kind kind,
                                    struct redis_arena *arena, size_t *ret_count);
/* Forget a stream and its groups, or a key, or (NULL) everything. */
void redis_forget_names(struct redis_instance *instance, const char *first);

#endif
