/* rules.c: arming and disarming, and bringing it to the channels. */
#include "link/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "link/channel.h"

/* --- Addresses ------------------------------------------------------------------------------- */

/* "billing" means "billing-2" and "billing-2.read"; "billing-2" means "billing-2.read". */
bool rule_names_link(const struct rule *rule, const char *link)
{
    const char *name = rule->match.link;
    size_t size = name ? strlen(name) : 0;

    if (!name)
        return true;
    if (strncmp(name, link, size) != 0)
        return false;
    link += size;
    if (*link == '-' && !strchr(name, '.'))
        link += 1 + strspn(link + 1, "0123456789");
    return *link == '\0' || *link == '.';
}

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

/* Refreshing may close channels, and nothing else: a channel is asked once, at most. */
static void refresh_yard(void *context)
{
    struct yard *yard = context;
    struct channel *channel = yard->channels, *next;

    for (; channel; channel = next) {
        next = channel->next;
        channel_refresh(channel);
    }
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
        else if (atomic_load(&yard->channel_count) > 0)
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
    rule->is_armed = true;
    return rule;
}

static void rule_free(struct rule *rule)
{
    free(rule->link);
    free(rule->op);
    free(rule->carries);
    schema_values_free(rule->values, rule->fault->option_count);
    free(rule);
}

static bool reads_frames(const struct link_match *match, const struct link_action *action)
{
    return link_fault_needs_frames(action->fault) || match->op || match->has_message ||
           match->carries || match->attempt || match->edge > LINK_EDGE_CONNECT;
}

uint32_t link_faults_arm(struct link_faults *faults, struct loop *here,
                         const struct link_rule *plan, struct error *reterr)
{
    struct rule *rule;

    if (reads_frames(&plan->match, &plan->action) && !faults->plan.reads_frames) {
        (void)error_set(reterr, ERROR_SCENARIO,
                        "%s: requests and replies are not followed in this run",
                        plan->action.fault->word);
        return 0;
    }
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
    for (size_t i = 0; i < faults->owners.count; i++)
        free(faults->owners.entries[i].value);
    map_release(&faults->owners);
    pthread_mutex_destroy(&faults->mutex);
    free(faults);
}
