/* rules.c: what the scenario loader must know about adapters, looked up in their registry. */
#include <stdlib.h>

#include "base/memory.h"
#include "registry.h"
#include "run/fault_words.h"
#include "run/run.h"

/* The last adapter looked up: the loader uses one schema at a time. */
struct lookup {
    struct schema_option *options;
};

static int find_schema(void *context, const char *adapter, struct schema *ret_schema,
                       struct error *reterr)
{
    struct lookup *lookup = context;
    const struct broker_adapter *found = registry_find(adapter, reterr);

    if (!found)
        return -1;
    free(lookup->options);
    *ret_schema = registry_schema(found, &lookup->options);
    return 0;
}

void run_rules(struct scenario_rules *ret_rules)
{
    *ret_rules = (struct scenario_rules){.adapter_schema = find_schema,
                                         .fault_word = fault_word_for_loader,
                                         .context = memory_new(1, sizeof(struct lookup))};
}

void run_rules_release(struct scenario_rules *rules)
{
    struct lookup *lookup = rules->context;

    if (lookup)
        free(lookup->options);
    free(lookup);
    rules->context = NULL;
}
