/* run.c: wires the rooms for one scenario, goes through the steps, and leaves a result. */
#include "run/run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/random.h"
#include "port.h"
#include "registry.h"
#include "run/leftover.h"
#include "run/plan.h"
#include "run/search.h"
#include "run/stage.h"
#include "run/sweep.h"
#include "run/undo.h"
#include "run/usage.h"

#define PROGRESS_PERIOD_NS 200000000u

/* --- Progress and interruption
 * --------------------------------------------------------------------- */

bool stage_has_loss(const struct stage *stage)
{
    return registry_losses() != stage->loss_count;
}

bool stage_ends_early(const struct stage *stage)
{
    return stage->is_interrupted || stage->look.broken || stage->upkeep.stop_reason ||
           stage_has_loss(stage);
}

/* At each look of a wait: tell how far it is; true when it should end.  Sessions whose process has
   ended are not opened again: after that there is nothing to be patient for. */
static bool tick(void *context)
{
    struct stage *stage = context;
    uint64_t now = loop_now_ns(stage->waiter.loop);

    if (stage->options->progress && stage->cast.ledger &&
        now - stage->progress_ns >= PROGRESS_PERIOD_NS)
        stage_tell(stage, now);
    if (stage->cast.ledger)
        gauge_note(&stage->backlog, now, ledger_count(stage->cast.ledger, -1).outstanding);
    look_turn(stage, now);
    upkeep_turn(stage, now);
    if (stage->options->stop && *stage->options->stop)
        stage->is_interrupted = true;
    if (stage->options->is_unwanted &&
        stage->options->is_unwanted(stage->options->unwanted_context))
        stage->is_interrupted = stage->is_unwanted = true;
    return stage_has_loss(stage) || (stage_ends_early(stage) && !stage->is_patient);
}

/* --- Wiring
 * ---------------------------------------------------------------------------------------- */

static uint64_t choose_seed(const struct scenario *scenario)
{
    return scenario->has_seed ? scenario->seed : loop_entropy() & 0xFFFFFFFFu;
}

/* In virtual time the run's id follows from the seed, so that equal seeds give equal results. */
static uint32_t choose_run(const struct scenario *scenario, uint64_t seed)
{
    if (scenario->time == SCENARIO_TIME_VIRTUAL)
        return (uint32_t)random_keyed(seed, 0, random_key("run"), 0);
    return (uint32_t)loop_entropy();
}

static size_t count_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores < 1 ? 1 : (size_t)cores;
}

/* Without a URI a broker is in this process, or at its adapter's default, on this machine. */
static bool are_brokers_local(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->broker_count; i++)
        if (!usage_is_local(&scenario->brokers[i]))
            return false;
    return true;
}

/* A broker on this machine needs a core of its own. */
static size_t choose_workers(const struct scenario *scenario)
{
    size_t cores;

    if (scenario->time == SCENARIO_TIME_VIRTUAL)
        return 1;
    if (scenario->workers > 0)
        return (size_t)scenario->workers;
    cores = count_cores();
    return are_brokers_local(scenario) && cores > 1 ? cores - 1 : cores;
}

static struct result *new_result(const struct stage *stage)
{
    const struct scenario *scenario = stage->scenario;
    struct result *result = memory_new(1, sizeof(*result));

    result->scenario_name = memory_string(scenario->name);
    result->scenario_path = memory_string(scenario->path);
    result->scenario_text = memory_string(scenario->text);
    result->description = memory_string(scenario->description);
    result->is_virtual = scenario->time == SCENARIO_TIME_VIRTUAL;
    result->command_line = result->is_virtual ? NULL : memory_string(stage->options->command_line);
    return result;
}

static void describe_brokers(struct stage *stage)
{
    struct result *result = stage->result;

    result->brokers = memory_new(stage->brokers.count, sizeof(*result->brokers));
    result->broker_count = stage->brokers.count;
    for (size_t i = 0; i < stage->brokers.count; i++) {
        const struct broker *broker = &stage->brokers.items[i];

        result->brokers[i].name = memory_string(broker->endpoint.name);
        result->brokers[i].adapter = memory_string(broker->endpoint.adapter->name);
        result->brokers[i].uri = memory_string(broker->uri_shown);
        result->brokers[i].capabilities = broker->endpoint.declared;
        result->brokers[i].tier = memory_string(port_tier_name(broker->endpoint.declared));
    }
}

/* Latencies and rates cost more than the whole of a small run. */
static bool is_measured(const struct stage *stage)
{
    const struct scenario *scenario = stage->scenario;

    if (!stage->options->is_terse || scenario->time != SCENARIO_TIME_VIRTUAL)
        return true;
    for (size_t i = 0; i < scenario->expectation_count; i++)
        if (scenario->expectations[i].unit != SCENARIO_UNIT_COUNT &&
            scenario->expectations[i].subject == SCENARIO_METRIC)
            return true;
    return false;
}

/* Where a killed run's faults can be undone from. */
static int open_undos(struct stage *stage, struct error *reterr)
{
    const char *given = stage->options->undo_folder;
    char *state, *own;

    if (!stage->options->is_destructive)
        return 0;
    state = undo_state_folder();
    own = memory_format("%s/%s", state, stage->result->run_id);
    stage->undos = undo_book_open(given ? given : own, !given, stage->result->run_id, reterr);
    free(own);
    free(state);
    return stage->undos ? 0 : -1;
}

