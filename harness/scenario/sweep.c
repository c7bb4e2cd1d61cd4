/* sweep.c: `sweep`: the scenario once for every exchange and every way of cutting there. */
#include "scenario/fields.h"
#include "scenario/tables.h"

#include <string.h>

static const struct schema_option OPTIONS[] = {
    {"cut", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "where: a list of request (the broker never sees it), reply (it is lost), mid_reply"},
    {"of", SCHEMA_CHOICE, "every exchange", 0, 0, "every exchange", "which exchanges"},
    {"how", SCHEMA_CHOICE, "rst|fin", 0, 0, "rst", "a reset, or an orderly end"},
};

static const struct schema SCHEMA = {"sweep", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};

const struct schema *scenario_schema_sweep(void)
{
    return &SCHEMA;
}

static int read_edge(struct loader *loader, const struct node *node, struct scenario_sweep *sweep)
{
    static const struct {
        const char *word;
        enum scenario_edge edge;
    } edges[] = {{"request", SCENARIO_EDGE_REQUEST},
                 {"reply", SCENARIO_EDGE_REPLY},
                 {"mid_reply", SCENARIO_EDGE_MID_REPLY}};
    const char *text = fields_text(loader, "cut", node);

    for (size_t i = 0; text && i < sizeof(edges) / sizeof(edges[0]); i++)
        if (strcmp(edges[i].word, text) == 0) {
            sweep->edges |= 1u << edges[i].edge;
            return 0;
        }
    return text ? error_set_at(loader->reterr, node->place,
                               "'%.60s' is no place to cut at: say request, reply or mid_reply",
                               text)
                : -1;
}

/* One by itself needs no brackets. */
static int read_cut(struct loader *loader, const struct schema *schema,
                    const struct schema_option *option, const struct node *node, void *target)
{
    (void)schema, (void)option;
    if (node->kind != NODE_SEQUENCE)
        return read_edge(loader, node, target);
    if (node->count == 0)
        return error_set_at(loader->reterr, node->place,
                            "nothing is cut: say [request, reply, mid_reply], or some of them");
    for (size_t i = 0; i < node->count; i++)
        if (read_edge(loader, node->items[i], target) != 0)
            return -1;
    return 0;
}

static const struct field FIELDS[] = {
    {"cut", read_cut, 0, true},
    {"of", field_choice, offsetof(struct scenario_sweep, of), false},
    {"how", field_choice, offsetof(struct scenario_sweep, how), false},
};

static const struct form FORM = {&SCHEMA, "'sweep'", FIELDS, sizeof(FIELDS) / sizeof(FIELDS[0])};

int sweep_read(struct loader *loader)
{
    const struct node *node = node_get(loader->top, "sweep");

    if (!node)
        return 0;
    loader->scenario->sweep.place = node->place;
    return fields_read(loader, &FORM, node, &loader->scenario->sweep);
}
