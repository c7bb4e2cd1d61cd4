/* plan.c: names, numbers and specs. */
#include "run/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

/* --- Streams --------------------------------------------------------------------------------- */

void plan_streams(struct cast *cast)
{
    const struct scenario *scenario = cast->scenario;

    cast->stream_count = scenario->stream_count;
    cast->streams = memory_new(cast->stream_count + 1, sizeof(*cast->streams));
    for (size_t i = 0; i < cast->stream_count; i++) {
        const char *name = scenario->streams[i].name;
        bool is_exact = scenario->names == SCENARIO_NAMES_EXACT;

        cast->streams[i] = (struct cast_stream){
            .name =
                is_exact ? memory_string(name) : memory_format("gauntlet:%08x:%s", cast->run, name),
            .broker = scenario->streams[i].broker,
            .is_ours = !is_exact,
            .depth_before = is_exact ? -1 : 0};
    }
}

/* --- Groups ---------------------------------------------------------------------------------- */

/* A group of the ledger: consumers of one broker with the same group name share it; on a broker
   without groups every member stands alone. */
struct group {
    char *name;
    size_t broker;
    uint32_t *streams;
    size_t stream_count;
    bool settles, from_start;
};

struct groups {
    struct group *items;
    size_t count;
};

static bool has_groups(const struct cast *cast, size_t broker)
{
    return cast->brokers->items[broker].endpoint.declared & ADAPTER_CONSUMER_GROUPS;
}

static size_t broker_of(const struct cast *cast, const struct scenario_consumer *consumer)
{
    return cast->streams[consumer->streams[0]].broker;
}

/* The group's index; the number of groups when it is not among them. */
static size_t find_group(const struct groups *groups, const char *name, size_t broker)
{
    size_t i = 0;

    while (i < groups->count &&
           (groups->items[i].broker != broker || strcmp(groups->items[i].name, name) != 0))
        i++;
    return i;
}

static struct group *need_group(struct groups *groups, const char *name, size_t broker)
{
    size_t index = find_group(groups, name, broker);

    groups->items = memory_grow(groups->items, groups->count + 1, sizeof(*groups->items));
    if (index == groups->count)
        groups->items[groups->count++] =
            (struct group){.name = memory_string(name), .broker = broker};
    return &groups->items[index];
}

static void add_stream(struct group *group, uint32_t stream)
{
    for (size_t i = 0; i < group->stream_count; i++)
        if (group->streams[i] == stream)
            return;
    group->streams = memory_grow(group->streams, group->stream_count + 1, sizeof(*group->streams));
    group->streams[group->stream_count++] = stream;
}

/* The group's name in the ledger for one member of a consumer. */
static char *group_name(const struct cast *cast, const struct scenario_consumer *consumer,
                        uint64_t member)
{
    if (has_groups(cast, broker_of(cast, consumer)))
        return memory_string(consumer->group);
    return memory_format("%s-%llu", consumer->name, (unsigned long long)member + 1);
}

static void add_member(struct cast *cast, struct groups *groups,
                       const struct scenario_consumer *consumer, uint64_t member)
{
    size_t broker = broker_of(cast, consumer);
    char *name = group_name(cast, consumer, member);
    struct group *group = need_group(groups, name, broker);

    for (size_t i = 0; i < consumer->stream_count; i++)
        add_stream(group, (uint32_t)consumer->streams[i]);
    group->from_start = has_groups(cast, broker);
    if (cast->brokers->items[broker].endpoint.declared & ADAPTER_ACK_NACK &&
        consumer->ack != SCENARIO_ACK_NONE)
        group->settles = true;
    free(name);
}

static struct groups collect_groups(struct cast *cast)
{
    struct groups groups = {0};

    for (size_t i = 0; i < cast->scenario->consumer_count; i++)
        for (uint64_t m = 0; m < cast->scenario->consumers[i].members; m++)
            add_member(cast, &groups, &cast->scenario->consumers[i], m);
    return groups;
}

static void release_groups(struct groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        free(groups->items[i].name);
        free(groups->items[i].streams);
    }
    free(groups->items);
}

