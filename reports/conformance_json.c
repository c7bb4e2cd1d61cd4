/* conformance_json.c: conformance.json, described field by field in CONFORMANCE.md. */
#include "reports/conformance.h"

#include <stdio.h>
#include <stdlib.h>

#include "reports/json.h"

static json_t *flags_of(uint32_t flags)
{
    json_t *array = json_array();
    const char *name;

    for (unsigned bit = 0; (name = result_capability_name(bit)) != NULL; bit++)
        if (flags & (1u << bit))
            json_array_append_new(array, json_text(name));
    return array;
}

static json_t *texts_of(char *const *texts, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_text(texts[i]));
    return array;
}

static json_t *tally_of(const struct conformance_tally *tally)
{
    static const char *const KEYS[] = {
        [CONFORMANCE_PASS] = "pass",
        [CONFORMANCE_FAIL] = "fail",
        [CONFORMANCE_INCONCLUSIVE] = "inconclusive",
        [CONFORMANCE_NOT_RUN] = "not_run",
        [CONFORMANCE_NOT_APPLICABLE] = "not_applicable",
    };
    json_t *object = json_object();

    for (size_t i = 0; i < CONFORMANCE_VERDICTS; i++)
        json_put(object, KEYS[i], json_count(tally->by_verdict[i]));
    return object;
}

static json_t *capabilities_of(const struct conformance *conformance)
{
    json_t *array = json_array();

    for (size_t i = 0; i < conformance->capability_count; i++) {
        const struct conformance_capability *capability = &conformance->capabilities[i];
        json_t *object = json_object();

        json_put(object, "name", json_text(capability->name));
        json_put(object, "declared", json_boolean(capability->is_declared));
        json_put(object, "standing", json_text(conformance_standing_name(capability->standing)));
        json_put(object, "required", tally_of(&capability->required));
        json_put(object, "other", tally_of(&capability->other));
        json_put(object, "difference", json_text(capability->difference));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *tiers_of(const struct conformance *conformance)
{
    json_t *array = json_array();

    for (size_t i = 0; i < conformance->tier_count; i++) {
        const struct conformance_tier *tier = &conformance->tiers[i];
        json_t *object = json_object();

        json_put(object, "name", json_text(tier->name));
        json_put(object, "declared", json_boolean(tier->is_declared));
        json_put(object, "demonstrated", json_boolean(tier->is_demonstrated));
        json_put(object, "required", tally_of(&tier->required));
        json_put(object, "sentence", json_text(tier->sentence));
        json_array_append_new(array, object);
    }
    return array;
}

static void put_counts(json_t *object, const struct conformance_clause *clause)
{
    json_put(object, "rounds", json_count(clause->round_count));
    json_put(object, "attempts", json_count(clause->attempt_count));
    json_put(object, "calls", json_count(clause->call_count));
    json_put(object, "checks", json_count(clause->check_count));
    if (clause->is_race)
        json_put(object, "overlaps", json_count(clause->overlap_count));
    json_put(object, "elapsed_ns", json_count(clause->elapsed_ns));
    json_put(object, "virtual", json_boolean(clause->is_virtual));
}

static json_t *clause_of(const struct conformance_clause *clause)
{
    const char level[] = {clause->level, '\0'};
    json_t *object = json_object();

    json_put(object, "id", json_text(clause->id));
    json_put(object, "family", json_text(clause->family));
    json_put(object, "level", json_text(level));
    json_put(object, "core", json_boolean(clause->is_core));
    json_put(object, "says", json_text(clause->says));
    json_put(object, "capability", json_text(clause->capability));
    json_put(object, "needs", json_text(clause->needs));
    json_put(object, "verdict", json_text(conformance_verdict_name(clause->verdict)));
    json_put(object, "reason", json_text(clause->reason));
    json_put(object, "known", json_boolean(clause->is_known));
    json_put(object, "place", json_text(clause->place));
    json_put(object, "evidence", texts_of(clause->evidence, clause->evidence_count));
    put_counts(object, clause);
    json_put(object, "command", json_text(clause->command));
    return object;
}

static json_t *clauses_of(const struct conformance *conformance)
{
    json_t *array = json_array();

    for (size_t i = 0; i < conformance->clause_count; i++)
        json_array_append_new(array, clause_of(&conformance->clauses[i]));
    return array;
}

static json_t *notes_of(const struct conformance *conformance)
{
    json_t *array = json_array();

    for (size_t i = 0; i < conformance->note_count; i++)
        json_array_append_new(array, json_text(conformance->notes[i].text));
    return array;
}

/* A seed has 64 bits, more than a JSON reader may keep: it is text. */
static json_t *seed_of(const struct conformance *conformance)
{
    char digits[32];

    (void)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)conformance->seed);
    return json_text(digits);
}

static json_t *run_of(const struct conformance *conformance)
{
    json_t *object = json_object();

    json_put(object, "adapter", json_text(conformance->adapter));
    json_put(object, "uri", json_text(conformance->uri));
    json_put(object, "settings", texts_of(conformance->settings, conformance->setting_count));
    json_put(object, "command_line", json_text(conformance->command_line));
    json_put(object, "run_id", json_text(conformance->run_id));
    json_put(object, "seed", seed_of(conformance));
    json_put(object, "virtual", json_boolean(conformance->is_virtual));
    json_put(object, "strict", json_boolean(conformance->is_strict));
    json_put(object, "chosen", json_boolean(conformance->is_chosen));
    json_put(object, "partial", json_boolean(conformance->is_partial));
    json_put(object, "started", json_text(conformance->started));
    json_put(object, "elapsed_ns", json_count(conformance->elapsed_ns));
    return object;
}

static void put_declaration(json_t *root, const struct conformance *conformance)
{
    json_put(root, "declared", flags_of(conformance->declared));
    json_put(root, "demonstrated", flags_of(conformance->demonstrated));
    json_put(root, "declared_tier", json_text(conformance->declared_tier));
    json_put(root, "demonstrated_tier", json_text(conformance->shown_tier));
    json_put(root, "difference", json_text(conformance->difference));
    json_put(root, "tiers", tiers_of(conformance));
    json_put(root, "capabilities", capabilities_of(conformance));
}

void conformance_json(const struct conformance_input *input, struct text *text)
{
    const struct conformance *conformance = input->conformance;
    json_t *root = json_object();
    char *dump;

    json_put(root, "schema", json_text("gauntlet-conformance"));
    json_put(root, "version", json_integer(CONFORMANCE_SCHEMA_VERSION));
    json_put(root, "gauntlet", json_text(conformance->version));
    json_put(root, "verdict", json_text(verdict_name(conformance->verdict)));
    json_put(root, "reason", json_text(conformance->verdict_reason));
    json_put(root, "run", run_of(conformance));
    put_declaration(root, conformance);
    json_put(root, "clauses", clauses_of(conformance));
    json_put(root, "notes", notes_of(conformance));
    dump = json_dumps(root, JSON_INDENT(1));
    text_append_string(text, dump ? dump : "{}");
    text_append_string(text, "\n");
    free(dump);
    json_decref(root);
}
