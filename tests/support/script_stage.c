/* script_stage.c: scripts written as YAML, played in virtual time. */
#include "support/script_stage.h"

#include "support/unit.h"

#include <string.h>

#include "base/memory.h"
#include "registry.h"
#include "scenario/clause_file.h"

void stage_parse(const char *yaml, struct tree *ret_steps)
{
    struct document document = {.file = "steps.yaml", .takes_nul = true};
    struct error error = {0};
    struct node *root;

    if (document_parse(&document, "steps.yaml", yaml, strlen(yaml), &root, &error) < 0 ||
        node_tree(root, "the steps", ret_steps, &error) < 0)
        fail_msg("line %d: %s in\n%s", error.place.line, error.message, yaml);
    document_release(&document);
}

/* --- The world ------------------------------------------------------------------------------- */

static const struct endpoint_broker *open_instance(void *context, struct error *reterr)
{
    struct stage *stage = context;
    struct instance *instance = &stage->instances[stage->instance_count];
    struct instance_plan plan = {.adapter = stage->adapter,
                                 .name = "broker",
                                 .options = stage->options,
                                 .option_count = stage->option_count,
                                 .number = (uint32_t)stage->instance_count};

    assert_true(stage->instance_count < STAGE_INSTANCES_MAX);
    if (instance_open(instance, &plan, &stage->place, reterr) < 0)
        fail_msg("no instance: %s", reterr->message);
    instance->endpoint.declared &= ~stage->undeclared;
    stage->instance_count++;
    return &instance->endpoint;
}

static void close_instance(void *context, const struct endpoint_broker *broker)
{
    struct stage *stage = context;

    (void)broker;
    stage->closed_count++;
}

static int tell_server(void *context, const char *verb, struct error *reterr)
{
    struct stage *stage = context;

    if (strcmp(verb, "stop") == 0)
        return error_set(reterr, ERROR_SYSTEM, "the server cannot be stopped");
    text_appendf(&stage->told_server, "%s ", verb);
    return 0;
}

static void on_trace(void *context, const char *line)
{
    struct stage *stage = context;

    text_appendf(&stage->trace, "%s\n", line);
}

void stage_open(struct stage *stage, const struct broker_adapter *adapter,
                const struct scenario_option *options, size_t option_count)
{
    *stage = (struct stage){.adapter = adapter, .options = options, .option_count = option_count};
    stage->place = (struct endpoint_place){
        .loop = loop_simulated_new(), .dialer = link_dialer_simulated_new(1000), .seed = 7};
    stage->world = (struct script_world){.context = stage,
                                         .open_instance = open_instance,
                                         .close_instance = close_instance,
                                         .server = tell_server};
    stage->plan = (struct script_plan){.steps = &stage->steps,
                                       .place = &stage->place,
                                       .world = &stage->world,
                                       .prefix = "run:1:",
                                       .seed = 7,
                                       .call_timeout_ns = 1000000000,
                                       .limit_ns = 30000000000,
                                       .late_factor = 10,
                                       .trace = on_trace,
                                       .trace_context = stage};
}

/* --- Playing --------------------------------------------------------------------------------- */

static void on_ended(void *context, const struct script_result *result)
{
    struct stage *stage = context;

    assert_null(stage->result);
    stage->result = result;
    loop_stop(stage->place.loop);
}

static void forget_script(struct stage *stage)
{
    script_free(stage->script);
    stage->script = NULL;
    stage->result = NULL;
    tree_release(&stage->steps);
    text_clear(&stage->trace);
}

void stage_start(struct stage *stage, const char *yaml)
{
    struct error error = {0};

    forget_script(stage);
    stage_parse(yaml, &stage->steps);
    if (script_check(&stage->steps, &error) < 0)
        fail_msg("line %d: %s in\n%s", error.place.line, error.message, yaml);
    if (stage->instance_count == 0)
        open_instance(stage, &error);
    stage->plan.broker = &stage->instances[0].endpoint;
    stage->script = script_start(&stage->plan, on_ended, stage);
}

const struct script_result *stage_play(struct stage *stage, const char *yaml)
{
    stage_start(stage, yaml);
    loop_run(stage->place.loop);
    assert_non_null(stage->result);
    return stage->result;
}

static void on_turn(void *context)
{
    loop_stop(context);
}

void stage_turn(struct stage *stage)
{
    loop_post(stage->place.loop, on_turn, stage->place.loop);
    loop_run(stage->place.loop);
}

void stage_close(struct stage *stage)
{
    forget_script(stage);
    for (size_t i = stage->instance_count; i-- > 0;)
        instance_close(&stage->instances[i]);
    link_dialer_free(stage->place.dialer);
    loop_free(stage->place.loop);
    text_release(&stage->trace);
    text_release(&stage->told_server);
}

/* --- In one line ----------------------------------------------------------------------------- */

static void compare(const struct script_result *result, const char *yaml,
                    enum script_verdict verdict, const char *reason_part)
{
    const char *reason = result->reason ? result->reason : "(none)";

    if (result->verdict != verdict || (reason_part && !strstr(reason, reason_part)))
        fail_msg("verdict %d, reason: %s\nwanted %d with: %s\nin:\n%s", (int)result->verdict,
                 reason, (int)verdict, reason_part ? reason_part : "(none)", yaml);
}

void stage_expect(const char *yaml, enum script_verdict verdict, const char *reason_part)
{
    struct stage stage;

    stage_open(&stage, registry_find("inline", NULL), NULL, 0);
    compare(stage_play(&stage, yaml), yaml, verdict, reason_part);
    stage_close(&stage);
}

void stage_expect_pass(const char *yaml)
{
    stage_expect(yaml, SCRIPT_PASS, NULL);
}
