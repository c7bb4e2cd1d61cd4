/* script_link.c: the step `link`: what is done to the links of a session, and taken back. */
#include <stdlib.h>
#include <string.h>

#include "actors/script_check.h"
#include "actors/script_control.h"
#include "actors/script_link.h"
#include "base/memory.h"
#include "base/quantity.h"

/* --- Words ----------------------------------------------------------------------------------- */

static int set_edge(struct link_match *match, const char *text, struct error *reterr)
{
    static const struct {
        const char *word;
        enum link_edge edge;
    } edges[] = {{"connect", LINK_EDGE_CONNECT},
                 {"request", LINK_EDGE_REQUEST},
                 {"reply", LINK_EDGE_REPLY},
                 {"mid_reply", LINK_EDGE_MID_REPLY}};

    for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
        if (strcmp(edges[i].word, text) == 0) {
            match->edge = edges[i].edge;
            return 0;
        }
    return error_set(reterr, ERROR_SCENARIO,
                     "'%s' is no edge: say connect, request, reply or mid_reply", text);
}

static int set_count(uint64_t *number, const char *text, struct error *reterr)
{
    int64_t value;

    if (integer_parse(text, &value, reterr) < 0)
        return -1;
    if (value < 0)
        return error_set(reterr, ERROR_SCENARIO, "'%s' is less than nothing", text);
    *number = (uint64_t)value;
    return 0;
}

/* What is about the match; the texts live in `plan`. */
static bool set_match(struct script_link_plan *plan, const char *key, char *text, int *ret_result,
                      struct error *reterr)
{
    struct link_match *match = &plan->rule.match;
    uint64_t attempt = 0;

    *ret_result = 0;
    if (strcmp(key, "session") == 0) {
        match->link = plan->session = memory_string(text);
    } else if (strcmp(key, "op") == 0) {
        match->op = plan->op = memory_string(text);
    } else if (strcmp(key, "carries") == 0) {
        match->carries = plan->carries = memory_string(text);
    } else if (strcmp(key, "edge") == 0) {
        *ret_result = set_edge(match, text, reterr);
    } else if (strcmp(key, "times") == 0) {
        *ret_result = set_count(&match->times, text, reterr);
    } else if (strcmp(key, "skip") == 0) {
        *ret_result = set_count(&match->skip, text, reterr);
    } else if (strcmp(key, "attempt") == 0) {
        *ret_result = set_count(&attempt, text, reterr);
        match->attempt = (uint32_t)attempt;
    } else {
        return false;
    }
    return true;
}

/* `drop: reply` is the fault drop_reply. */
static int set_fault(struct script_link_plan *plan, const char *key, const char *text,
                     struct error *reterr)
{
    char *word;
    int result;

    if (plan->rule.action.fault)
        return link_action_set(&plan->rule.action, key, text, reterr);
    if (strcmp(key, "drop") != 0)
        return link_action_init(&plan->rule.action, key, text, reterr);
    if (strcmp(text, "request") != 0 && strcmp(text, "reply") != 0)
        return error_set(reterr, ERROR_SCENARIO, "'%s' is nothing to drop: say request or reply",
                         text);
    word = memory_format("drop_%s", text);
    result = link_action_init(&plan->rule.action, word, NULL, reterr);
    free(word);
    return result;
}

static bool is_fault(const char *key)
{
    return strcmp(key, "drop") == 0 || link_fault_find(key, NULL);
}

static char *text_of(const struct script_sight *sight, const struct tree *tree,
                     struct error *reterr)
{
    if (tree->kind != TREE_SCALAR) {
        error_set_at(reterr, tree->place, "%s wants one word", tree->key);
        return NULL;
    }
    return sight ? sight_text(sight, tree, reterr) : memory_string(tree->text);
}

static int take_argument(struct script_link_plan *plan, const struct script_sight *sight,
                         const struct tree *tree, bool faults, struct error *reterr)
{
    char *text = text_of(sight, tree, reterr);
    int result = 0;

    if (!text)
        return -1;
    if (strcmp(tree->key, "heal") == 0)
        plan->heals = true;
    else if (is_fault(tree->key) == faults &&
             (faults || !set_match(plan, tree->key, text, &result, reterr)))
        result = set_fault(plan, tree->key, text, reterr);
    free(text);
    if (result < 0 && reterr && reterr->place.line == 0)
        reterr->place = tree->place;
    return result;
}

