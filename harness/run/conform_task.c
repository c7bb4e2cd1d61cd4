/* conform_task.c: rounds of one clause, each a chain of turns of the loop: open, script, empty,
   close. */
#include "run/conform_task.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "base/uri.h"
#include "link/proxy_thread.h"
#include "port.h"
#include "run/broker_proxy.h"
#include "run/conform.h"

#define CALL_TIMEOUT_NS  1000000000u
#define EMPTY_TIMEOUT_NS 5000000000u
#define LATE_FACTOR      10u
#define PROBE_LIMIT_NS   2000000000u
#define BROKER_NAME      "broker"
#define FOREVER_NS       1000000000000000000u

static void begin_round(void *context);

/* --- Verdicts -------------------------------------------------------------------------------- */

void conform_task_decide(struct conform_task *task, enum conformance_verdict verdict,
                         const char *format, ...)
{
    struct conformance_clause *entry = task->entry;
    struct text text = {0};
    va_list arguments;

    va_start(arguments, format);
    text_appendv(&text, format, arguments);
    va_end(arguments);
    free(entry->reason);
    entry->verdict = verdict;
    entry->reason = memory_string(text_string(&text));
    text_release(&text);
}

static void take_evidence(struct conformance_clause *entry, const struct script_result *result)
{
    for (size_t i = 0; i < entry->evidence_count; i++)
        free(entry->evidence[i]);
    free(entry->evidence);
    entry->evidence = memory_new(result->evidence_count + 1, sizeof(*entry->evidence));
    entry->evidence_count = result->evidence_count;
    for (size_t i = 0; i < result->evidence_count; i++)
        entry->evidence[i] = memory_string(result->evidence[i]);
}

/* A clause of several rounds fails when one does, and is undecided only when all are. */
static void take_result(struct conform_task *task, const struct script_result *result)
{
    struct conformance_clause *entry = task->entry;
    const char *reason = result->reason ? result->reason : "no reason given";

    entry->round_count++;
    entry->call_count += result->call_count;
    entry->check_count += result->check_count;
    entry->overlap_count += result->overlap_count;
    task->timeout_count += result->timeout_count;
    entry->elapsed_ns += result->elapsed_ns;
    if (result->verdict == SCRIPT_PASS && result->check_count > 0) {
        task->passed_count++;
        return;
    }
    if (result->verdict != SCRIPT_FAIL && task->passed_count > 0)
        return;
    take_evidence(entry, result);
    free(entry->place);
    entry->place =
        memory_format("%s:%d", result->place.file ? result->place.file : task->clause->place.file,
                      result->place.line ? result->place.line : task->clause->place.line);
    if (result->verdict == SCRIPT_FAIL)
        conform_task_decide(task, CONFORMANCE_FAIL, "%s", reason);
    else
        conform_task_decide(task, CONFORMANCE_INCONCLUSIVE, "%s",
                            result->verdict == SCRIPT_PASS ? "nothing was checked" : reason);
}

static bool has_failed(const struct conform_task *task)
{
    return task->entry->verdict == CONFORMANCE_FAIL;
}

/* A race that nobody ran: its sessions were never at work at the same time. */
static bool is_raceless(const struct conform_task *task)
{
    return task->entry->is_race && task->passed_count > 0 && task->entry->overlap_count == 0;
}

/* What the entry says once all rounds are over. */
static void settle(struct conform_task *task)
{
    struct conformance_clause *entry = task->entry;

    if (task->is_aborted) {
        conform_task_decide(task, CONFORMANCE_NOT_RUN, "interrupted");
    } else if (is_raceless(task) && !has_failed(task)) {
        conform_task_decide(task, CONFORMANCE_INCONCLUSIVE,
                            "nothing raced: no call met one of another session");
    } else if (task->passed_count > 0 && !has_failed(task)) {
        entry->verdict = CONFORMANCE_PASS;
        free(entry->reason);
        entry->reason = NULL;
    }
}

/* --- Instances ------------------------------------------------------------------------------- */

static bool has_option(const struct schema *schema, const char *key)
{
    for (size_t i = 0; i < schema->option_count; i++)
        if (strcmp(schema->options[i].key, key) == 0)
            return true;
    return false;
}

struct scenario_option *conform_task_options(const struct conform_setting *setting,
                                             const struct clause *clause, size_t *ret_count)
{
    size_t count = setting->option_count;
    struct scenario_option *options =
        memory_new(count + clause->option_count + 1, sizeof(*options));

    for (size_t i = 0; i < count; i++)
        options[i] = setting->options[i];
    for (size_t i = 0; i < clause->option_count; i++)
        if (has_option(setting->schema, clause->options[i].key))
            options[count++] = (struct scenario_option){.key = clause->options[i].key,
                                                        .text = clause->options[i].text,
                                                        .place = clause->options[i].place};
    *ret_count = count;
    return options;
}

