/* load.c: a file, or a text, into a scenario. */
#include "scenario/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/file.h"
#include "scenario/hide.h"
#include "scenario/override.h"
#include "scenario/resolve.h"
#include "scenario/top.h"

#define SCENARIO_SIZE_MAX (4u << 20)

/* The file's name without folder and ending. */
static char *name_after(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *point = strrchr(base, '.');

    return memory_format("%.*s", point && point > base ? (int)(point - base) : (int)strlen(base),
                         base);
}

static int set_time(struct scenario *scenario, const char *time, struct error *reterr)
{
    if (strcmp(time, "real") == 0)
        scenario->time = SCENARIO_TIME_REAL;
    else if (strcmp(time, "virtual") == 0)
        scenario->time = SCENARIO_TIME_VIRTUAL;
    else
        return error_set(reterr, ERROR_USAGE, "--time '%.60s': say real or virtual", time);
    scenario->has_time = true;
    return 0;
}

static int read_document(struct loader *loader, const struct scenario_text *source,
                         const struct scenario_overrides *overrides)
{
    struct scenario *scenario = loader->scenario;
    struct node *root = NULL;

    if (document_parse(&loader->document, scenario->path, source->text, source->size, &root,
                       loader->reterr) != 0)
        return -1;
    if (root->kind != NODE_MAPPING)
        return error_set_at(loader->reterr, root->place,
                            "a scenario is a mapping of keys to values, not %s",
                            node_describe(root));
    loader->top = root;
    scenario->text = hide_passwords(source->text, root);
    if (overrides && overrides_apply(loader, overrides) != 0)
        return -1;
    if (top_read(loader) != 0 || document_resolve(loader) != 0)
        return -1;
    if (!scenario->name)
        scenario->name = name_after(scenario->path);
    if (overrides && overrides->has_seed) {
        scenario->has_seed = true;
        scenario->seed = overrides->seed;
    }
    return overrides && overrides->time ? set_time(scenario, overrides->time, loader->reterr) : 0;
}

/* An error outlives the scenario that failed to load: its place may point to the caller's strings
   only.  What an override brought is named in the message, for it has no line. */
static void detach_error(const struct scenario *scenario, const char *path, struct error *reterr)
{
    if (!reterr || !reterr->place.file)
        return;
    if (reterr->place.file == scenario->path) {
        reterr->place.file = path;
        return;
    }
    (void)error_prefix(reterr, "%s: ", reterr->place.file);
    reterr->place = (struct source_place){0};
}

int scenario_load_text(const struct scenario_text *source,
                       const struct scenario_overrides *overrides,
                       const struct scenario_rules *rules, struct scenario **ret_scenario,
                       struct error *reterr)
{
    struct scenario_loaded *loaded = memory_new(1, sizeof(*loaded));
    struct loader loader = {.scenario = &loaded->scenario, .rules = rules, .reterr = reterr};
    int result;

    loaded->scenario.path = memory_string(source->path);
    result = read_document(&loader, source, overrides);
    document_release(&loader.document);
    if (result != 0) {
        detach_error(&loaded->scenario, source->path, reterr);
        scenario_free(&loaded->scenario);
        return -1;
    }
    *ret_scenario = &loaded->scenario;
    return 0;
}

int scenario_load(const char *path, const struct scenario_overrides *overrides,
                  const struct scenario_rules *rules, struct scenario **ret_scenario,
                  struct error *reterr)
{
    struct scenario_text source = {.path = path};
    char *text = NULL;
    int result;

    if (file_read(path, SCENARIO_SIZE_MAX, &text, &source.size, reterr) != 0)
        return -1;
    source.text = text;
    result = scenario_load_text(&source, overrides, rules, ret_scenario, reterr);
    free(text);
    return result;
}
