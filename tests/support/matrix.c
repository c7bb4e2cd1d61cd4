/* matrix.c: runs of the suite against a liar. */
#include "support/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "registry.h"
#include "run/conform.h"
#include "run/instance.h"

int matrix_clauses(struct clauses *ret_clauses, struct error *reterr)
{
    return clauses_load("scenarios/conformance", ret_clauses, reterr);
}

static void wrap(void *context, const struct broker_adapter **adapter,
                 struct adapter_instance **instance)
{
    liar_wrap(adapter, instance, context);
}

/* The words of a line; gives both (free). */
static size_t split(const char *line, char **ret_words, const char ***ret_list)
{
    char *words = memory_string(line);
    const char **list = memory_new(strlen(line) / 2 + 1, sizeof(*list));
    size_t count = 0;

    for (char *word = words, *end; *word; word = end) {
        end = word + strcspn(word, " ");
        if (*end)
            *end++ = '\0';
        list[count++] = word;
    }
    *ret_words = words;
    *ret_list = list;
    return count;
}

struct conformance *matrix_run(const struct clauses *clauses, const struct lie *lie,
                               const char *ids, struct error *reterr)
{
    struct instance_decorator decorator = {.wrap = wrap, .context = (void *)(uintptr_t)lie};
    struct conform_options options = {.adapter = registry_find("inline", NULL),
                                      .clauses = clauses,
                                      .decorator = &decorator,
                                      .time = CONFORM_TIME_VIRTUAL,
                                      .has_seed = true,
                                      .seed = 7,
                                      .command = "gauntlet conform inline",
                                      .command_line = "gauntlet conform inline"};
    struct conformance *conformance = NULL;
    const char **list = NULL;
    char *words = NULL;

    options.id_count = split(ids ? ids : "*", &words, &list);
    options.ids = list;
    if (conform_run(&options, &conformance, reterr) < 0)
        conformance = NULL;
    free(list);
    free(words);
    return conformance;
}
