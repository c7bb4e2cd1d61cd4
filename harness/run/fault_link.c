/* fault_link.c: faults of links: a rule is armed when the moment comes, and disarmed when it is
   healed; what waits for an exchange is met there. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "run/broker_replication.h"
#include "run/fault_parts.h"

static bool has_event(const struct scenario_trigger *when)
{
    return when->op || when->message_producer || when->exchange || when->command;
}

bool fault_waits_on_link(const struct fault *fault)
{
    return fault->word->seen.role == SCENARIO_LINK && has_event(&fault->plan->when);
}

/* What it did is done: nothing stays in force. */
static bool is_moment(const struct fault *fault)
{
    return strcmp(fault->word->seen.word, "cut") == 0 ||
           link_fault_needs_frames(fault->rule.action.fault);
}

/* By the clock, and done at once on every link that is there. */
static bool is_stroke(const struct fault *fault)
{
    return strcmp(fault->word->seen.word, "cut") == 0 && !has_event(&fault->plan->when) &&
           !fault->plan->when.for_ns;
}

void fault_link_needs(const struct faults *faults, bool *ret_links, bool *ret_frames)
{
    *ret_links = *ret_frames = false;
    for (size_t i = 0; i < faults->count; i++) {
        const struct scenario_fault *plan = &faults->plans[i];
        const struct link_fault *fault;

        if (plan->action.target.role != SCENARIO_LINK)
            continue;
        fault = link_fault_find(plan->action.word, NULL);
        *ret_links = true;
        *ret_frames =
            *ret_frames || has_event(&plan->when) || (fault && link_fault_needs_frames(fault));
    }
}

/* --- Hits, on the threads of links ----------------------------------------------------------- */

static void count_hit(struct fault *fault)
{
    uint64_t times = fault->rule.match.times;

    pthread_mutex_lock(&fault->owner->lock);
    if (fault->is_armed && times > 0 && fault->fired >= times)
        fault->is_over = true;
    pthread_mutex_unlock(&fault->owner->lock);
}

static void on_hit(void *context, const struct link_hit *hit)
{
    struct fault_target *target = context;
    struct fault *fault = target->fault;
    char *what = memory_format("%s: %s", hit->link, hit->what ? hit->what : "");

    if (target->is_on || fault->plan->when.for_ns || !is_moment(fault)) {
        bool is_new = fault_turn_on(target);

        fault_struck(target, what, hit->at_ns);
        if (is_new)
            fault_count_down(fault);
    } else {
        fault_flashed(target, what, hit->at_ns);
    }
    count_hit(fault);
    free(what);
}

/* --- Arming ---------------------------------------------------------------------------------- */

static void arm(struct fault_target *target, struct loop *here)
{
    struct fault *fault = target->fault;
    struct link_rule rule = fault->rule;
    struct error error = {0};

    rule.fired = on_hit;
    rule.context = target;
    target->rule = link_faults_arm(fault->owner->links, here, &rule, &error);
    if (target->rule == 0)
        fault_failed(target, error.message, loop_now_ns(here));
}

static void arm_here(void *context)
{
    struct fault_target *target = context;

    arm(target, target->fault->owner->loop);
}

void fault_link_arm(struct fault *fault)
{
    arm(&fault->targets[0], fault->owner->loop);
}

/* On each loop by itself: its links obey before the rule is gone again. */
static void strike(void *context)
{
    struct fault_target *target = context;
    struct loop *here = target->worker->place.loop;

    arm(target, here);
    if (target->rule)
        link_faults_disarm(target->fault->owner->links, here, target->rule);
    target->rule = 0;
    fault_healed(target, loop_now_ns(here));
}

static void begin_on(struct fault_target *target, const struct cast_consumer *here)
{
    struct fault *fault = target->fault;

    if (!fault_waits_on_link(fault))
        fault_turn_on(target);
    if (here)
        arm(target, here->worker->place.loop);
    else
        loop_post(fault->owner->loop, arm_here, target);
}

static void begin(struct fault *fault, const struct cast_consumer *here)
{
    if (!is_stroke(fault)) {
        begin_on(&fault->targets[0], here);
        return;
    }
    for (size_t i = 0; i < fault->target_count; i++) {
        fault_turn_on(&fault->targets[i]);
        loop_post(fault->targets[i].worker->place.loop, strike, &fault->targets[i]);
    }
}

/* On the run's own loop. */
static void end(struct fault *fault)
{
    struct faults *faults = fault->owner;
    struct fault_target *target = &fault->targets[0];

    if (is_stroke(fault))
        return;
    if (target->rule)
        link_faults_disarm(faults->links, faults->loop, target->rule);
    target->rule = 0;
    pthread_mutex_lock(&faults->lock);
    fault->is_armed = false;
    pthread_mutex_unlock(&faults->lock);
    if (target->is_on)
        fault_healed(target, loop_now_ns(faults->loop));
}

/* --- Binding --------------------------------------------------------------------------------- */

static const char *const OPS[] = {
    [SCENARIO_OP_NONE] = NULL,         [SCENARIO_OP_CONNECT] = "connect",
    [SCENARIO_OP_PUBLISH] = "publish", [SCENARIO_OP_READ] = "read",
    [SCENARIO_OP_ACK] = "ack",         [SCENARIO_OP_NACK] = "nack",
    [SCENARIO_OP_RECLAIM] = "reclaim", [SCENARIO_OP_CLOSE] = "close",
};

