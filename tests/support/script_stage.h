/* script_stage.h: scripts written as YAML, played against an adapter in virtual time. */
#ifndef SUPPORT_SCRIPT_STAGE_H
#define SUPPORT_SCRIPT_STAGE_H

#include "actors/script.h"
#include "base/text.h"
#include "run/instance.h"

enum { STAGE_INSTANCES_MAX = 8 };

struct stage {
    const struct broker_adapter *adapter;
    const struct scenario_option *options;
    size_t option_count;
    struct endpoint_place place;
    struct instance instances[STAGE_INSTANCES_MAX]; /* the first one is the script's `a` */
    size_t instance_count, closed_count;            /* of those the script asked for */
    struct script_world world;
    struct script_plan plan;
    struct tree steps;
    struct script *script;
    const struct script_result *result; /* NULL until it ended */
    struct text trace;                  /* every line of it */
    struct text told_server;            /* "kill stop " */
    uint32_t undeclared;                /* taken from what the broker declares */
};

/* The steps as a tree; asserts that it is YAML.  Release with tree_release. */
void stage_parse(const char *yaml, struct tree *ret_steps);
/* A world in virtual time with one instance of an adapter; options are borrowed. */
void stage_open(struct stage *stage, const struct broker_adapter *adapter,
                const struct scenario_option *options, size_t option_count);
/* Check and play; the result lives until the next play. */
const struct script_result *stage_play(struct stage *stage, const char *yaml);
/* Begin only; stage->result is set once the loop has run that far. */
void stage_start(struct stage *stage, const char *yaml);
/* Let the loop do what is due now, once. */
void stage_turn(struct stage *stage);
void stage_close(struct stage *stage);

/* Play on a fresh inline broker and compare: reason NULL for a pass, otherwise a part of it. */
void stage_expect_pass(const char *yaml);
void stage_expect(const char *yaml, enum script_verdict verdict, const char *reason_part);

#endif
