/* rules.c: arming and disarming, and bringing it to the channels. */
#include "link/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "link/channel.h"
#include "link/operation.h"
#include "link/proxy_kind.h"

/* --- Yards ----------------------------------------------------------------------------------- */

struct yard *faults_yard(struct link_faults *faults, struct loop *loop)
{
    struct yard *yard;

    pthread_mutex_lock(&faults->mutex);
    for (yard = faults->yards; yard && yard->loop != loop; yard = yard->next)
        continue;
    if (!yard) {
        yard = memory_new(1, sizeof(*yard));
        yard->faults = faults;
        yard->loop = loop;
        yard->next = faults->yards;
        faults->yards = yard;
    }
    pthread_mutex_unlock(&faults->mutex);
    return yard;
}

struct link_name *faults_name(struct link_faults *faults, const char *name)
{
    struct link_name *shared;

    pthread_mutex_lock(&faults->mutex);
    shared = map_get(&faults->names, name, strlen(name));
    if (!shared) {
        shared = link_name_new();
        map_set(&faults->names, name, strlen(name), shared);
    }
    pthread_mutex_unlock(&faults->mutex);
    return shared;
}

static struct channel *find_stale(const struct yard *yard, uint64_t generation)
{
    struct channel *channel = yard->channels;

    while (channel && channel->generation == generation)
        channel = channel->next;
    return channel;
}

/* Whoever is told of a hit may close any channel: so each search begins anew. */
static void refresh_yard(void *context)
{
    struct yard *yard = context;
    struct channel *channel;

    while ((channel = find_stale(yard, atomic_load(&yard->faults->generation))) != NULL)
        channel_refresh(channel);
    for (struct proxy *proxy = yard->proxies; proxy; proxy = proxy->next)
        proxy_refresh(proxy);
}

static void spread(struct link_faults *faults, struct loop *here)
{
    struct yard *yard;

    atomic_fetch_add(&faults->generation, 1);
    pthread_mutex_lock(&faults->mutex);
    yard = faults->yards; /* yards are only added in front, and stay */
    pthread_mutex_unlock(&faults->mutex);
    for (; yard; yard = yard->next) {
        if (yard->loop == here)
            refresh_yard(yard);
        else if (atomic_load(&yard->count) > 0)
            loop_post(yard->loop, refresh_yard, yard);
    }
}

/* --- Rules ----------------------------------------------------------------------------------- */

static struct schema_value *copy_values(const struct link_action *action)
{
    const struct schema schema = link_fault_schema(action->fault);
    struct schema_value *values = schema_values_new(&schema);

    for (size_t i = 0; i < schema.option_count; i++) {
        char *fallback = values[i].text;

        values[i] = action->values[i];
        values[i].text = memory_string(action->values[i].text);
        free(fallback);
    }
    return values;
}

static bool names_moment(const struct link_match *match)
{
    return match->op || match->has_message || match->carries || match->attempt || match->exchange ||
           match->edge > LINK_EDGE_CONNECT;
}

static struct rule *rule_new(const struct link_match *match, const struct link_action *action)
{
    struct rule *rule = memory_new(1, sizeof(*rule));

    rule->match = *match;
    rule->match.link = rule->link = memory_string(match->link);
    rule->match.op = rule->op = memory_string(match->op);
    rule->match.carries = rule->carries = memory_string(match->carries);
    if (match->edge == LINK_EDGE_ANY)
        rule->match.edge = action->fault->edge;
    rule->fault = action->fault;
    rule->values = copy_values(action);
    rule->operations = match->op ? operation_set(match->op) : 0;
    if (rule->operations == operation_set("connect") && match->edge == LINK_EDGE_ANY)
        rule->match.edge = LINK_EDGE_CONNECT;
    rule->has_moment = rule->match.edge != LINK_EDGE_CONNECT && names_moment(match);
    rule->is_armed = true;
    return rule;
}

static void free_values(struct map *map)
{
    for (size_t i = 0; i < map->count; i++)
        free(map->entries[i].value);
    map_release(map);
}

static void free_names(struct map *map)
{
    for (size_t i = 0; i < map->count; i++)
        link_name_free(map->entries[i].value);
    map_release(map);
}

static void rule_free(struct rule *rule)
{
    free_values(&rule->attempts);
    free(rule->link);
    free(rule->op);
    free(rule->carries);
    schema_values_free(rule->values, rule->fault->option_count);
    free(rule);
}