static const struct endpoint_broker *open_instance(struct conform_task *task, struct error *reterr)
{
    struct conform_instance *instance = memory_new(1, sizeof(*instance));
    struct instance_plan plan = {.adapter = task->setting->adapter,
                                 .name = BROKER_NAME,
                                 .uri = task->proxy ? task->proxy_uri : task->setting->uri,
                                 .number = (uint32_t)task->instance_count,
                                 .decorator = task->setting->decorator,
                                 .is_threaded = task->clause->is_real && !task->is_virtual};
    struct scenario_option *options =
        conform_task_options(task->setting, task->clause, &plan.option_count);
    int result;

    plan.options = options;
    result = instance_open(&instance->made, &plan, &task->place, reterr);
    free(options);
    if (result < 0) {
        instance_close(&instance->made);
        free(instance);
        return NULL;
    }
    instance->profile = conform_profile(instance->made.endpoint.profile, task->setting->profile);
    instance->made.endpoint.profile = &instance->profile;
    instance->made.endpoint.declared &= ~task->removed;
    instance->made.endpoint.declared |= task->added;
    task->instances =
        memory_grow(task->instances, task->instance_count + 1, sizeof(*task->instances));
    task->instances[task->instance_count++] = instance;
    return &instance->made.endpoint;
}

static const struct endpoint_broker *on_open_instance(void *context, struct error *reterr)
{
    return open_instance(context, reterr);
}

/* It stays until the round is over: only the instance knows what it has named, and must remove. */
static void on_close_instance(void *context, const struct endpoint_broker *broker)
{
    (void)context, (void)broker;
}

static int on_server(void *context, const char *verb, struct error *reterr)
{
    struct conform_task *task = context;

    if (task->standin)
        return task->setting->standin->drive(task->standin, verb, reterr);
    return server_do(task->setting->server, server_word_find(verb), reterr);
}

static void close_instances(struct conform_task *task)
{
    for (size_t i = 0; i < task->instance_count; i++) {
        instance_close(&task->instances[i]->made);
        free(task->instances[i]);
    }
    free(task->instances);
    task->instances = NULL;
    task->instance_count = 0;
}

/* --- The end of a round ---------------------------------------------------------------------- */

/* Who dials by himself is given the address of a proxy.  Without one nothing is disturbed, which
   the clause then says. */
static void open_proxy(struct conform_task *task)
{
    struct proxy_thread_plan plan = {.faults = task->faults, .name = BROKER_NAME};
    const char *uri = task->setting->uri, *why;
    struct error ignored = {0};
    char *target;

    if (broker_proxy_target(uri, &target, &why) < 0)
        return;
    plan.target = target;
    task->proxy = proxy_thread_open(&plan, &ignored);
    free(target);
    if (task->proxy)
        task->proxy_uri = uri_relocate(uri, "127.0.0.1", proxy_thread_port(task->proxy));
}

/* Clauses whose sessions have equal names run side by side: each has links of its own. */
static void open_links(struct conform_task *task)
{
    const struct link_faults_plan plan = {.seed = task->place.seed, .reads_frames = true};

    if (!conform_steps_use(&task->steps, "link"))
        return;
    task->faults = link_faults_new(&plan);
    task->place.faults = task->faults;
    task->place.dialer = link_dialer_faulty_new(
        task->standin ? task->place.dialer : link_dialer_real_new(), task->faults);
    if (!(task->setting->adapter->traits & ADAPTER_TRAIT_DIALS))
        open_proxy(task);
}

static void close_links(struct conform_task *task)
{
    if (!task->faults)
        return;
    link_dialer_free(task->place.dialer);
    proxy_thread_close(task->proxy);
    link_faults_free(task->faults);
    free(task->proxy_uri);
    task->faults = NULL;
    task->proxy = NULL;
    task->proxy_uri = NULL;
}

/* The server that stands in ends before its dialer. */
bool conform_task_leave_dialer(struct conform_task *task)
{
    bool was_taken = task->faults != NULL;

    close_links(task);
    return was_taken;
}

static void finish(struct conform_task *task)
{
    settle(task);
    task->is_running = false;
    if (!task->standin)
        close_links(task);
    if (task->setting->server && conform_steps_use(&task->steps, "server"))
        server_revive(task->setting->server);
    task->over(task, task->over_context);
}

static void end_round(void *context)
{
    struct conform_task *task = context;
    bool is_last = task->entry->round_count >= task->clause->rounds || task->is_broken;

    close_instances(task);
    free(task->prefix);
    task->prefix = NULL;
    if (is_last || has_failed(task) || task->is_aborted)
        finish(task);
    else
        begin_round(task);
}

/* --- Emptying: each instance removes what it named ------------------------------------------- */

static void empty_next(void *context);

static void end_control(void *context)
{
    struct conform_task *task = context;

    endpoint_close(&task->control);
    task->emptying++;
    empty_next(task);
}

static void on_emptied(struct adapter_call *call, const struct adapter_result *result)
{
    struct conform_task *task = call->context;

    (void)result; /* what stays is named after the run: it can be found and removed by hand */
    loop_post(task->place.loop, end_control, task);
}

static bool is_worth_emptying(const struct conform_task *task)
{
    const struct broker_adapter *adapter = task->setting->adapter;

    return !(adapter->traits & ADAPTER_TRAIT_IN_PROCESS) &&
           port_has(adapter, ADAPTER_OP_DATA_RESET);
}

