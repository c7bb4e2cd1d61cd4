/* conform_options.c: what a conformance run is asked for, checked before anything runs. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "actors/script.h"
#include "base/memory.h"
#include "base/text.h"
#include "port.h"
#include "registry.h"
#include "run/conform_state.h"

uint32_t conform_flags(char *const *names, size_t count)
{
    uint32_t flags = 0;

    for (size_t i = 0; i < count; i++)
        flags |= port_capability_find(names[i]);
    return flags;
}

/* --- Chosen ---------------------------------------------------------------------------------- */

static bool matches_id(const struct conform_options *options, const struct clause *clause)
{
    for (size_t i = 0; i < options->id_count; i++)
        if (fnmatch(options->ids[i], clause->id, FNM_CASEFOLD) == 0)
            return true;
    return options->id_count == 0;
}

static bool matches_capability(const struct conform_options *options, const struct clause *clause)
{
    uint32_t about = conform_flags(clause->needs, clause->need_count) |
                     conform_flags(clause->without, clause->without_count);

    for (size_t i = 0; i < options->capability_count; i++)
        if (about & port_capability_find(options->capabilities[i]))
            return true;
    return options->capability_count == 0;
}

bool conform_is_chosen(const struct conform_options *options, const struct clause *clause)
{
    return (!options->core_only || clause->is_core) && matches_id(options, clause) &&
           matches_capability(options, clause);
}

/* --- Names ----------------------------------------------------------------------------------- */

/* Flags and tiers, for suggestions. */
static const char *nearest_capability(const char *name)
{
    static const char *const TIERS[] = {"BASIC_PUBSUB", "SIMPLE_QUEUING", "RELIABLE_MESSAGING",
                                        "ORDERED_MESSAGING", "ENTERPRISE_STREAMING"};
    enum { TIER_COUNT = sizeof(TIERS) / sizeof(TIERS[0]), FLAG_COUNT = 10 };
    const char *names[TIER_COUNT + FLAG_COUNT];

    for (size_t i = 0; i < TIER_COUNT; i++)
        names[i] = TIERS[i];
    for (size_t i = 0; i < FLAG_COUNT; i++)
        names[TIER_COUNT + i] = port_capability_name(1u << i);
    return text_nearest(name, names, TIER_COUNT + FLAG_COUNT);
}

static int check_capability(const char *name, struct error *reterr)
{
    const char *nearest;

    if (port_capability_find(name) != 0)
        return 0;
    nearest = nearest_capability(name);
    if (nearest)
        return error_set(reterr, ERROR_SCENARIO,
                         "there is no capability '%.60s': did you mean '%s'?", name, nearest);
    return error_set(reterr, ERROR_SCENARIO,
                     "there is no capability '%.60s': 'gauntlet adapters' shows what there is",
                     name);
}

static int check_names(char *const *names, size_t count, struct error *reterr)
{
    for (size_t i = 0; i < count; i++)
        if (check_capability(names[i], reterr) != 0)
            return -1;
    return 0;
}

/* --- Clauses --------------------------------------------------------------------------------- */

static int check_options(const struct conform *conform, const struct clause *clause,
                         struct error *reterr)
{
    struct schema_value *values = schema_values_new(&conform->schema);
    size_t count = 0;
    struct scenario_option *options = conform_task_options(&conform->setting, clause, &count);
    int result = 0;

    for (size_t i = conform->setting.option_count; i < count && result == 0; i++) {
        result = schema_set(&conform->schema, values, options[i].key, options[i].text, reterr);
        if (result != 0)
            reterr->place = options[i].place;
    }
    free(options);
    schema_values_free(values, conform->schema.option_count);
    return result;
}

static int check_derive(const struct clause *clause, struct error *reterr)
{
    if (!clause->derive || conform_derives(clause->derive))
        return 0;
    return error_set(reterr, ERROR_SCENARIO, "nothing is derived under the name '%.60s'",
                     clause->derive);
}

static int check_clause(const struct conform *conform, const struct clause *clause,
                        struct error *reterr)
{
    bool is_fine = check_names(clause->needs, clause->need_count, reterr) == 0 &&
                   check_names(clause->without, clause->without_count, reterr) == 0 &&
                   check_derive(clause, reterr) == 0 &&
                   (clause->derive || script_check(&clause->steps, reterr) == 0) &&
                   check_options(conform, clause, reterr) == 0;

    if (is_fine)
        return 0;
    if (!reterr->place.file)
        reterr->place = clause->place;
    reterr->kind = ERROR_SCENARIO;
    return error_prefix(reterr, "clause %s: ", clause->id);
}

