/* conform.c: a conformance run from its options to its result. */
#include "run/conform.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "base/random.h"
#include "base/text.h"
#include "port.h"
#include "run/broker_server.h"
#include "run/conform_state.h"

/* --- Before ---------------------------------------------------------------------------------- */

/* What nobody chose is drawn; the run's name is fresh in real time even when the seed is not. */
static void choose_luck(struct conform *conform)
{
    const struct conform_options *options = conform->options;

    conform->setting.seed = options->has_seed ? options->seed : loop_entropy() >> 32;
    conform->setting.run = conform->is_virtual
                               ? (uint32_t)random_keyed(conform->setting.seed, 0, 0, 0)
                               : (uint32_t)loop_entropy();
    conform->result->seed = conform->setting.seed;
    conform->result->run_id = memory_format("%08x", conform->setting.run);
}

static void choose_world(struct conform *conform)
{
    uint32_t traits = conform->adapter->traits;
    bool is_able = port_can_simulate(conform->adapter);

    is_able |= conform->options->standin != NULL;
    conform->is_virtual = is_able && conform->options->time != CONFORM_TIME_REAL;
    conform->is_owned = traits & ADAPTER_TRAIT_IN_PROCESS || conform->is_spawned ||
                        conform->options->standin != NULL;
    conform->result->is_virtual = conform->is_virtual;
}

static void plan_server(const struct conform *conform, struct server_plan *plan)
{
    const struct scenario_control *control = &conform->options->profile->control;

    *plan = (struct server_plan){.name = "profile",
                                 .command = control->start,
                                 .runs_here = true,
                                 .answers = conform_desk_answers,
                                 .context = conform->desk};
    for (enum server_word word = 0; word < SERVER_WORD_COUNT; word++)
        if (word != SERVER_START)
            plan->control[word] = scenario_control_of(control, server_word_name(word));
}

static int open_server(struct conform *conform, struct error *reterr)
{
    struct server_plan plan;

    if (conform->setting.server)
        return 0;
    if (!conform->options->profile || conform->adapter->traits & ADAPTER_TRAIT_IN_PROCESS)
        return 0;
    plan_server(conform, &plan);
    conform->setting.server = server_new(&plan);
    if (!plan.command)
        return 0;
    conform->is_owned = true;
    return server_start(conform->setting.server, reterr);
}

static void fill_setting(struct conform *conform)
{
    const struct conform_options *options = conform->options;

    conform->setting.profile = options->profile;
    conform->setting.decorator = options->decorator;
    conform->setting.standin = options->standin;
    conform->setting.no_timeouts = options->no_timeouts;
    conform->setting.trace = options->trace;
    conform->setting.context = options->context;
}

static void describe_run(struct conform *conform)
{
    const struct conform_options *options = conform->options;
    struct conformance *result = conform->result;

    result->adapter = memory_string(conform->adapter->name);
    result->uri = memory_string(options->uri_shown);
    result->command_line = memory_string(options->command_line);
    result->version = memory_string(GAUNTLET_VERSION);
    result->is_strict = options->is_strict;
    result->is_chosen =
        options->core_only || options->id_count > 0 || options->capability_count > 0;
    result->settings = memory_new(options->setting_count + 1, sizeof(*result->settings));
    for (size_t i = 0; i < options->setting_count; i++)
        result->settings[result->setting_count++] = memory_string(options->settings[i]);
}

/* --- Clauses --------------------------------------------------------------------------------- */

static char *join(char *const *words, size_t count)
{
    struct text text = {0};
    char *joined;

    for (size_t i = 0; i < count; i++)
        text_appendf(&text, "%s%s", i > 0 ? ", " : "", words[i]);
    joined = memory_string(text_string(&text));
    text_release(&text);
    return joined;
}

static char *write_document(const struct clause *clause)
{
    struct text text = {0};

    clause_write(clause, &text);
    return text.data;
}

static void describe_clause(const struct conform *conform, const struct clause *clause,
                            struct conformance_clause *entry)
{
    static const char LEVELS[] = {'R', 'O', 'H'};

