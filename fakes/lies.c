/* lies.c: the list of all lies. */
#include <string.h>

#include "fakes/liar.h"

static const struct lie *const families[] = {
    lies_about_names,       lies_about_publishing, lies_about_payloads,     lies_about_reading,
    lies_about_groups,      lies_about_settling,   lies_about_waiting,      lies_about_crashes,
    lies_about_keeping,     lies_about_partitions, lies_about_dead_letters, lies_about_itself,
    lies_about_connections,
};

enum { FAMILY_COUNT = sizeof(families) / sizeof(families[0]) };

const struct lie *lie_at(size_t index)
{
    for (size_t i = 0; i < FAMILY_COUNT; i++)
        for (const struct lie *lie = families[i]; lie->name; lie++)
            if (index-- == 0)
                return lie;
    return NULL;
}

const struct lie *lie_find(const char *name)
{
    for (size_t i = 0; lie_at(i); i++)
        if (strcmp(lie_at(i)->name, name) == 0)
            return lie_at(i);
    return NULL;
}