/* The fault first: other keys may be its options. */
int script_link_read(const struct tree *arguments, const struct script_sight *sight,
                     struct script_link_plan *plan, struct error *reterr)
{
    *plan = (struct script_link_plan){0};
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < arguments->count; i++)
            if (take_argument(plan, sight, &arguments->children[i], pass == 0, reterr) < 0)
                return -1;
    if (!plan->heals && !plan->rule.action.fault)
        return error_set_at(reterr, arguments->place,
                            "link wants a fault, as in {session: w1, op: ack, drop: reply}, or "
                            "heal: true");
    return 0;
}

void script_link_release(struct script_link_plan *plan)
{
    free(plan->session);
    free(plan->op);
    free(plan->carries);
    link_action_release(&plan->rule.action);
    *plan = (struct script_link_plan){0};
}

int script_check_link(const struct tree *arguments, struct error *reterr)
{
    struct script_link_plan plan;
    int result;

    if (arguments->kind != TREE_MAP)
        return error_set_at(reterr, arguments->place,
                            "link wants a map: {session: w1, op: ack, drop: reply}");
    if (script_check_has_names(arguments)) /* values are not known yet */
        return 0;
    result = script_link_read(arguments, NULL, &plan, reterr);
    script_link_release(&plan);
    return result;
}

/* --- Doing it -------------------------------------------------------------------------------- */

static void remember(struct script *script, uint32_t number, const struct tree *arguments)
{
    script->links = memory_grow(script->links, script->link_count + 1, sizeof(*script->links));
    script->links[script->link_count++] = (struct script_link){number, arguments};
}

/* Links of an adapter that dials by itself cannot be told apart: those of one session are those of
   its broker. */
static void name_links(const struct script *script, struct script_link_plan *plan)
{
    const struct endpoint_broker *broker = script->plan.broker;

    if (plan->session && !(broker->adapter->traits & ADAPTER_TRAIT_DIALS))
        plan->rule.match.link = broker->name;
}

static enum script_turn disturb(struct script_flow *flow, const struct tree *arguments,
                                struct script_link_plan *plan)
{
    struct script *script = flow->script;
    struct link_faults *faults = script->plan.place->faults;
    const char *session = plan->session ? plan->session : "every session";
    struct error error = {0};
    uint32_t number;

    name_links(script, plan);
    if (plan->heals) {
        link_faults_heal(faults, script->loop, plan->rule.match.link);
        script_evidence_note(script, "links of %s healed", session);
        return SCRIPT_GOES_ON;
    }
    number = link_faults_arm(faults, script->loop, &plan->rule, &error);
    if (!number)
        return script_break(flow, &error);
    remember(script, number, arguments);
    script_evidence_note(script, "links of %s: %s%s%s", session,
                         link_fault_word(plan->rule.action.fault), plan->op ? ", at " : "",
                         plan->op ? plan->op : "");
    return SCRIPT_GOES_ON;
}

enum script_turn script_begin_link(struct script_flow *flow, const struct tree *arguments)
{
    struct script_sight sight = script_flow_sight(flow);
    struct script_link_plan plan;
    struct error error = {0};
    enum script_turn turn;

    if (!flow->script->plan.place->faults) {
        script_decide(flow->script, SCRIPT_INCONCLUSIVE, arguments->place,
                      "nothing stands between this broker and its adapter that could disturb the "
                      "link");
        return SCRIPT_WAITS;
    }
    if (script_link_read(arguments, &sight, &plan, &error) == 0)
        turn = disturb(flow, arguments, &plan);
    else
        turn = script_break(flow, &error);
    script_link_release(&plan);
    return turn;
}

/* A clause whose fault never came about has proved nothing. */
const struct tree *script_link_idle(const struct script *script)
{
    for (size_t i = 0; i < script->link_count; i++)
        if (link_faults_fired(script->plan.place->faults, script->links[i].number) == 0)
            return script->links[i].step;
    return NULL;
}