/* --- The ledger ------------------------------------------------------------------------------ */

static uint64_t member_count_of(const struct scenario_producer *producer, uint64_t member)
{
    if (producer->for_ns > 0)
        return UINT64_MAX;
    return producer->count / producer->members + (member < producer->count % producer->members);
}

static size_t count_tracks(const struct scenario *scenario)
{
    size_t count = 0;

    for (size_t i = 0; i < scenario->producer_count; i++)
        count += (size_t)scenario->producers[i].members * scenario->producers[i].stream_count;
    return count;
}

static char *member_name(const char *name, uint64_t member)
{
    return memory_format("%s-%llu", name, (unsigned long long)member + 1);
}

/* The tracks of one member: one per stream it sends to. */
static void plan_member_tracks(struct ledger_track_plan *tracks,
                               const struct scenario_producer *producer, uint64_t member,
                               const char *name)
{
    uint64_t count = member_count_of(producer, member);

    for (size_t s = 0; s < producer->stream_count; s++) {
        tracks[s].producer = name;
        tracks[s].stream = (uint32_t)producer->streams[s];
        tracks[s].count_hint = count == UINT64_MAX ? 0 : count / producer->stream_count + 1;
    }
}

static struct ledger_track_plan *plan_tracks(const struct cast *cast)
{
    struct ledger_track_plan *tracks =
        memory_new(count_tracks(cast->scenario) + 1, sizeof(*tracks));
    size_t next = 0;

    for (size_t i = 0; i < cast->producer_count; i++) {
        const struct cast_producer *entry = &cast->producers[i];

        plan_member_tracks(tracks + next, entry->scenario, entry->member, entry->name);
        next += entry->scenario->stream_count;
    }
    return tracks;
}

static struct ledger_stream_plan *plan_ledger_streams(const struct cast *cast)
{
    struct ledger_stream_plan *streams = memory_new(cast->stream_count + 1, sizeof(*streams));

    for (size_t i = 0; i < cast->stream_count; i++) {
        const struct broker *broker = &cast->brokers->items[cast->streams[i].broker];

        streams[i] = (struct ledger_stream_plan){.name = cast->scenario->streams[i].name,
                                                 .capabilities = broker->endpoint.declared,
                                                 .is_private = cast->scenario->names ==
                                                               SCENARIO_NAMES_PRIVATE,
                                                 .redelivery_time_ns = broker_soonest_ns(broker)};
    }
    return streams;
}

static struct ledger_group_plan *plan_groups(const struct groups *groups)
{
    struct ledger_group_plan *plans = memory_new(groups->count + 1, sizeof(*plans));

    for (size_t i = 0; i < groups->count; i++) {
        const struct group *group = &groups->items[i];

        plans[i] = (struct ledger_group_plan){.name = group->name,
                                              .streams = group->streams,
                                              .stream_count = group->stream_count,
                                              .settles = group->settles,
                                              .from_start = group->from_start};
    }
    return plans;
}

void plan_ledger(struct cast *cast, bool is_verified)
{
    struct groups groups = collect_groups(cast);
    struct ledger_track_plan *tracks = plan_tracks(cast);
    struct ledger_stream_plan *streams = plan_ledger_streams(cast);
    struct ledger_group_plan *plans = plan_groups(&groups);
    struct ledger_plan plan = {.run = cast->run,
                               .shared = cast->workers->count > 1,
                               .is_verified = is_verified,
                               .streams = streams,
                               .stream_count = cast->stream_count,
                               .tracks = tracks,
                               .track_count = count_tracks(cast->scenario),
                               .groups = plans,
                               .group_count = groups.count};

    cast->ledger = ledger_new(&plan);
    free(tracks);
    free(streams);
    free(plans);
    release_groups(&groups);
}

/* --- Specs ----------------------------------------------------------------------------------- */

static size_t count_consumers(const struct scenario *scenario)
{
    size_t count = 0;

    for (size_t i = 0; i < scenario->consumer_count; i++)
        count += (size_t)scenario->consumers[i].members * scenario->consumers[i].stream_count;
    return count;
}

