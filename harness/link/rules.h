/* rules.h: the rules in force, and where the channels are that obey them.  Private to this room. */
#ifndef LINK_RULES_H
#define LINK_RULES_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/map.h"
#include "link/fault_kind.h"
#include "link/tally.h"

struct channel;
struct link_owner;
struct proxy;

struct rule {
    struct rule *next; /* all that were ever armed: a late hit still finds its rule */
    uint32_t number;
    struct link_match match; /* its texts are the three below */
    char *link, *op, *carries;
    uint64_t operations; /* what `op` means; 0: a command of the protocol, or anything */
    bool has_moment;     /* it waits for a request or reply, or for so many of them */
    const struct link_fault *fault;
    struct schema_value *values;
    void (*fired)(void *context, const struct link_hit *hit);
    void *context;
    /* Guarded by the mutex. */
    bool is_armed;
    uint64_t seen_count, fired_count;
    struct map attempts; /* message -> times seen, where the match asks for it */
};

/* The channels and proxies of one loop.  The lists belong to the thread of that loop. */
struct yard {
    struct yard *next;
    struct link_faults *faults;
    struct loop *loop;
    struct channel *channels;
    struct proxy *proxies;
    atomic_size_t count; /* of both */
};

struct link_faults {
    struct link_faults_plan plan;
    struct link_watcher watcher;
    atomic_bool is_watched;
    atomic_uint_fast64_t generation; /* of the rules; moves when one is armed or ends */
    atomic_uint_fast64_t connection_count;
    pthread_mutex_t mutex; /* guards all below */
    struct rule *rules;    /* newest first */
    struct yard *yards;
    struct map owners; /* name -> struct link_owner */
    struct map names;  /* name -> struct link_name */
    uint32_t rule_count;
};

struct yard *faults_yard(struct link_faults *faults, struct loop *loop);
struct link_name *faults_name(struct link_faults *faults, const char *name);
/* One more match; true when the rule acts on it.  Then tell it, without the mutex. */
bool rule_claim(struct link_faults *faults, struct rule *rule);
void rule_tell(const struct rule *rule, struct link_hit *hit);
/* The value of one of the fault's options, by its place in the table. */
static inline const struct schema_value *rule_value(const struct rule *rule, size_t index)
{
    return &rule->values[index];
}

#endif
