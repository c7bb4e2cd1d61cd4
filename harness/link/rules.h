/* rules.h: the rules in force, and where the channels are that obey them.  Private to this room. */
#ifndef LINK_RULES_H
#define LINK_RULES_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/map.h"
#include "link/fault_kind.h"

struct channel;

struct rule {
    struct rule *next; /* all that were ever armed: a late hit still finds its rule */
    uint32_t number;
    struct link_match match; /* its texts are the three below */
    char *link, *op, *carries;
    const struct link_fault *fault;
    struct schema_value *values;
    void (*fired)(void *context, const struct link_hit *hit);
    void *context;
    /* Guarded by the mutex. */
    bool is_armed;
    uint64_t seen_count, fired_count;
};

/* The channels of one loop.  The list belongs to the thread of that loop. */
struct yard {
    struct yard *next;
    struct link_faults *faults;
    struct loop *loop;
    struct channel *channels;
    atomic_size_t channel_count;
};

struct link_faults {
    struct link_faults_plan plan;
    atomic_uint_fast64_t generation; /* of the rules; moves when one is armed or ends */
    atomic_uint_fast64_t connection_count;
    pthread_mutex_t mutex; /* guards all below */
    struct rule *rules;    /* newest first */
    struct yard *yards;
    struct map owners; /* name -> struct link_owner */
    uint32_t rule_count;
};

struct yard *faults_yard(struct link_faults *faults, struct loop *loop);
/* Does the rule's link address mean this link? */
bool rule_names_link(const struct rule *rule, const char *link);
/* One more match; true when the rule acts on it.  Then tell it, without the mutex. */
bool rule_claim(struct link_faults *faults, struct rule *rule);
void rule_tell(const struct rule *rule, struct link_hit *hit);

#endif
