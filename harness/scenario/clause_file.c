/* clause_file.c: a document of clauses into structs: a family with a list, or one clause alone. */
#include "scenario/clause_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/fields.h"
#include "scenario/names.h"

#define ROUNDS_MAX 1e6
#define HOUR_NS    3600e9

struct family {
    char *name, *title;
};

/* --- Lists of words -------------------------------------------------------------------------- */

static const char *const WORLDS[] = {"server", "link", "tamper", "child"};
static const char *const FACTS[] = {"in_process",      "redelivery_time_ms", "retry_budget",
                                    "block_cap_ms",    "trim_granularity",   "trims",
                                    "dlq_populated_by"};

/* A fact may ask for one value: "dlq_populated_by=broker". */
static bool is_word(const char *word, const char *const *words, size_t count)
{
    size_t size = strcspn(word, "=");

    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) == size && strncmp(words[i], word, size) == 0)
            return true;
    return false;
}

static int refuse_word(struct loader *loader, const char *key, const struct node *node,
                       const char *const *words, size_t count)
{
    char suggestion[300];

    (void)fields_suggest(node->text, words, count, "there are", suggestion, sizeof(suggestion));
    return error_set_at(loader->reterr, node->place, "'%s' knows no '%.60s'%s", key, node->text,
                        suggestion);
}

/* The words of a list; `words` NULL: any. */
/* NOLINTNEXTLINE(readability-function-size): two lists with their sizes. */
static int read_words(struct loader *loader, const char *key, const struct node *node,
                      const char *const *words, size_t count, char ***ret_items, size_t *ret_count)
{
    if (node->kind != NODE_SEQUENCE)
        return error_set_at(loader->reterr, node->place, "'%s' takes a list, not %s", key,
                            node_describe(node));
    *ret_items = memory_new(node->count + 1, sizeof(**ret_items));
    for (size_t i = 0; i < node->count; i++) {
        const char *text = fields_text(loader, key, node->items[i]);

        if (!text)
            return -1;
        if (words && !is_word(text, words, count))
            return refuse_word(loader, key, node->items[i], words, count);
        (*ret_items)[(*ret_count)++] = memory_string(text);
    }
    return 0;
}

static int read_needs(struct loader *loader, const struct schema *schema,
                      const struct schema_option *option, const struct node *node, void *target)
{
    struct clause *clause = target;

    (void)schema;
    return read_words(loader, option->key, node, NULL, 0, &clause->needs, &clause->need_count);
}

static int read_without(struct loader *loader, const struct schema *schema,
                        const struct schema_option *option, const struct node *node, void *target)
{
    struct clause *clause = target;

    (void)schema;
    return read_words(loader, option->key, node, NULL, 0, &clause->without, &clause->without_count);
}

static int read_world(struct loader *loader, const struct schema *schema,
                      const struct schema_option *option, const struct node *node, void *target)
{
    struct clause *clause = target;

    (void)schema;
    return read_words(loader, option->key, node, WORLDS, sizeof(WORLDS) / sizeof(WORLDS[0]),
                      &clause->world, &clause->world_count);
}

static int read_facts(struct loader *loader, const struct schema *schema,
                      const struct schema_option *option, const struct node *node, void *target)
{
    struct clause *clause = target;

    (void)schema;
    return read_words(loader, option->key, node, FACTS, sizeof(FACTS) / sizeof(FACTS[0]),
                      &clause->facts, &clause->fact_count);
}

/* --- Options and steps ----------------------------------------------------------------------- */

static int read_options(struct loader *loader, const struct schema *schema,
                        const struct schema_option *option, const struct node *node, void *target)
{
    struct clause *clause = target;

    (void)schema;
    if (node->kind != NODE_MAPPING)
        return error_set_at(loader->reterr, node->place,
                            "'%s' takes a mapping, as {max_retries: 3}, not %s", option->key,
                            node_describe(node));
    clause->options = memory_new(node->count + 1, sizeof(*clause->options));
    for (size_t i = 0; i < node->count; i++) {
        const char *text = fields_text(loader, node->keys[i].text, node->items[i]);

        if (!text)
            return -1;
        clause->options[clause->option_count++] =
            (struct clause_option){.key = memory_string(node->keys[i].text),
                                   .text = memory_string(text),
                                   .place = node->items[i]->place};
    }
    return 0;
}

