/* fault_timeline.c: `timeline`: what is done, by the clock. */
#include "base/memory.h"
#include "scenario/fault_read.h"

/* Keys of an entry that belong to `when`, and to the fault itself; the rest is `do`. */
static const char *const WHEN_KEYS[] = {"at", "every", "times", "for"};
static const char *const OUR_KEYS[] = {"at", "every", "times", "for", "name", "expected"};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct schema_option OPTIONS[] = {
    {"name", SCHEMA_TEXT, NULL, 0, 0, NULL, "of the fault"},
    {"expected", SCHEMA_BOOLEAN, NULL, 0, 0, "true", "it must happen"},
};
static const struct schema SCHEMA = {"fault", OPTIONS, 2};
static const struct field FIELDS[] = {
    {"name", field_text, offsetof(struct scenario_fault, name), false},
    {"expected", field_boolean, offsetof(struct scenario_fault, is_expected), false},
};
static const struct form FORM = {&SCHEMA, "an entry of a timeline", FIELDS, 2};

static int read_entry(struct loader *loader, const struct node *node)
{
    static const char *const ours[] = {"name", "expected"};
    const struct scenario_fault_word *word = NULL;
    struct scenario_fault *fault;

    if (node->kind != NODE_MAPPING || !node_get(node, "at"))
        return error_set_at(loader->reterr, node->place,
                            "an entry of a timeline says when and what: {at: 1s, link: billing, "
                            "cut: rst}");
    fault = fault_add(loader, node->place);
    if (fields_read(loader, &FORM, fault_only(loader, node, ours, COUNT(ours)), fault) != 0 ||
        fault_read_when(loader, fault_only(loader, node, WHEN_KEYS, COUNT(WHEN_KEYS)),
                        &fault->when) != 0 ||
        fault_read_do(loader, fault_without(loader, node, OUR_KEYS, COUNT(OUR_KEYS)), NULL,
                      &fault->action, &word) != 0)
        return -1;
    return fault_check(loader, fault, word);
}

int fault_read_timeline(struct loader *loader, const struct node *node)
{
    if (node->kind != NODE_SEQUENCE || node->count == 0)
        return error_set_at(loader->reterr, node->place,
                            "'timeline' takes a list, such as [{at: 1s, link: billing, cut: rst}]");
    for (size_t i = 0; i < node->count; i++)
        if (read_entry(loader, node->items[i]) != 0)
            return -1;
    return 0;
}