static const enum link_edge EDGES[] = {
    [SCENARIO_EDGE_ANY] = LINK_EDGE_ANY,     [SCENARIO_EDGE_REQUEST] = LINK_EDGE_REQUEST,
    [SCENARIO_EDGE_REPLY] = LINK_EDGE_REPLY, [SCENARIO_EDGE_MID_REPLY] = LINK_EDGE_MID_REPLY,
    [SCENARIO_EDGE_DONE] = LINK_EDGE_REPLY,
};

static int fill_action(struct fault *fault, struct error *reterr)
{
    const struct scenario_do *plan = &fault->plan->action;

    if (link_action_init(&fault->rule.action, plan->word, NULL, reterr) < 0)
        return -1;
    for (size_t i = 0; i < plan->option_count; i++)
        if (link_action_set(&fault->rule.action, plan->options[i].key, plan->options[i].text,
                            reterr) < 0) {
            reterr->place = plan->options[i].place;
            return -1;
        }
    return 0;
}

static void fill_match(struct fault *fault)
{
    const struct scenario_trigger *when = &fault->plan->when;
    struct link_match *match = &fault->rule.match;

    *match = (struct link_match){.link = fault->plan->action.target.name,
                                 .op = when->command ? when->command : OPS[when->op],
                                 .attempt = (uint32_t)when->attempt,
                                 .exchange = when->command ? 0 : when->exchange,
                                 .nth = when->command ? when->exchange : 0,
                                 .empty = when->empty,
                                 .edge = EDGES[when->edge]};
    if (when->message_producer) {
        match->has_message = true;
        match->track = fault_track(fault->owner, when->message_producer);
        match->sequence = when->message;
    }
    if (has_event(when))
        match->times = when->times ? when->times : 1;
    else if (link_fault_needs_frames(fault->rule.action.fault) && !when->for_ns)
        match->times = 1;
}

static bool has_event_below(const struct scenario_trigger *when)
{
    for (size_t i = 0; i < when->all_count; i++)
        if (has_event(&when->all[i]) || has_event_below(&when->all[i]))
            return true;
    for (size_t i = 0; i < when->any_count; i++)
        if (has_event(&when->any[i]) || has_event_below(&when->any[i]))
            return true;
    return false;
}

/* The broker of the actors that own the link. */
static const struct endpoint_broker *find_broker(const struct fault *fault)
{
    const struct cast *cast = &fault->owner->stage->cast;
    char name[100];

    text_copy(name, sizeof(name), fault->plan->action.target.name);
    name[strcspn(name, ".")] = '\0';
    for (size_t i = 0; i < cast->consumer_count; i++)
        if (strcmp(cast->consumers[i].scenario->name, name) == 0 ||
            strcmp(cast->consumers[i].name, name) == 0)
            return cast->consumers[i].spec.broker;
    for (size_t i = 0; i < cast->producer_count; i++)
        if (strcmp(cast->producers[i].scenario->name, name) == 0 ||
            strcmp(cast->producers[i].name, name) == 0)
            return cast->producers[i].spec.broker;
    return NULL;
}

/* What dials by itself goes through a proxy of the broker's name. */
static bool is_dialled(const struct endpoint_broker *broker)
{
    return broker->adapter->traits & ADAPTER_TRAIT_DIALS;
}

static int check_broker(const struct fault *fault, struct error *reterr)
{
    const struct endpoint_broker *broker = find_broker(fault);

    if (!broker)
        return fault_refuse(fault, reterr, "nobody owns the link '%.40s'",
                            fault->plan->action.target.name);
    if (broker->adapter->traits & ADAPTER_TRAIT_IN_PROCESS)
        return fault_refuse(fault, reterr,
                            "broker %s (%s) is in this process, so there is no link to it: choose "
                            "an adapter that speaks to a server",
                            broker->name, broker->adapter->name);
    return 0;
}

static void make_targets(struct fault *fault)
{
    struct workers *workers = fault->owner->stage->cast.workers;

    fault->targets = memory_new(workers->count, sizeof(*fault->targets));
    for (size_t i = 0; i < workers->count; i++)
        fault->targets[fault->target_count++] = (struct fault_target){
            .fault = fault, .worker = &workers->items[i], .window = FAULT_NO_WINDOW};
}

/* Between two servers nobody of this run makes requests. */
static int check_replication(const struct fault *fault, struct error *reterr)
{
    if (!has_event(&fault->plan->when) && !link_fault_needs_frames(fault->rule.action.fault))
        return 0;
    return fault_refuse(fault, reterr,
                        "on '%.40s' no single requests can be met: say when by the clock, a count "
                        "or 'after', and do what is done to bytes or connections, as blackhole",
                        fault->plan->action.target.name);
}

/* The link as the rules know it. */
static int bind_name(struct fault *fault, struct error *reterr)
{
    const struct broker *broker =
        broker_replication_find(&fault->owner->stage->brokers, fault->plan->action.target.name);

    if (broker) {
        fault->rule.match.link = broker->replication.link;
        return check_replication(fault, reterr);
    }
    if (check_broker(fault, reterr) < 0)
        return -1;
    if (!is_dialled(find_broker(fault)))
        fault->rule.match.link = find_broker(fault)->name;
    return 0;
}

static int bind(struct fault *fault, struct error *reterr)
{
    if (has_event_below(&fault->plan->when))
        return fault_refuse(fault, reterr,
                            "the exchange of a link fault ('op', 'message') stands in 'when' "
                            "itself, not inside 'all' or 'any'");
    if (fill_action(fault, reterr) < 0)
        return -1;
    fill_match(fault);
    if (bind_name(fault, reterr) < 0)
        return -1;
    make_targets(fault);
    return 0;
}

static void release(struct fault *fault)
{
    link_action_release(&fault->rule.action);
}

const struct fault_kind fault_link_kind = {
    .bind = bind, .begin = begin, .end = end, .release = release};