static struct producer_route *
plan_routes(const struct cast *cast, const struct scenario_producer *scenario, uint32_t first_track)
{
    struct producer_route *routes = memory_new(scenario->stream_count, sizeof(*routes));

    for (size_t i = 0; i < scenario->stream_count; i++) {
        routes[i].track = first_track + (uint32_t)i;
        routes[i].sender = ledger_sender(cast->ledger, routes[i].track);
        routes[i].stream = cast->streams[scenario->streams[i]].name;
    }
    return routes;
}

/* What changes over time, and sizes by weight. */
static void plan_load(struct cast_producer *entry)
{
    const struct scenario_producer *scenario = entry->scenario;
    double total = 0.0, sum = 0.0;

    entry->stages = memory_new(scenario->stage_count + 1, sizeof(*entry->stages));
    for (size_t i = 0; i < scenario->stage_count; i++)
        entry->stages[i] = (struct schedule_stage){.begin_rate = scenario->stages[i].begin_rate,
                                                   .end_rate = scenario->stages[i].end_rate,
                                                   .for_ns = scenario->stages[i].for_ns};
    entry->shares = memory_new(scenario->size_count + 1, sizeof(*entry->shares));
    for (size_t i = 0; i < scenario->size_count; i++)
        total += scenario->sizes[i].weight;
    for (size_t i = 0; i < scenario->size_count; i++) {
        sum += scenario->sizes[i].weight;
        entry->shares[i] = (struct payload_share){.size_min = scenario->sizes[i].min,
                                                  .size_max = scenario->sizes[i].max,
                                                  .until = sum / total};
    }
}

static void fill_producer(struct cast *cast, struct cast_producer *entry, uint32_t first_track)
{
    const struct scenario_producer *scenario = entry->scenario;
    uint64_t actor = random_key(entry->name);

    entry->routes = plan_routes(cast, scenario, first_track);
    plan_load(entry);
    entry->spec = (struct producer_spec){
        .name = entry->name,
        .run = cast->run,
        .routes = entry->routes,
        .route_count = scenario->stream_count,
        .pick = (enum pick_kind)scenario->pick,
        .count = member_count_of(scenario, entry->member),
        .for_ns = scenario->for_ns,
        .schedule = {.arrival = (enum schedule_arrival)scenario->arrival,
                     .rate = scenario->rate,
                     .stages = entry->stages,
                     .stage_count = scenario->stage_count,
                     .burst = scenario->burst,
                     .members = scenario->members,
                     .member = entry->member,
                     .seed = cast->seed,
                     .actor = actor},
        .payload = {.size_min = scenario->payload_size_min,
                    .size_max = scenario->payload_size_max,
                    .shares = entry->shares,
                    .share_count = scenario->size_count,
                    .body = scenario->payload_body,
                    .keys = scenario->keys,
                    .keys_pick = (enum pick_kind)scenario->keys_pick,
                    .seed = cast->seed,
                    .actor = actor},
        .in_flight = scenario->in_flight,
        .batch = scenario->batch,
        .timeout_ns = scenario->timeout_ns,
        .broker = &cast->brokers->items[cast->streams[scenario->streams[0]].broker].endpoint};
}

void plan_producers(struct cast *cast)
{
    size_t next = 0;

    for (size_t i = 0; i < cast->scenario->producer_count; i++)
        cast->producer_count += (size_t)cast->scenario->producers[i].members;
    cast->producers = memory_new(cast->producer_count + 1, sizeof(*cast->producers));
    for (size_t i = 0; i < cast->scenario->producer_count; i++) {
        const struct scenario_producer *scenario = &cast->scenario->producers[i];

        for (uint64_t m = 0; m < scenario->members; m++, next++)
            cast->producers[next] = (struct cast_producer){
                .cast = cast,
                .scenario = scenario,
                .member = m,
                .name = member_name(scenario->name, m),
                .worker = &cast->workers->items[next % cast->workers->count]};
    }
}