static int read_steps(struct loader *loader, const struct schema *schema,
                      const struct schema_option *option, const struct node *node, void *target)
{
    struct clause *clause = target;

    (void)schema, (void)option;
    if (node->kind != NODE_SEQUENCE)
        return error_set_at(loader->reterr, node->place, "'steps' takes a list, not %s",
                            node_describe(node));
    if (node->count == 0)
        return error_set_at(loader->reterr, node->place, "there are no steps: a clause has some");
    return node_tree(node, "the steps of a clause", &clause->steps, loader->reterr);
}

/* --- The form of a clause -------------------------------------------------------------------- */

static const struct schema_option OPTIONS[] = {
    {"clause", SCHEMA_TEXT, NULL, 0, 0, NULL, "its id: the family, a dash, and what follows"},
    {"level", SCHEMA_CHOICE, "R|O|H", 0, 0, "R",
     "required, optional, or hardening (expected, nowhere promised)"},
    {"core", SCHEMA_BOOLEAN, NULL, 0, 0, "false", "is it of the core set?"},
    {"says", SCHEMA_TEXT, NULL, 0, 0, NULL, "one sentence that can be true or false"},
    {"needs", SCHEMA_TEXT, NULL, 0, 0, NULL, "capabilities, all of which it is about"},
    {"without", SCHEMA_TEXT, NULL, 0, 0, NULL, "capabilities that it takes away"},
    {"world", SCHEMA_TEXT, NULL, 0, 0, NULL, "what it does to the world"},
    {"facts", SCHEMA_TEXT, NULL, 0, 0, NULL, "what the adapter's profile must say"},
    {"options", SCHEMA_TEXT, NULL, 0, 0, NULL, "of the adapter, where it has them"},
    {"rounds", SCHEMA_INTEGER, NULL, 1, ROUNDS_MAX, "1", "of the steps, each with fresh streams"},
    {"real", SCHEMA_BOOLEAN, NULL, 0, 0, "false", "on the real clock even where it need not be"},
    {"limit", SCHEMA_DURATION, NULL, 1e6, HOUR_NS, "30s", "the longest time of one round"},
    {"steps", SCHEMA_TEXT, NULL, 0, 0, NULL, "a list"},
    {"derive", SCHEMA_TEXT, NULL, 0, 0, NULL, "what the run finds out by itself, without steps"},
};
static const struct schema SCHEMA = {"clause", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};

#define AT(member) offsetof(struct clause, member)

static const struct field FIELDS[] = {
    {"clause", field_text, AT(id), true},
    {"level", field_choice, AT(level), false},
    {"core", field_boolean, AT(is_core), false},
    {"says", field_text, AT(says), true},
    {"needs", read_needs, 0, false},
    {"without", read_without, 0, false},
    {"world", read_world, 0, false},
    {"facts", read_facts, 0, false},
    {"options", read_options, 0, false},
    {"rounds", field_count, AT(rounds), false},
    {"real", field_boolean, AT(is_real), false},
    {"limit", field_count, AT(limit_ns), false},
    {"steps", read_steps, 0, false},
    {"derive", field_text, AT(derive), false},
};
static const struct form FORM = {&SCHEMA, "a clause", FIELDS, sizeof(FIELDS) / sizeof(FIELDS[0])};

/* "ACK-02" belongs to the family "ACK". */
static int check_id(struct loader *loader, struct clause *clause, const struct family *family,
                    struct source_place place)
{
    const char *dash = strrchr(clause->id, '-');

    if (names_check(loader, "a clause", clause->id, place) != 0)
        return -1;
    if (!dash || !dash[1])
        return error_set_at(loader->reterr, place,
                            "'%.64s' is no id of a clause: say the family, a dash and a number, as "
                            "in ACK-02",
                            clause->id);
    clause->family = memory_format("%.*s", (int)(dash - clause->id), clause->id);
    if (family->name && strcmp(family->name, clause->family) != 0)
        return error_set_at(loader->reterr, place, "'%.64s' is no clause of the family %.64s",
                            clause->id, family->name);
    return 0;
}