static void empty_next(void *context)
{
    struct conform_task *task = context;
    struct error ignored = {0};

    if (task->emptying >= task->instance_count || !is_worth_emptying(task)) {
        end_round(task);
        return;
    }
    if (endpoint_open(&task->control, &task->instances[task->emptying]->made.endpoint, &task->place,
                      "control", NULL, &ignored) < 0) {
        task->emptying++;
        loop_post(task->place.loop, empty_next, task);
        return;
    }
    task->call =
        (struct adapter_call){.struct_size = sizeof(task->call),
                              .operation = ADAPTER_OP_DATA_RESET,
                              .deadline_ns = loop_now_ns(task->place.loop) + EMPTY_TIMEOUT_NS,
                              .done = on_emptied,
                              .context = task};
    endpoint_start(&task->control, &task->call);
}

/* --- The script ------------------------------------------------------------------------------ */

static void after_script(void *context)
{
    struct conform_task *task = context;

    script_free(task->script);
    task->script = NULL;
    if (task->faults)
        link_faults_heal(task->faults, task->place.loop, NULL);
    task->emptying = 0;
    empty_next(task);
}

static void on_ended(void *context, const struct script_result *result)
{
    struct conform_task *task = context;

    if (task->is_leaving)
        return;
    task->is_leaving = true;
    take_result(task, result);
    loop_post(task->place.loop, after_script, task);
}

static void on_trace(void *context, const char *line)
{
    struct conform_task *task = context;

    task->setting->trace(task->setting->context, task->clause->id, line);
}

/* Nobody waits long for what was never promised. */
static uint64_t limit_of(const struct conform_task *task)
{
    uint64_t limit_ns = task->clause->limit_ns;

    if (task->setting->no_timeouts)
        return FOREVER_NS;
    return task->added && limit_ns > PROBE_LIMIT_NS ? PROBE_LIMIT_NS : limit_ns;
}

static void plan_script(struct conform_task *task, const struct endpoint_broker *broker)
{
    const struct conform_setting *setting = task->setting;
    uint64_t round = task->entry->round_count;

    task->prefix = memory_format("gauntlet:%08x:%s.%llu:", setting->run, task->clause->id,
                                 (unsigned long long)round + 1);
    task->world =
        (struct script_world){.context = task,
                              .open_instance = on_open_instance,
                              .close_instance = on_close_instance,
                              .server = setting->server || task->standin ? on_server : NULL};
    task->plan =
        (struct script_plan){.steps = &task->steps,
                             .broker = broker,
                             .place = &task->place,
                             .world = &task->world,
                             .prefix = task->prefix,
                             .seed = random_keyed(setting->seed, random_key(task->clause->id),
                                                  random_key("round"), round),
                             .call_timeout_ns = setting->no_timeouts ? FOREVER_NS : CALL_TIMEOUT_NS,
                             .limit_ns = limit_of(task),
                             .late_factor = task->added ? 1 : LATE_FACTOR,
                             .kills = conform_needs_world(task->clause, "child"),
                             .trace = setting->trace ? on_trace : NULL,
                             .trace_context = task};
}

static void begin_round(void *context)
{
    struct conform_task *task = context;
    const struct endpoint_broker *broker;
    struct error error = {0};

    task->is_leaving = false;
    broker = task->is_aborted ? NULL : open_instance(task, &error);
    if (!broker) {
        task->is_broken = true;
        conform_task_decide(task, CONFORMANCE_INCONCLUSIVE, "no instance of the adapter: %s",
                            error.message);
        end_round(task);
        return;
    }
    plan_script(task, broker);
    task->script = script_start(&task->plan, on_ended, task);
}

void conform_task_start(struct conform_task *task, const struct endpoint_place *place,
                        void (*over)(struct conform_task *task, void *context), void *context)
{
    struct conformance_clause *entry = task->entry;

    task->place = *place;
    task->place.seed = random_keyed(task->setting->seed, random_key(task->clause->id), 0, 0);
    open_links(task);
    task->over = over;
    task->over_context = context;
    task->passed_count = task->gap_ns_max = task->timeout_count = 0;
    task->is_running = true;
    entry->verdict = CONFORMANCE_INCONCLUSIVE;
    entry->round_count = entry->call_count = entry->check_count = entry->elapsed_ns = 0;
    entry->overlap_count = 0;
    entry->attempt_count++;
    entry->is_virtual = task->is_virtual;
    loop_post(place->loop, begin_round, task);
}

void conform_task_abort(struct conform_task *task)
{
    if (!task->is_running || task->is_aborted)
        return;
    task->is_aborted = true;
    if (!task->script || task->is_leaving)
        return;
    task->is_leaving = true;
    loop_post(task->place.loop, after_script, task);
}

void conform_task_drop(struct conform_task *task)
{
    script_free(task->script);
    task->script = NULL;
    endpoint_close(&task->control);
    close_instances(task);
    free(task->prefix);
    task->prefix = NULL;
    if (!task->standin)
        close_links(task);
    task->is_running = false;
}

void conform_task_release(struct conform_task *task)
{
    tree_release(&task->steps);
}
