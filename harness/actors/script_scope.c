/* script_scope.c: names and what they stand for. */
#include "actors/script_scope.h"

#include <string.h>

void scope_bind(struct scope *scope, const char *name, struct value *value)
{
    struct value *before = map_get(&scope->names, name, strlen(name));

    map_set(&scope->names, name, strlen(name), value);
    value_drop(before);
}

struct value *scope_find(const struct scope *scope, const char *name)
{
    for (; scope; scope = scope->parent) {
        struct value *value = map_get(&scope->names, name, strlen(name));

        if (value)
            return value;
    }
    return NULL;
}

void scope_release(struct scope *scope)
{
    for (size_t i = 0; i < scope->names.count; i++)
        value_drop(scope->names.entries[i].value);
    map_release(&scope->names);
}