static int check_clause(struct loader *loader, struct clause *clause, const struct family *family,
                        const struct node *mapping)
{
    if (check_id(loader, clause, family, node_place(mapping, "clause")) != 0)
        return -1;
    if (clause->steps.count == 0 && !clause->derive)
        return error_set_at(loader->reterr, mapping->place, "clause %.64s has no 'steps'",
                            clause->id);
    if (clause->steps.count > 0 && clause->derive)
        return error_set_at(loader->reterr, node_place(mapping, "derive"),
                            "'steps' and 'derive' exclude each other");
    return 0;
}

static int read_clause(struct loader *loader, const struct family *family,
                       const struct node *mapping, struct clauses *clauses)
{
    struct clause clause = {.place = mapping->place, .steps = {.kind = TREE_LIST}};

    if (mapping->kind != NODE_MAPPING)
        return error_set_at(loader->reterr, mapping->place,
                            "a clause is a mapping of keys to values, not %s",
                            node_describe(mapping));
    if (fields_read(loader, &FORM, mapping, &clause) != 0 ||
        check_clause(loader, &clause, family, mapping) != 0) {
        clause_release(&clause);
        return -1;
    }
    clauses->items = memory_grow(clauses->items, clauses->count + 1, sizeof(*clauses->items));
    clauses->items[clauses->count++] = clause;
    return 0;
}

/* --- The form of a family -------------------------------------------------------------------- */

static const struct schema_option FAMILY_OPTIONS[] = {
    {"family", SCHEMA_TEXT, NULL, 0, 0, NULL, "what the ids of its clauses begin with"},
    {"title", SCHEMA_TEXT, NULL, 0, 0, NULL, "what they are about"},
    {"clauses", SCHEMA_TEXT, NULL, 0, 0, NULL, "a list"},
};
static const struct schema FAMILY_SCHEMA = {"family", FAMILY_OPTIONS,
                                            sizeof(FAMILY_OPTIONS) / sizeof(FAMILY_OPTIONS[0])};
static const struct field FAMILY_FIELDS[] = {
    {"family", field_text, offsetof(struct family, name), true},
    {"title", field_text, offsetof(struct family, title), false},
    {"clauses", NULL, 0, true},
};
static const struct form FAMILY_FORM = {&FAMILY_SCHEMA, "a file of clauses", FAMILY_FIELDS,
                                        sizeof(FAMILY_FIELDS) / sizeof(FAMILY_FIELDS[0])};

static int read_list(struct loader *loader, const struct family *family, const struct node *list,
                     struct clauses *clauses)
{
    if (list->kind != NODE_SEQUENCE || list->count == 0)
        return error_set_at(loader->reterr, list->place, "'clauses' takes a list of clauses");
    for (size_t i = 0; i < list->count; i++)
        if (read_clause(loader, family, list->items[i], clauses) != 0)
            return -1;
    return 0;
}

static int read_family(struct loader *loader, struct clauses *clauses)
{
    struct family family = {0};
    int result = -1;

    if (fields_read(loader, &FAMILY_FORM, loader->top, &family) == 0 &&
        names_check(loader, "a family", family.name, node_place(loader->top, "family")) == 0)
        result = read_list(loader, &family, node_get(loader->top, "clauses"), clauses);
    free(family.name);
    free(family.title);
    return result;
}

static int read_root(struct loader *loader, struct clauses *clauses)
{
    static const struct family NONE = {0};

    if (loader->top->kind != NODE_MAPPING)
        return error_set_at(loader->reterr, loader->top->place,
                            "a file of clauses has the keys 'family' and 'clauses', or those of "
                            "one clause; this is %s",
                            node_describe(loader->top));
    if (node_get(loader->top, "clause"))
        return read_clause(loader, &NONE, loader->top, clauses);
    return read_family(loader, clauses);
}

int clause_file_read(const char *file, const char *text, size_t size, struct clauses *clauses,
                     struct error *reterr)
{
    struct loader loader = {.document = {.takes_nul = true}, .reterr = reterr};
    int result = document_parse(&loader.document, file, text, size, &loader.top, reterr);

    if (result == 0)
        result = read_root(&loader, clauses);
    document_release(&loader.document);
    return result;
}
