/* fault.c: `faults`: a list of what is done when; names, order and what must agree. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/actor.h"
#include "scenario/fault_read.h"
#include "scenario/names.h"
#include "scenario/tables.h"

static const struct schema_option OPTIONS[] = {
    {"name", SCHEMA_TEXT, NULL, 0, 0, NULL, "for 'after', reports and charts"},
    {"when", SCHEMA_TEXT, NULL, 0, 0, NULL, "the trigger; the start of the producers unless given"},
    {"do", SCHEMA_TEXT, NULL, 0, 0, NULL, "to whom, and what"},
    {"expected", SCHEMA_BOOLEAN, NULL, 0, 0, "true",
     "a run in which it never happened is inconclusive"},
    {"timeline", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "a list of {at: 1s, for: 500ms, ...what}: instead of 'when' and 'do'"},
    {"chaos", SCHEMA_TEXT, NULL, 0, 0, NULL, "a menu to draw from: instead of 'when' and 'do'"},
};

static const struct schema SCHEMA = {"fault", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};

const struct schema *scenario_schema_fault(void)
{
    return &SCHEMA;
}

static const struct field FIELDS[] = {
    {"name", field_text, offsetof(struct scenario_fault, name), false},
    {"when", NULL, 0, false},
    {"do", NULL, 0, false},
    {"expected", field_boolean, offsetof(struct scenario_fault, is_expected), false},
    {"timeline", NULL, 0, false},
    {"chaos", NULL, 0, false},
};

static const struct form FORM = {&SCHEMA, "a fault", FIELDS, sizeof(FIELDS) / sizeof(FIELDS[0])};

struct scenario_fault *fault_add(struct loader *loader, struct source_place place)
{
    struct scenario *scenario = loader->scenario;
    struct scenario_fault *fault;

    scenario->faults =
        memory_grow(scenario->faults, scenario->fault_count + 1, sizeof(*scenario->faults));
    fault = &scenario->faults[scenario->fault_count++];
    *fault = (struct scenario_fault){
        .when = {.after = SCENARIO_NO_FAULT, .place = place}, .is_expected = true, .place = place};
    return fault;
}

static bool is_among(const char *key, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

static struct node *pick(struct loader *loader, const struct node *node, const char *const *keys,
                         size_t count, bool keeps)
{
    struct node *picked = node_new(&loader->document, NODE_MAPPING, node->place);

    for (size_t i = 0; i < node->count; i++)
        if (is_among(node->keys[i].text, keys, count) == keeps)
            node_append(picked, &node->keys[i], node->items[i]);
    return picked;
}

struct node *fault_without(struct loader *loader, const struct node *node, const char *const *keys,
                           size_t count)
{
    return pick(loader, node, keys, count, false);
}

struct node *fault_only(struct loader *loader, const struct node *node, const char *const *keys,
                        size_t count)
{
    return pick(loader, node, keys, count, true);
}

int fault_check(struct loader *loader, const struct scenario_fault *fault,
                const struct scenario_fault_word *word)
{
    bool has_event = fault_has_event(&fault->when);

    if (fault->when.for_ns && !word->lasts)
        return error_set_at(loader->reterr, fault->when.place,
                            "'for' has no meaning with '%s': it is done in a moment", word->word);
    if (word->needs_event && !has_event)
        return error_set_at(loader->reterr, fault->place,
                            "'%s' is done to one exchange: say which in 'when', such as {op: "
                            "read, edge: reply}",
                            word->word);
    if (fault->name)
        return names_check(loader, "a fault", fault->name, fault->place);
    return 0;
}

static int read_plain(struct loader *loader, const struct node *node)
{
    const struct node *when = node_get(node, "when"), *action = node_get(node, "do");
    struct scenario_fault *fault = fault_add(loader, node->place);
    const struct scenario_fault_word *word = NULL;

    if (fields_read(loader, &FORM, node, fault) != 0)
        return -1;
    if (!action)
        return error_set_at(loader->reterr, node->place,
                            "a fault needs 'do' (to whom, and what), 'timeline' or 'chaos'");
    if ((when && fault_read_when(loader, when, &fault->when) != 0) ||
        fault_read_do(loader, action, &fault->when, &fault->action, &word) != 0)
        return -1;
    return fault_check(loader, fault, word);
}

static int read_short(struct loader *loader, const struct node *node, const char *key,
                      int (*read)(struct loader *loader, const struct node *node))
{
    if (node->count != 1)
        return error_set_at(loader->reterr, node->place,
                            "'%s' stands alone: give each other fault an entry of its own", key);
    return read(loader, node_get(node, key));
}

static int read_fault(struct loader *loader, const struct node *node)
{
    if (node->kind != NODE_MAPPING)
        return error_set_at(loader->reterr, node->place,
                            "a fault is a mapping, such as {when: {at: 1s}, do: {link: billing, "
                            "cut: rst}}, not %s",
                            node->is_null ? "nothing" : node_describe(node));
    if (node_get(node, "timeline"))
        return read_short(loader, node, "timeline", fault_read_timeline);
    if (node_get(node, "chaos"))
        return read_short(loader, node, "chaos", fault_read_chaos);
    return read_plain(loader, node);
}

/* --- Names ----------------------------------------------------------------------------------- */

static size_t find_fault(const struct scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->fault_count; i++)
        if (scenario->faults[i].name && strcmp(scenario->faults[i].name, name) == 0)
            return i;
    return SCENARIO_NO_FAULT;
}

static int refuse_after(struct loader *loader, const struct scenario_trigger *when)
{
    const struct scenario *scenario = loader->scenario;
    const char **names = memory_new(scenario->fault_count + 1, sizeof(*names));
    char suggestion[240];
    size_t count = 0;

    for (size_t i = 0; i < scenario->fault_count; i++)
        if (scenario->faults[i].name)
            names[count++] = scenario->faults[i].name;
    (void)fields_suggest(when->after_name, names, count, "there is", suggestion,
                         sizeof(suggestion));
    free(names);
    return error_set_at(loader->reterr, when->place, "there is no fault of the name '%.60s'%s",
                        when->after_name, count > 0 ? suggestion : ": give the other one a 'name'");
}

static int bind_after(struct loader *loader, struct scenario_trigger *when, size_t own)
{
    if (when->after_name) {
        when->after = find_fault(loader->scenario, when->after_name);
        if (when->after == SCENARIO_NO_FAULT)
            return refuse_after(loader, when);
        if (when->after == own)
            return error_set_at(loader->reterr, when->place, "a fault cannot wait for itself");
    }
    for (size_t i = 0; i < when->all_count; i++)
        if (bind_after(loader, &when->all[i], own) != 0)
            return -1;
    for (size_t i = 0; i < when->any_count; i++)
        if (bind_after(loader, &when->any[i], own) != 0)
            return -1;
    return 0;
}

static int bind_names(struct loader *loader)
{
    struct scenario *scenario = loader->scenario;

    for (size_t i = 0; i < scenario->fault_count; i++) {
        struct scenario_fault *fault = &scenario->faults[i];

        if (fault->name && find_fault(scenario, fault->name) != i)
            return error_set_at(loader->reterr, fault->place,
                                "'%.60s' is the name of another fault already", fault->name);
        if (bind_after(loader, &fault->when, i) != 0)
            return -1;
    }
    return 0;
}

int faults_read(struct loader *loader)
{
    const struct node *list = NULL;

    if (actor_list(loader, "faults", &list) != 0)
        return -1;
    for (size_t i = 0; list && i < list->count; i++)
        if (read_fault(loader, list->items[i]) != 0)
            return -1;
    return bind_names(loader);
}
