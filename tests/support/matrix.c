/* matrix.c: runs of the suite against a liar. */
#include "support/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fakes/redis_fake.h"
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
    const struct lie *const *lie = context;

    liar_wrap(adapter, instance, *lie);
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

/* --- The server that stands in -----------------------------------------------------------------
 */

static void *open_fake(void *context, struct loop *loop, struct link_dialer *dialer,
                       struct error *reterr)
{
    const struct lie *const *lie = context;

    return redis_fake_new(loop, dialer, *lie ? (*lie)->server : 0, reterr);
}

static void close_fake(void *server)
{
    redis_fake_free(server);
}

static int drive_fake(void *server, const char *verb, struct error *reterr)
{
    return redis_fake_drive(server, verb, reterr);
}

/* --- Runs --------------------------------------------------------------------------------------
 */

static struct conformance *run(const struct conform_options *plan, const struct lie *lie,
                               const char *ids, struct error *reterr)
{
    struct conform_options options = *plan;
    struct instance_decorator decorator = {.wrap = wrap, .context = &lie};
    struct conformance *conformance = NULL;
    const char **list = NULL;
    char *words = NULL;

    options.decorator = &decorator;
    options.time = CONFORM_TIME_VIRTUAL;
    options.has_seed = true;
    options.seed = 7;
    options.command = options.command_line = "gauntlet conform";
    options.id_count = ids ? split(ids, &words, &list) : 0;
    options.ids = list;
    if (conform_run(&options, &conformance, reterr) < 0)
        conformance = NULL;
    free(list);
    free(words);
    return conformance;
}

const char *matrix_adapter(const struct lie *lie)
{
    return lie && lie->over ? lie->over : "inline";
}

struct conformance *matrix_run(const struct clauses *clauses, const char *adapter,
                               const struct lie *lie, const char *ids, struct error *reterr)
{
    const struct conform_standin standin = {
        .open = open_fake, .close = close_fake, .drive = drive_fake, .context = &lie};
    struct conform_options options = {.adapter = registry_find(adapter, NULL), .clauses = clauses};

    if (!(options.adapter->traits & ADAPTER_TRAIT_IN_PROCESS)) {
        options.uri = options.uri_shown = REDIS_FAKE_URI;
        options.standin = &standin;
    }
    return run(&options, lie, ids, reterr);
}
