/* scenarios.c: the scenarios that a command line names. */
#include "cli/scenarios.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cli/command.h"
#include "run/run.h"
#include "scenario/omb.h"

static void add(struct scenarios *scenarios, struct scenario *scenario)
{
    scenarios->items = memory_grow(scenarios->items, scenarios->count + 1, sizeof(void *));
    scenarios->items[scenarios->count++] = scenario;
}

/* The files under one path. */
static size_t load_path(struct scenarios *scenarios, const char *path,
                        const struct scenario_overrides *overrides,
                        const struct scenario_rules *rules)
{
    char **files;
    size_t file_count, wrong_count = 0;
    struct error error = {0};
    if (scenario_list(path, &files, &file_count, &error)) {
        command_fail(&error);
        return 1;
    }
    for (size_t i = 0; i < file_count; i++) {
        struct scenario *scenario;
        error = (struct error){0};
        if (scenario_load(files[i], overrides, rules, &scenario, &error) == 0) {
            add(scenarios, scenario);
        } else {
            command_fail(&error);
            wrong_count++;
        }
        free(files[i]);
    }
    free(files);
    return wrong_count;
}

size_t scenarios_load(struct scenarios *scenarios, const struct option_list *paths,
                      const struct scenario_overrides *overrides)
{
    struct scenario_rules rules;
    size_t wrong_count = 0;
    run_rules(&rules);
    for (size_t i = 0; i < paths->count; i++)
        wrong_count += load_path(scenarios, paths->values[i], overrides, &rules);
    run_rules_release(&rules);
    return wrong_count;
}

size_t scenarios_load_omb(struct scenarios *scenarios, const struct option_list *paths,
                          const struct scenario_overrides *overrides)
{
    struct scenario_rules rules;
    size_t wrong_count = 0;
    run_rules(&rules);
    for (size_t i = 0; i < paths->count; i++) {
        struct scenario *scenario;
        struct error error = {0};
        if (scenario_load_omb(paths->values[i], overrides, &rules, &scenario, &error) == 0) {
            add(scenarios, scenario);
        } else {
            command_fail(&error);
            wrong_count++;
        }
    }
    run_rules_release(&rules);
    return wrong_count;
}

void scenarios_release(struct scenarios *scenarios)
{
    for (size_t i = 0; i < scenarios->count; i++)
        scenario_free(scenarios->items[i]);
    free(scenarios->items);
    *scenarios = (struct scenarios){0};
}
