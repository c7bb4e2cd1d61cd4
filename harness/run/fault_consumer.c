/* fault_consumer.c: troubles of consumers: one for each member that is meant. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "run/fault_parts.h"

/* --- On the consumer's thread ---------------------------------------------------------------- */

static void on_struck(void *context, uint64_t messages, uint64_t now)
{
    struct fault_target *target = context;
    char hit[120];

    if (messages > 0)
        (void)snprintf(hit, sizeof(hit), "%s, %llu message%s", target->consumer->name,
                       (unsigned long long)messages, messages == 1 ? "" : "s");
    else
        (void)snprintf(hit, sizeof(hit), "%s", target->consumer->name);
    fault_struck(target, hit, now);
}

static void on_healed(void *context, uint64_t now)
{
    fault_healed(context, now);
}

static void afflict(void *context)
{
    struct fault_target *target = context;

    consumer_afflict(target->consumer->consumer, &target->trouble);
}

static void relieve(void *context)
{
    struct fault_target *target = context;

    consumer_relieve(target->consumer->consumer, &target->trouble);
}

/* --- On any thread --------------------------------------------------------------------------- */

static void begin(struct fault *fault, const struct cast_consumer *here)
{
    for (size_t i = 0; i < fault->target_count; i++) {
        struct fault_target *target = &fault->targets[i];

        if (!fault_turn_on(target))
            continue;
        if (target->consumer == here)
            afflict(target);
        else
            loop_post(target->consumer->worker->place.loop, afflict, target);
    }
}

static void end(struct fault *fault)
{
    for (size_t i = 0; i < fault->target_count; i++)
        if (fault->targets[i].is_on)
            loop_post(fault->targets[i].consumer->worker->place.loop, relieve, &fault->targets[i]);
}

/* --- Binding --------------------------------------------------------------------------------- */

static uint64_t option_number(const struct fault *fault, const char *key)
{
    return (uint64_t)fault_value(fault, key)->number;
}

static int fill_message(const struct fault *fault, struct trouble *trouble, struct error *reterr)
{
    const char *text = fault_value(fault, "message")->text;
    const char *mark = text ? strchr(text, '#') : NULL;
    char *producer;

    if (!text)
        return 0;
    if (!mark)
        return fault_refuse(fault, reterr, "'%.40s' is no message: say such as shop-1#700", text);
    producer = memory_format("%.*s", (int)(mark - text), text);
    trouble->track = fault_track(fault->owner, producer);
    free(producer);
    if (trouble->track == UINT32_MAX)
        return fault_refuse(fault, reterr,
                            "no producer's member has the name in '%.40s': say such as shop-1#700",
                            text);
    trouble->has_message = true;
    trouble->sequence = strtoull(mark + 1, NULL, 10);
    return 0;
}

static void fill_crash(const struct fault *fault, struct trouble *trouble)
{
    trouble->returns = option_number(fault, "restart") != 0;
    trouble->delay_ns = option_number(fault, "restart_after");
    trouble->renames = option_number(fault, "name") == 1;
}

static void fill_slow(const struct fault *fault, struct trouble *trouble)
{
    trouble->work =
        (enum consumer_work)(option_number(fault, "spread") == 0   ? CONSUMER_WORK_FIXED
                             : option_number(fault, "spread") == 1 ? CONSUMER_WORK_EXPONENTIAL
                                                                   : CONSUMER_WORK_LOGNORMAL);
    trouble->work_ns = option_number(fault, "work");
    trouble->work_sigma = fault_value(fault, "sigma")->real;
}

static int fill_trouble(const struct fault *fault, struct trouble *trouble, struct error *reterr)
{
    trouble->kind = (enum trouble_kind)fault->word->verb;
    switch (trouble->kind) {
    case TROUBLE_CRASH:
        trouble->moment = (enum trouble_moment)fault_main_value(fault)->number;
        fill_crash(fault, trouble);
        return 0;
    case TROUBLE_LEAVE:
        fill_crash(fault, trouble);
        return 0;
    case TROUBLE_SLOW:
        fill_slow(fault, trouble);
        return 0;
    case TROUBLE_ACK_UNKNOWN:
        trouble->id = fault_value(fault, "id")->text;
        return 0;
    case TROUBLE_LATE_ACK:
        trouble->delay_ns = option_number(fault, "by");
        break;
    case TROUBLE_HANG:
        return 0;
    case TROUBLE_NACK:
    case TROUBLE_ACK_TWICE:
    case TROUBLE_SKIP_ACK:
    default:
        break;
    }
    trouble->share = fault_value(fault, "share")->real;
    trouble->limit = option_number(fault, "calls");
    return trouble->kind == TROUBLE_NACK ? fill_message(fault, trouble, reterr) : 0;
}

static bool settles(enum trouble_kind kind)
{
    return kind >= TROUBLE_NACK;
}

static int check_target(const struct fault *fault, const struct cast_consumer *entry,
                        struct error *reterr)
{
    const struct endpoint_broker *broker = entry->spec.broker;
    enum trouble_kind kind = (enum trouble_kind)fault->word->verb;
    bool is_at_ack = kind == TROUBLE_CRASH && fault_main_value(fault)->number != TROUBLE_NOW;

    if (!settles(kind) && !is_at_ack)
        return 0;
    if (!(broker->declared & ADAPTER_ACK_NACK))
        return fault_refuse(
            fault, reterr,
            "broker %s (%s) does not declare ACK_NACK: choose an adapter that does, "
            "or 'crash: now'",
            broker->name, broker->adapter->name);
    if (entry->scenario->ack == SCENARIO_ACK_NONE)
        return fault_refuse(fault, reterr,
                            "consumer %s settles nothing: give it 'ack: batch' or 'ack: each'",
                            entry->scenario->name);
    return 0;
}

static int bind(struct fault *fault, struct error *reterr)
{
    struct cast *cast = &fault->owner->stage->cast;

    fault->targets = memory_new(cast->consumer_count + 1, sizeof(*fault->targets));
    for (size_t i = 0; i < cast->consumer_count; i++) {
        struct cast_consumer *entry = &cast->consumers[i];
        struct fault_target *target;

        if (!fault_names_consumer(&fault->plan->action.target, entry))
            continue;
        target = &fault->targets[fault->target_count++];
        *target =
            (struct fault_target){.fault = fault, .consumer = entry, .window = FAULT_NO_WINDOW};
        target->trouble =
            (struct trouble){.struck = on_struck, .healed = on_healed, .context = target};
        if (check_target(fault, entry, reterr) < 0 ||
            fill_trouble(fault, &target->trouble, reterr) < 0)
            return -1;
    }
    return 0;
}

const struct fault_kind fault_consumer_kind = {.bind = bind, .begin = begin, .end = end};
