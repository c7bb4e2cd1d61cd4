/* fault_probe.c: triggers listen to the actors that they name; who has no listener has no probe. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "run/fault_parts.h"

/* One actor, and the triggers that listen to it. */
struct actor_probe {
    struct probe probe; /* what the actor holds */
    struct faults *faults;
    const struct cast_consumer *consumer; /* NULL: a producer */
    struct trigger **triggers;
    size_t trigger_count;
};

bool fault_names(const struct scenario_party *party, const char *actor, const char *member)
{
    return strcmp(party->name, actor) == 0 || strcmp(party->name, member) == 0;
}

bool fault_names_consumer(const struct scenario_party *party, const struct cast_consumer *entry)
{
    return party->role == SCENARIO_CONSUMER &&
           fault_names(party, entry->scenario->name, entry->name);
}

bool fault_names_producer(const struct scenario_party *party, const struct cast_producer *entry)
{
    return party->role == SCENARIO_PRODUCER &&
           fault_names(party, entry->scenario->name, entry->name);
}

/* --- Counts ---------------------------------------------------------------------------------- */

/* The shared counter is bumped without a lock; only who reaches the mark takes it. */
static void count_one(struct trigger *trigger, uint64_t count, const struct cast_consumer *here)
{
    struct faults *faults = trigger->fault->owner;
    uint64_t before = atomic_fetch_add_explicit(&trigger->count, count, memory_order_relaxed);
    uint64_t next = atomic_load_explicit(&trigger->next, memory_order_relaxed);

    if (before + count < next)
        return;
    pthread_mutex_lock(&faults->lock);
    trigger->is_counted = atomic_load_explicit(&trigger->count, memory_order_relaxed) >=
                          atomic_load_explicit(&trigger->next, memory_order_relaxed);
    pthread_mutex_unlock(&faults->lock);
    fault_consider(trigger->fault, here);
}

static void on_counted(void *context, enum probe_flow flow, uint64_t count)
{
    struct actor_probe *probe = context;

    for (size_t i = 0; i < probe->trigger_count; i++) {
        struct trigger *trigger = probe->triggers[i];

        if ((unsigned)trigger->when->flow == (unsigned)flow + 1u && !trigger->fault->is_over)
            count_one(trigger, count, probe->consumer);
    }
}

/* --- Exchanges ------------------------------------------------------------------------------- */

static const enum scenario_op OPS[] = {
    [PROBE_PUBLISH] = SCENARIO_OP_PUBLISH, [PROBE_READ] = SCENARIO_OP_READ,
    [PROBE_ACK] = SCENARIO_OP_ACK,         [PROBE_NACK] = SCENARIO_OP_NACK,
    [PROBE_RECLAIM] = SCENARIO_OP_RECLAIM,
};

static bool carries(const struct trigger *trigger, const struct probe_exchange *exchange)
{
    const struct scenario_trigger *when = trigger->when;
    const uint32_t track = trigger->track;

    if (exchange->op == PROBE_PUBLISH)
        return exchange->track == track && when->message >= exchange->first &&
               when->message < exchange->first + exchange->count;
    for (size_t i = 0; i < exchange->count; i++)
        if (exchange->deliveries[i].track == track &&
            exchange->deliveries[i].sequence == when->message)
            return true;
    return false;
}

static bool matches(const struct trigger *trigger, const struct probe_exchange *exchange)
{
    const struct scenario_trigger *when = trigger->when;
    /* An edge of its own choice: an ack is met before it is sent, a read when it has answered. */
    bool is_answer = when->edge ? when->edge != SCENARIO_EDGE_REQUEST
                                : exchange->op == PROBE_READ || exchange->op == PROBE_RECLAIM;

    if (when->op && OPS[exchange->op] != when->op)
        return false;
    if (exchange->is_answered != is_answer)
        return false;
    return !when->message_producer || carries(trigger, exchange);
}

static void on_exchanged(void *context, const struct probe_exchange *exchange)
{
    struct actor_probe *probe = context;

    for (size_t i = 0; i < probe->trigger_count; i++) {
        struct trigger *trigger = probe->triggers[i];
        struct faults *faults = probe->faults;
        bool is_met;

        if (!(trigger->when->op || trigger->when->message_producer) || trigger->fault->is_over ||
            !matches(trigger, exchange))
            continue;
        pthread_mutex_lock(&faults->lock);
        trigger->seen++;
        is_met = trigger->when->attempt == 0 || trigger->seen == trigger->when->attempt;
        trigger->is_met = is_met;
        pthread_mutex_unlock(&faults->lock);
        if (is_met)
            fault_consider(trigger->fault, probe->consumer);
        if (trigger != &trigger->fault->root)
            continue;
        pthread_mutex_lock(&faults->lock);
        trigger->is_met = false; /* alone, an event is there for its moment only */
        pthread_mutex_unlock(&faults->lock);
    }
}

/* --- Listening ------------------------------------------------------------------------------- */

static unsigned ops_of(const struct scenario_trigger *when)
{
    unsigned ops = 0;

    if (!when->op && !when->message_producer)
        return 0;
    for (int op = 0; op < PROBE_OPS; op++)
        if (!when->op || OPS[op] == when->op)
            ops |= 1u << op;
    return ops;
}