/* --- The command line ------------------------------------------------------------------------ */

static int check_pattern(const struct conform_options *options, const char *pattern,
                         struct error *reterr)
{
    const char **ids = memory_new(options->clauses->count + 1, sizeof(*ids));
    const char *nearest;
    bool is_found = false;

    for (size_t i = 0; i < options->clauses->count; i++) {
        ids[i] = options->clauses->items[i].id;
        is_found |= fnmatch(pattern, ids[i], FNM_CASEFOLD) == 0;
    }
    nearest = text_nearest(pattern, ids, options->clauses->count);
    if (!is_found && nearest)
        (void)error_set(reterr, ERROR_USAGE, "there is no clause '%.60s': did you mean '%s'?",
                        pattern, nearest);
    else if (!is_found)
        (void)error_set(reterr, ERROR_USAGE,
                        "there is no clause '%.60s': say an id such as ACK-02, or a pattern such "
                        "as 'ACK-*'",
                        pattern);
    free(ids);
    return is_found ? 0 : -1;
}

static int check_choice(const struct conform_options *options, struct error *reterr)
{
    for (size_t i = 0; i < options->id_count; i++)
        if (check_pattern(options, options->ids[i], reterr) != 0)
            return -1;
    for (size_t i = 0; i < options->capability_count; i++)
        if (check_capability(options->capabilities[i], reterr) != 0) {
            reterr->kind = ERROR_USAGE;
            return -1;
        }
    for (size_t i = 0; i < options->clauses->count; i++)
        if (conform_is_chosen(options, &options->clauses->items[i]))
            return 0;
    return error_set(reterr, ERROR_USAGE,
                     "no clause is chosen: nothing fits all of --clause, "
                     "--capability and --core");
}

static int check_time(const struct conform_options *options, struct error *reterr)
{
    if (options->time != CONFORM_TIME_VIRTUAL || options->standin ||
        port_can_simulate(options->adapter))
        return 0;
    return error_set(reterr, ERROR_USAGE, "adapter %s %s and cannot run in virtual time",
                     options->adapter->name,
                     options->adapter->traits & ADAPTER_TRAIT_IN_PROCESS ? "lives by the real clock"
                                                                         : "speaks to a server");
}

static int read_setting(struct conform *conform, const char *written, struct error *reterr)
{
    const char *equals = strchr(written, '=');
    struct scenario_option *option = &conform->settings[conform->setting.option_count];

    if (!equals || equals == written)
        return error_set(reterr, ERROR_USAGE, "--set '%.60s': say option=value", written);
    *option =
        (struct scenario_option){.key = memory_format("%.*s", (int)(equals - written), written),
                                 .text = memory_string(equals + 1)};
    conform->setting.option_count++;
    return 0;
}

int conform_read_settings(struct conform *conform, struct error *reterr)
{
    const struct conform_options *options = conform->options;
    struct schema_value *values;
    int result = 0;

    conform->schema = registry_schema(conform->adapter, &conform->schema_options);
    conform->settings = memory_new(options->setting_count + 1, sizeof(*conform->settings));
    values = schema_values_new(&conform->schema);
    for (size_t i = 0; i < options->setting_count && result == 0; i++) {
        result = read_setting(conform, options->settings[i], reterr);
        if (result == 0)
            result = schema_set(&conform->schema, values, conform->settings[i].key,
                                conform->settings[i].text, reterr);
    }
    schema_values_free(values, conform->schema.option_count);
    if (result != 0)
        reterr->kind = ERROR_USAGE;
    conform->setting.adapter = conform->adapter;
    conform->setting.uri = options->uri;
    conform->setting.options = conform->settings;
    conform->setting.schema = &conform->schema;
    return result;
}

void conform_release_settings(struct conform *conform)
{
    for (size_t i = 0; i < conform->setting.option_count; i++) {
        free(conform->settings[i].key);
        free(conform->settings[i].text);
    }
    free(conform->settings);
    free(conform->schema_options);
}

int conform_check(const struct conform_options *options, struct error *reterr)
{
    struct conform conform = {.options = options, .adapter = options->adapter};
    int result = -1;

    if (conform_read_settings(&conform, reterr) == 0 && check_time(options, reterr) == 0 &&
        check_choice(options, reterr) == 0)
        result = 0;
    for (size_t i = 0; i < options->clauses->count && result == 0; i++)
        result = check_clause(&conform, &options->clauses->items[i], reterr);
    conform_release_settings(&conform);
    return result;
}