    *entry = (struct conformance_clause){
        .id = memory_string(clause->id),
        .family = memory_string(clause->family),
        .says = memory_string(clause->says),
        .level = LEVELS[clause->level],
        .is_core = clause->is_core,
        .is_derived = clause->derive != NULL,
        .is_race = clause->is_real && conform_steps_use(&clause->steps, "parallel"),
        .capability = memory_string(clause->need_count > 0 ? clause->needs[0] : "every broker"),
        .needs = join(clause->needs, clause->need_count),
        .verdict = CONFORMANCE_INCONCLUSIVE,
        .place = memory_format("%s:%d", clause->place.file, clause->place.line),
        .command = memory_format("%s --clause %s --seed %llu", conform->options->command,
                                 clause->id, (unsigned long long)conform->setting.seed),
        .document = write_document(clause)};
}

static size_t count_chosen(const struct conform_options *options)
{
    size_t count = 0;

    for (size_t i = 0; i < options->clauses->count; i++)
        count += conform_is_chosen(options, &options->clauses->items[i]);
    return count;
}

static void make_tasks(struct conform *conform)
{
    const struct conform_options *options = conform->options;
    struct conformance *result = conform->result;
    size_t count = count_chosen(options);

    conform->tasks = memory_new(count, sizeof(*conform->tasks));
    result->clauses = memory_new(count, sizeof(*result->clauses));
    for (size_t i = 0; i < options->clauses->count; i++) {
        const struct clause *clause = &options->clauses->items[i];
        struct conform_task *task = &conform->tasks[conform->task_count];

        if (!conform_is_chosen(options, clause))
            continue;
        task->setting = &conform->setting;
        task->clause = clause;
        task->entry = &result->clauses[result->clause_count++];
        conform->task_count++;
        describe_clause(conform, clause, task->entry);
        conform_bind(conform, task);
    }
}

/* --- The whole ------------------------------------------------------------------------------- */

static int perform(struct conform *conform, struct error *reterr)
{
    uint64_t begin_ns;

    conform->desk = conform_desk_new(conform, reterr);
    if (!conform->desk || open_server(conform, reterr) < 0 ||
        conform_desk_ask(conform->desk, reterr) < 0)
        return -1;
    begin_ns = conform_desk_now_ns(conform->desk);
    conform->result->started = time_iso(conform_desk_wall_ns(conform->desk));
    make_tasks(conform);
    if (conform_play(conform, conform->tasks, conform->task_count, reterr) < 0)
        return -1;
    conform_derive(conform);
    conform_stand(conform);
    if (!conform->result->is_chosen && !conform->result->is_partial &&
        conform_probe(conform, reterr) < 0)
        return -1;
    conform->result->elapsed_ns = conform_desk_now_ns(conform->desk) - begin_ns;
    conformance_judge(conform->result);
    return 0;
}

static void release(struct conform *conform)
{
    server_free(conform->setting.server);
    conform_desk_free(conform->desk);
    for (size_t i = 0; i < conform->task_count; i++)
        conform_task_release(&conform->tasks[i]);
    free(conform->tasks);
    conform_release_settings(conform);
}

/* Everything that follows takes the server's address for one that was given. */
static int spawn_server(struct conform *conform, struct conform_options *options, char **ret_uri,
                        struct error *reterr)
{
    if (!options->spawn)
        return 0;
    if (options->adapter->traits & ADAPTER_TRAIT_IN_PROCESS)
        return error_set(reterr, ERROR_USAGE,
                         "adapter %s has its broker in this process: there is no server to spawn",
                         options->adapter->name);
    conform->setting.server = broker_server_spawn(options->spawn, reterr);
    if (!conform->setting.server)
        return -1;
    *ret_uri = broker_server_uri(conform->setting.server, options->spawn, options->adapter->name,
                                 options->uri);
    options->uri = options->uri_shown = *ret_uri;
    conform->is_spawned = true;
    return 0;
}

int conform_run(const struct conform_options *options, struct conformance **ret_conformance,
                struct error *reterr)
{
    struct conform_options own = *options;
    struct conform conform = {.options = &own, .adapter = options->adapter};
    char *uri = NULL;
    int result = -1;

    if (conform_check(options, reterr) < 0)
        return -1;
    if (spawn_server(&conform, &own, &uri, reterr) < 0)
        return -1;
    conform.result = memory_new(1, sizeof(*conform.result));
    choose_world(&conform);
    choose_luck(&conform);
    describe_run(&conform);
    if (conform_read_settings(&conform, reterr) == 0) {
        fill_setting(&conform);
        result = perform(&conform, reterr);
    }
    release(&conform);
    free(uri);
    if (result == 0)
        *ret_conformance = conform.result;
    else
        conformance_free(conform.result);
    return result;
}
