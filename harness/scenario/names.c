/* names.c: names checked and found. */
#include "scenario/names.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/fields.h"

#define NAME_SIZE_MAX 64u
#define FREE_SIZE_MAX 200u

static bool is_name(const char *name)
{
    if (!isalpha((unsigned char)*name) || strlen(name) > NAME_SIZE_MAX)
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && *name != '-' && *name != '_')
            return false;
    return true;
}

int names_check(struct loader *loader, const char *what, const char *name,
                struct source_place place)
{
    if (is_name(name))
        return 0;
    return error_set_at(loader->reterr, place,
                        "'%.80s' is no name for %s: begin with a letter, go on with letters, "
                        "digits, '-' and '_', %u at most",
                        name, what, NAME_SIZE_MAX);
}

int names_check_free(struct loader *loader, const char *what, const char *name,
                     struct source_place place)
{
    size_t size = strlen(name);
    bool is_fine = size > 0 && size <= FREE_SIZE_MAX;

    for (const char *at = name; *at && is_fine; at++)
        is_fine = (unsigned char)*at > ' ';
    if (is_fine)
        return 0;
    return error_set_at(loader->reterr, place,
                        "'%.80s' is no name for %s: 1 to %u characters without spaces", name, what,
                        FREE_SIZE_MAX);
}

int names_find_broker(const struct scenario *scenario, const char *name, size_t *ret_index)
{
    for (size_t i = 0; i < scenario->broker_count; i++)
        if (strcmp(scenario->brokers[i].name, name) == 0) {
            *ret_index = i;
            return 0;
        }
    return -1;
}

int names_find_stream(const struct scenario *scenario, const char *name, size_t *ret_index)
{
    for (size_t i = 0; i < scenario->stream_count; i++)
        if (strcmp(scenario->streams[i].name, name) == 0) {
            *ret_index = i;
            return 0;
        }
    return -1;
}

int names_refuse_broker(struct loader *loader, const char *name, struct source_place place)
{
    const struct scenario *scenario = loader->scenario;
    const char **words = memory_new(scenario->broker_count, sizeof(*words));
    char suggestion[200];

    for (size_t i = 0; i < scenario->broker_count; i++)
        words[i] = scenario->brokers[i].name;
    (void)fields_suggest(name, words, scenario->broker_count, "there is", suggestion,
                         sizeof(suggestion));
    free(words);
    return error_set_at(loader->reterr, place, "there is no broker '%.60s'%s", name, suggestion);
}