static void listen(struct actor_probe *probe, struct trigger *trigger)
{
    const struct scenario_trigger *when = trigger->when;
    bool is_link = trigger->fault->word->seen.role == SCENARIO_LINK;
    unsigned ops = is_link ? 0 : ops_of(when);

    if (!when->flow && !ops)
        return;
    probe->triggers =
        memory_grow(probe->triggers, probe->trigger_count + 1, sizeof(*probe->triggers));
    probe->triggers[probe->trigger_count++] = trigger;
    if (when->message_producer)
        trigger->track = fault_track(trigger->fault->owner, when->message_producer);
    if (when->flow)
        probe->probe.flows |= 1u << (when->flow - 1u);
    probe->probe.ops |= ops;
}

static void listen_to_consumer(struct actor_probe *probe, struct trigger *trigger,
                               const struct cast_consumer *entry)
{
    if (!trigger->who || trigger->who->role != SCENARIO_PRODUCER) {
        bool is_named = !trigger->who || trigger->who->role != SCENARIO_CONSUMER ||
                        fault_names_consumer(trigger->who, entry);

        if (is_named)
            listen(probe, trigger);
    }
    for (size_t i = 0; i < trigger->all_count; i++)
        listen_to_consumer(probe, &trigger->all[i], entry);
    for (size_t i = 0; i < trigger->any_count; i++)
        listen_to_consumer(probe, &trigger->any[i], entry);
}

static void listen_to_producer(struct actor_probe *probe, struct trigger *trigger,
                               const struct cast_producer *entry)
{
    if (!trigger->who || trigger->who->role != SCENARIO_CONSUMER) {
        bool is_named = !trigger->who || trigger->who->role != SCENARIO_PRODUCER ||
                        fault_names_producer(trigger->who, entry);

        if (is_named)
            listen(probe, trigger);
    }
    for (size_t i = 0; i < trigger->all_count; i++)
        listen_to_producer(probe, &trigger->all[i], entry);
    for (size_t i = 0; i < trigger->any_count; i++)
        listen_to_producer(probe, &trigger->any[i], entry);
}

static struct actor_probe *add_probe(struct faults *faults, const struct cast_consumer *consumer)
{
    struct actor_probe *probe = &faults->listeners[faults->listener_count++];

    *probe = (struct actor_probe){
        .probe = {.counted = on_counted, .exchanged = on_exchanged, .context = probe},
        .faults = faults,
        .consumer = consumer};
    return probe;
}

static bool is_listening(const struct actor_probe *probe)
{
    return probe->trigger_count > 0;
}

static int check_trigger(const struct trigger *trigger, struct error *reterr)
{
    const struct scenario_trigger *when = trigger->when;
    const struct fault *fault = trigger->fault;

    if (fault->word->seen.role != SCENARIO_LINK) {
        if (when->op == SCENARIO_OP_CONNECT || when->op == SCENARIO_OP_CLOSE ||
            when->edge == SCENARIO_EDGE_MID_REPLY)
            return fault_refuse(fault, reterr,
                                "what happens inside a connection can trigger faults of links "
                                "only: use 'op' publish, read, ack, nack or reclaim, with edge "
                                "request, reply or done");
        if (trigger->who && trigger->who->role == SCENARIO_LINK)
            return fault_refuse(fault, reterr,
                                "a link can trigger faults of links only: name the 'consumer' or "
                                "'producer' whose link it is");
    }
    for (size_t i = 0; i < trigger->all_count; i++)
        if (check_trigger(&trigger->all[i], reterr) < 0)
            return -1;
    for (size_t i = 0; i < trigger->any_count; i++)
        if (check_trigger(&trigger->any[i], reterr) < 0)
            return -1;
    return 0;
}

int probes_bind(struct faults *faults, struct error *reterr)
{
    struct cast *cast = &faults->stage->cast;

    for (size_t f = 0; f < faults->count; f++)
        if (check_trigger(&faults->items[f].root, reterr) < 0)
            return -1;
    faults->listeners =
        memory_new(cast->consumer_count + cast->producer_count + 1, sizeof(*faults->listeners));
    for (size_t i = 0; i < cast->consumer_count; i++) {
        struct actor_probe *probe = add_probe(faults, &cast->consumers[i]);

        for (size_t f = 0; f < faults->count; f++)
            listen_to_consumer(probe, &faults->items[f].root, &cast->consumers[i]);
        cast->consumers[i].spec.probe = is_listening(probe) ? &probe->probe : NULL;
    }
    for (size_t i = 0; i < cast->producer_count; i++) {
        struct actor_probe *probe = add_probe(faults, NULL);

        for (size_t f = 0; f < faults->count; f++)
            listen_to_producer(probe, &faults->items[f].root, &cast->producers[i]);
        cast->producers[i].spec.probe = is_listening(probe) ? &probe->probe : NULL;
    }
    return 0;
}

void probes_release(struct faults *faults)
{
    for (size_t i = 0; i < faults->listener_count; i++)
        free(faults->listeners[i].triggers);
    free(faults->listeners);
}
