/* fault_open.c: the faults of a run made from its scenario and seed, and taken down again. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "run/fault_parts.h"

#define IDLE_PERIOD_NS 10000000u

/* --- Plans ----------------------------------------------------------------------------------- */

/* The scenario's own first; names in `after` are indices into them. */
static void resolve(struct faults *faults, const struct scenario *scenario)
{
    size_t count = scenario->fault_count;

    for (size_t i = 0; i < scenario->chaos_count; i++)
        count += (size_t)scenario->chaoses[i].budget;
    faults->plans = memory_new(count + 1, sizeof(*faults->plans));
    for (size_t i = 0; i < scenario->fault_count; i++)
        faults->plans[faults->count++] = scenario->faults[i]; /* borrowed */
    for (size_t i = 0; i < scenario->chaos_count; i++) {
        size_t drawn = 0;
        struct scenario_fault *list =
            scenario_chaos_expand(&scenario->chaoses[i], faults->stage->result->seed, &drawn);

        memcpy(faults->plans + faults->count, list, drawn * sizeof(*list));
        faults->count += drawn;
        free(list);
    }
}

static int set_values(struct fault *fault, struct error *reterr)
{
    const struct schema *schema = &fault->word->seen.options;
    const struct scenario_do *action = &fault->plan->action;

    fault->values = schema_values_new(schema);
    for (size_t i = 0; i < action->option_count; i++)
        if (schema_set(schema, fault->values, action->options[i].key, action->options[i].text,
                       reterr) < 0) {
            reterr->place = action->options[i].place;
            return -1;
        }
    return 0;
}

static int open_links(struct faults *faults)
{
    bool needs_links, needs_frames;

    fault_link_needs(faults, &needs_links, &needs_frames);
    if (needs_links)
        faults->links = link_faults_new(&(struct link_faults_plan){
            .seed = faults->stage->result->seed, .reads_frames = needs_frames});
    return 0;
}

int faults_open(struct stage *stage, struct faults **ret_faults, struct error *reterr)
{
    const struct scenario *scenario = stage->scenario;
    struct faults *faults;

    *ret_faults = NULL;
    if (scenario->fault_count == 0 && scenario->chaos_count == 0)
        return 0;
    faults = *ret_faults = memory_new(1, sizeof(*faults));
    faults->stage = stage;
    pthread_mutex_init(&faults->lock, NULL);
    resolve(faults, scenario);
    faults->items = memory_new(faults->count, sizeof(*faults->items));
    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = &faults->items[i];
        const struct scenario_fault *plan = &faults->plans[i];

        fault->owner = faults;
        fault->plan = plan;
        fault->word = fault_word_find(plan->action.word, plan->action.target.role);
        if (!fault->word)
            return fault_refuse(fault, reterr, "this version does not know it");
        trigger_init(&fault->root, fault, &plan->when,
                     plan->when.who.role != SCENARIO_NOBODY ? &plan->when.who : NULL);
        if (set_values(fault, reterr) < 0)
            return -1;
    }
    phases_expect_faults(&stage->phases, faults->count);
    return open_links(faults);
}

struct link_faults *faults_links(struct faults *faults)
{
    return faults ? faults->links : NULL;
}

int faults_bind(struct faults *faults, struct error *reterr)
{
    if (!faults)
        return 0;
    faults->loop = faults->stage->waiter.loop;
    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = &faults->items[i];

        if (fault->word->kind->bind(fault, reterr) < 0)
            return -1;
        if (fault->target_count == 0)
            return fault_refuse(fault, reterr, "there is nobody of that name");
    }
    return probes_bind(faults, reterr);
}

/* --- The end --------------------------------------------------------------------------------- */

/* What drives a server does so on a thread of its own, and tells our loop when it is done. */
static bool are_servers_idle(void *context)
{
    const struct faults *faults = context;
    const struct brokers *brokers = &faults->stage->brokers;

    for (size_t i = 0; i < brokers->count; i++)
        if (brokers->items[i].is_driven)
            return false;
    return true;
}

void faults_stop(struct faults *faults)
{
    if (!faults || !faults->loop)
        return;
    (void)wait_until(&(struct waiter){.loop = faults->loop}, are_servers_idle, faults,
                     IDLE_PERIOD_NS, UINT64_MAX);
    loop_timer_stop(faults->loop, &faults->look_timer);
    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = &faults->items[i];

        trigger_stop(&fault->root);
        loop_timer_stop(faults->loop, &fault->every_timer);
        loop_timer_stop(faults->loop, &fault->for_timer);
        for (size_t t = 0; t < fault->target_count; t++)
            loop_timer_stop(faults->loop, &fault->targets[t].timer);
    }
}

static void close_fault(struct fault *fault)
{
    trigger_release(&fault->root);
    if (fault->word && fault->word->kind->release)
        fault->word->kind->release(fault);
    if (fault->word && fault->values)
        schema_values_free(fault->values, fault->word->seen.options.option_count);
    for (size_t i = 0; i < fault->window_count; i++) {
        free(fault->windows[i].hit);
        ledger_progress_free(fault->windows[i].progress);
    }
    for (size_t i = 0; i < fault->target_count; i++)
        free(fault->targets[i].undo);
    free(fault->windows);
    free(fault->targets);
}

void faults_close(struct faults *faults)
{
    size_t own;

    if (!faults)
        return;
    for (size_t i = 0; i < faults->count; i++)
        close_fault(&faults->items[i]);
    probes_release(faults);
    link_faults_free(faults->links);
    own = faults->stage->scenario->fault_count;
    if (faults->count > own) {
        struct scenario_fault *drawn = memory_new(faults->count - own, sizeof(*drawn));

        memcpy(drawn, faults->plans + own, (faults->count - own) * sizeof(*drawn));
        scenario_faults_free(drawn, faults->count - own);
    }
    free(faults->plans);
    free(faults->items);
    pthread_mutex_destroy(&faults->lock);
    free(faults);
}