static bool is_command(const char *op)
{
    return op[strspn(op, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_.0123456789")] == '\0';
}

static bool is_about_dialling(const struct link_match *match)
{
    return match->edge == LINK_EDGE_CONNECT ||
           (match->edge == LINK_EDGE_ANY && match->op && strcmp(match->op, "connect") == 0);
}

/* What would never fire is refused. */
static int check(const struct link_faults *faults, const struct link_rule *plan,
                 struct error *reterr)
{
    const struct link_match *match = &plan->match;
    const struct link_fault *fault = plan->action.fault;
    bool is_dialling = is_about_dialling(match);
    bool needs_frames = link_fault_needs_frames(fault) || names_moment(match);

    if (match->op && !operation_set(match->op) && !is_command(match->op))
        return error_set(reterr, ERROR_SCENARIO, "there is no operation '%s': say %s", match->op,
                         operation_words());
    if (match->nth && !(match->op && is_command(match->op)))
        return error_set(reterr, ERROR_SCENARIO,
                         "the n-th of which command? say it in capitals, as in XREADGROUP");
    if (is_dialling && !fault->dial)
        return error_set(reterr, ERROR_SCENARIO, "%s does nothing when a link is dialled",
                         fault->word);
    if ((fault->traits & FAULT_AT_DIAL) && !is_dialling && names_moment(match))
        return error_set(reterr, ERROR_SCENARIO,
                         "%s acts when a link is dialled: it takes no operation but connect, no "
                         "message and no edge",
                         fault->word);
    if (needs_frames && !is_dialling && !faults->plan.reads_frames)
        return error_set(reterr, ERROR_SCENARIO,
                         "%s: requests and replies are not followed in this run", fault->word);
    return 0;
}

uint32_t link_faults_arm(struct link_faults *faults, struct loop *here,
                         const struct link_rule *plan, struct error *reterr)
{
    struct rule *rule;

    if (check(faults, plan, reterr) < 0)
        return 0;
    rule = rule_new(&plan->match, &plan->action);
    rule->fired = plan->fired;
    rule->context = plan->context;
    pthread_mutex_lock(&faults->mutex);
    rule->number = ++faults->rule_count;
    rule->next = faults->rules;
    faults->rules = rule;
    pthread_mutex_unlock(&faults->mutex);
    spread(faults, here);
    return rule->number;
}

static struct rule *find_rule(struct link_faults *faults, uint32_t number)
{
    struct rule *rule = faults->rules;

    while (rule && rule->number != number)
        rule = rule->next;
    return rule;
}

void link_faults_disarm(struct link_faults *faults, struct loop *here, uint32_t number)
{
    struct rule *rule;

    pthread_mutex_lock(&faults->mutex);
    rule = find_rule(faults, number);
    if (rule)
        rule->is_armed = false;
    pthread_mutex_unlock(&faults->mutex);
    if (rule)
        spread(faults, here);
}

static bool names_exactly(const struct rule *rule, const char *link)
{
    return !link || (rule->match.link && strcmp(rule->match.link, link) == 0);
}

void link_faults_heal(struct link_faults *faults, struct loop *here, const char *link)
{
    pthread_mutex_lock(&faults->mutex);
    for (struct rule *rule = faults->rules; rule; rule = rule->next)
        if (names_exactly(rule, link))
            rule->is_armed = false;
    pthread_mutex_unlock(&faults->mutex);
    spread(faults, here);
}

uint64_t link_faults_fired(struct link_faults *faults, uint32_t number)
{
    const struct rule *rule;
    uint64_t count;

    pthread_mutex_lock(&faults->mutex);
    rule = find_rule(faults, number);
    count = rule ? rule->fired_count : 0;
    pthread_mutex_unlock(&faults->mutex);
    return count;
}

/* A rule that has acted often enough is over, yet stays armed: what it did may still be in force
   (a stall that began at a message). */
bool rule_claim(struct link_faults *faults, struct rule *rule)
{
    bool is_due;

    pthread_mutex_lock(&faults->mutex);
    is_due = rule->is_armed && rule->seen_count++ >= rule->match.skip &&
             (!rule->match.times || rule->fired_count < rule->match.times);
    rule->fired_count += is_due;
    pthread_mutex_unlock(&faults->mutex);
    return is_due;
}

void rule_tell(const struct rule *rule, struct link_hit *hit)
{
    hit->rule = rule->number;
    if (rule->fired)
        rule->fired(rule->context, hit);
}

/* --- Life ------------------------------------------------------------------------------------ */

struct link_faults *link_faults_new(const struct link_faults_plan *plan)
{
    struct link_faults *faults = memory_new(1, sizeof(*faults));

    faults->plan = *plan;
    pthread_mutex_init(&faults->mutex, NULL);
    return faults;
}

bool link_faults_reads_frames(const struct link_faults *faults)
{
    return faults->plan.reads_frames;
}

void link_faults_watch(struct link_faults *faults, const struct link_watcher *watcher)
{
    faults->watcher = *watcher;
    atomic_store(&faults->is_watched, true);
}

void link_faults_unwatch(struct link_faults *faults)
{
    atomic_store(&faults->is_watched, false);
}

uint64_t link_faults_connections(struct link_faults *faults)
{
    return atomic_load(&faults->connection_count);
}

void link_faults_free(struct link_faults *faults)
{
    if (!faults)
        return;
    while (faults->rules) {
        struct rule *rule = faults->rules;

        faults->rules = rule->next;
        rule_free(rule);
    }
    while (faults->yards) {
        struct yard *yard = faults->yards;

        faults->yards = yard->next;
        free(yard);
    }
    free_values(&faults->owners);
    free_names(&faults->names);
    pthread_mutex_destroy(&faults->mutex);
    free(faults);
}