void plan_producer_specs(struct cast *cast)
{
    uint32_t track = 0;

    for (size_t i = 0; i < cast->producer_count; i++) {
        fill_producer(cast, &cast->producers[i], track);
        track += (uint32_t)cast->producers[i].scenario->stream_count;
    }
}

/* The ledger's number of the group of one member: the order of collect_groups. */
static uint32_t find_group_index(struct cast *cast, struct groups *groups,
                                 const struct scenario_consumer *consumer, uint64_t member)
{
    char *name = group_name(cast, consumer, member);
    size_t index = find_group(groups, name, broker_of(cast, consumer));

    free(name);
    return (uint32_t)index;
}

/* Adapters that block may need two sessions under one consumer name. */
static bool blocks(const struct cast *cast, size_t stream)
{
    return cast->brokers->items[cast->streams[stream].broker].endpoint.adapter->traits &
           (ADAPTER_TRAIT_BLOCKS | ADAPTER_TRAIT_WAITS);
}

/* Who crashes and comes back must be able to come back under the same name. */
static bool needs_name(const struct cast *cast, size_t stream)
{
    return blocks(cast, stream) || cast->scenario->fault_count + cast->scenario->chaos_count > 0;
}

static void plan_consumer(struct cast *cast, struct cast_consumer *entry, uint32_t group,
                          size_t stream)
{
    const struct scenario_consumer *scenario = entry->scenario;

    entry->name = member_name(scenario->name, entry->member);
    entry->consumer_name = memory_format("gauntlet-%s-%08x", entry->name, cast->run);
    entry->spec = (struct consumer_spec){
        .name = entry->name,
        .group = scenario->group,
        .stream = cast->streams[stream].name,
        .consumer = needs_name(cast, stream) ? entry->consumer_name : NULL,
        .stream_index = (uint32_t)stream,
        .group_index = group,
        .seed = cast->seed,
        .actor = random_key(scenario->group),
        .batch = scenario->batch,
        .prefetch = scenario->prefetch,
        .ack = (enum consumer_ack)scenario->ack,
        .work = (enum consumer_work)scenario->work,
        .work_ns = scenario->work_ns,
        .work_max_ns = scenario->work_max_ns,
        .work_sigma = scenario->work_sigma,
        .nack = scenario->nack,
        .max_retries = scenario->max_retries,
        .timeout_ns = scenario->timeout_ns,
        .broker = &cast->brokers->items[cast->streams[stream].broker].endpoint};
}

void plan_consumers(struct cast *cast)
{
    struct groups groups = collect_groups(cast);
    size_t next = 0;

    cast->consumer_count = count_consumers(cast->scenario);
    cast->consumers = memory_new(cast->consumer_count + 1, sizeof(*cast->consumers));
    for (size_t i = 0; i < cast->scenario->consumer_count; i++) {
        const struct scenario_consumer *scenario = &cast->scenario->consumers[i];

        for (size_t k = 0; k < scenario->members * scenario->stream_count; k++) {
            struct cast_consumer *entry = &cast->consumers[next];

            entry->cast = cast;
            entry->scenario = scenario;
            entry->member = k / scenario->stream_count;
            entry->worker = &cast->workers->items[next % cast->workers->count];
            plan_consumer(cast, entry, find_group_index(cast, &groups, scenario, entry->member),
                          scenario->streams[k % scenario->stream_count]);
            next++;
        }
    }
    release_groups(&groups);
}

void plan_release(struct cast *cast)
{
    for (size_t i = 0; i < cast->producer_count; i++) {
        free(cast->producers[i].name);
        free(cast->producers[i].routes);
        free(cast->producers[i].stages);
        free(cast->producers[i].shares);
    }
    for (size_t i = 0; i < cast->consumer_count; i++) {
        free(cast->consumers[i].name);
        free(cast->consumers[i].consumer_name);
    }
    for (size_t i = 0; i < cast->stream_count; i++)
        free(cast->streams[i].name);
    free(cast->streams);
    free(cast->consumers);
    free(cast->producers);
}