static bool is_any_proxied(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->broker_count; i++)
        if (scenario->brokers[i].proxy != SCENARIO_PROXY_NONE)
            return true;
    return false;
}

static int open_stage(struct stage *stage, struct error *reterr)
{
    const struct scenario *scenario = stage->scenario;
    uint64_t seed = choose_seed(scenario);
    struct workers_plan plan = {.count = choose_workers(scenario),
                                .is_virtual = scenario->time == SCENARIO_TIME_VIRTUAL,
                                .spin_ns = stage->options->spin_ns,
                                .seed = seed,
                                .log = stage->options->log,
                                .timeline = is_measured(stage) ? &stage->phases.timeline : NULL};

    stage->result = new_result(stage);
    stage->result->seed = seed;
    phases_open(&stage->phases, scenario);
    if (faults_open(stage, &stage->faults, reterr) < 0)
        return -1;
    plan.faults = faults_links(stage->faults);
    plan.is_proxied = is_any_proxied(scenario);
    if (!plan.faults && plan.is_proxied)
        plan.faults = stage->links = link_faults_new(&(struct link_faults_plan){.seed = seed});
    if (plan.faults && stage->options->watcher)
        link_faults_watch(plan.faults, stage->options->watcher);
    if (workers_open(&stage->workers, &plan, reterr) < 0)
        return -1;
    stage->waiter =
        (struct waiter){.loop = stage->workers.items[0].place.loop, .tick = tick, .context = stage};
    stage->begin_ns = loop_now_ns(stage->waiter.loop);
    if (brokers_open(&stage->brokers, scenario, stage->options->decorator,
                     &stage->workers.items[0].place, reterr) < 0)
        return -1;
    stage->cast = (struct cast){.scenario = scenario,
                                .brokers = &stage->brokers,
                                .workers = &stage->workers,
                                .run = choose_run(scenario, seed),
                                .seed = seed};
    stage->result->run_id = memory_format("%08x", stage->cast.run);
    if (open_undos(stage, reterr) < 0)
        return -1;
    describe_brokers(stage);
    return 0;
}

static void close_stage(struct stage *stage)
{
    workers_stop(&stage->workers);
    look_close(stage);
    faults_stop(stage->faults);
    cast_close(&stage->cast);
    brokers_close(&stage->brokers);
    upkeep_close(&stage->upkeep);
    workers_close(&stage->workers);
    faults_close(stage->faults);
    link_faults_free(stage->links);
    undo_book_close(stage->undos);
    meter_release(&stage->total);
    phases_close(&stage->phases);
}

/* --- The run
 * ----------------------------------------------------------------------------------------- */

static void say_why_it_stopped(struct stage *stage)
{
    struct result *result = stage->result;

    result->is_partial = stage->is_interrupted;
    if (stage->is_interrupted)
        result->stop_reason = memory_string("interrupted");
    else if (stage_has_loss(stage))
        result->stop_reason = memory_string("the adapter's process ended");
    else if (stage->look.broken)
        result->stop_reason = memory_format("'%s' was broken", stage->look.broken->text);
    else if (stage->upkeep.stop_reason)
        result->stop_reason = memory_string("the broker's memory was at its limit");
    else if (stage->cast.consumer_count == 0)
        result->stop_reason = memory_string("everything was sent");
    else if (ledger_count(stage->cast.ledger, -1).outstanding == 0)
        result->stop_reason = memory_string("every message is accounted for");
    else if (stage->is_drained)
        result->stop_reason = memory_string("nothing more came");
    else
        result->stop_reason = memory_string("the time for the drain was over");
}

static int start_workers(struct stage *stage, struct error *reterr)
{
    look_open(stage);
    return workers_start(&stage->workers, reterr);
}

static int perform(struct stage *stage, struct error *reterr)
{
    plan_streams(&stage->cast);
    if (stage_allow_files(stage, reterr) < 0 || stage_greet(stage, reterr) < 0 ||
        cast_open(&stage->cast, !stage->options->check_off, reterr) < 0 ||
        faults_bind(stage->faults, reterr) < 0)
        return -1;
    faults_ready(stage->faults);
    leftover_note(stage);
    if (start_workers(stage, reterr) < 0) {
        leftover_strike(stage);
        return -1;
    }
    upkeep_open(stage);
    stage_play(stage);
    workers_stop(&stage->workers);
    look_close(stage);
    stage_collect_dead_letters(stage);
    say_why_it_stopped(stage);
    stage_farewell(stage);
    faults_collect(stage->faults);
    stage_collect(stage);
    stage_environment(stage);
    stage_judge(stage);
    return 0;
}

int run_once(const struct run_options *options, struct result **ret_result, struct error *reterr)
{
    struct stage stage = {.options = options,
                          .scenario = options->scenario,
                          .phase = "opening",
                          .loss_count = registry_losses()};
    int result = -1;

    if (options->scenario->sweep.edges)
        return sweep_scenario(options, ret_result, reterr);
    if (open_stage(&stage, reterr) == 0)
        result = perform(&stage, reterr);
    close_stage(&stage);
    if (result == 0)
        *ret_result = stage.result;
    else
        result_free(stage.result);
    return result;
}

int run_scenario(const struct run_options *options, struct result **ret_result,
                 struct error *reterr)
{
    if (options->scenario->search.is_wanted)
        return search_run(options, ret_result, reterr);
    return run_once(options, ret_result, reterr);
}
