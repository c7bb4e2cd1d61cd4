/* known.c: what is known to fail: `known: {fails: [lost], because: ...}`. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/expect.h"
#include "scenario/fields.h"

static const struct schema_option OPTIONS[] = {
    {"fails", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "a list of anomalies, or of expectations as they are written under 'expect'"},
    {"because", SCHEMA_TEXT, NULL, 0, 0, NULL, "why, for those who read it failing"},
};

static const struct schema SCHEMA = {"known", OPTIONS, 2};

const struct schema *scenario_schema_known(void)
{
    return &SCHEMA;
}

static bool is_expected(const struct scenario *scenario, const char *text)
{
    for (size_t i = 0; i < scenario->expectation_count; i++)
        if (strcmp(scenario->expectations[i].text, text) == 0)
            return true;
    return false;
}

static bool is_known(const struct scenario_known *known, const char *text)
{
    for (size_t i = 0; i < known->fail_count; i++)
        if (strcmp(known->fails[i], text) == 0)
            return true;
    return false;
}

static int check_failure(struct loader *loader, const char *text, struct source_place place)
{
    const struct scenario_word *word = expect_find_word(text);

    if (is_known(&loader->scenario->known, text))
        return error_set_at(loader->reterr, place, "'%.60s' is there twice", text);
    if (is_expected(loader->scenario, text))
        return 0;
    if (word && word->is_anomaly)
        return expect_check_needs(loader, word->needs, text, place);
    return error_set_at(loader->reterr, place,
                        "'%.60s' is neither an anomaly, such as lost, nor an expectation as it is "
                        "written under 'expect'",
                        text);
}

static int read_failure(struct loader *loader, const struct node *node)
{
    struct scenario_known *known = &loader->scenario->known;
    const char *text = fields_text(loader, "fails", node);

    if (!text || check_failure(loader, text, node->place) != 0)
        return -1;
    known->fails = memory_grow(known->fails, known->fail_count + 1, sizeof(*known->fails));
    known->fails[known->fail_count++] = memory_string(text);
    return 0;
}

/* One by itself needs no brackets. */
static int read_fails(struct loader *loader, const struct schema *schema,
                      const struct schema_option *option, const struct node *node, void *target)
{
    (void)schema, (void)option, (void)target;
    if (node->kind != NODE_SEQUENCE)
        return read_failure(loader, node);
    if (node->count == 0)
        return error_set_at(
            loader->reterr, node->place,
            "nothing is known to fail: name it, as in [lost], or leave out 'known'");
    for (size_t i = 0; i < node->count; i++)
        if (read_failure(loader, node->items[i]) != 0)
            return -1;
    return 0;
}

static const struct field FIELDS[] = {
    {"fails", read_fails, 0, true},
    {"because", field_text, offsetof(struct scenario_known, because), true},
};

static const struct form FORM = {&SCHEMA, "'known'", FIELDS, 2};

int known_read(struct loader *loader)
{
    const struct node *node = node_get(loader->top, "known");

    if (!node)
        return 0;
    loader->scenario->known.place = node->place;
    return fields_read(loader, &FORM, node, &loader->scenario->known);
}
