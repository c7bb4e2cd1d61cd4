/* value.c: making, sharing and taking apart JSON values. */
#include "actors/value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* One block for the value and its text. */
static struct value *make(enum value_kind kind, const char *bytes, size_t size)
{
    struct value *value = memory_new(1, sizeof(*value) + size + 1);
    char *text = (char *)(value + 1);

    value->kind = kind;
    value->references = 1;
    if (size > 0)
        memcpy(text, bytes, size);
    value->text = text;
    value->size = size;
    return value;
}

struct value *value_null(void)
{
    return make(VALUE_NULL, NULL, 0);
}

struct value *value_boolean(bool boolean)
{
    struct value *value = make(VALUE_BOOLEAN, NULL, 0);

    value->boolean = boolean;
    return value;
}

struct value *value_integer(int64_t number)
{
    char text[24];
    int size = snprintf(text, sizeof(text), "%lld", (long long)number);

    return make(VALUE_NUMBER, text, (size_t)size);
}

struct value *value_number(const char *text, size_t size)
{
    return make(VALUE_NUMBER, text, size);
}

struct value *value_string(const char *bytes, size_t size)
{
    return make(VALUE_STRING, bytes, size);
}

struct value *value_text(const char *string)
{
    return make(VALUE_STRING, string, strlen(string));
}

struct value *value_list(void)
{
    return make(VALUE_LIST, NULL, 0);
}

struct value *value_object(void)
{
    return make(VALUE_OBJECT, NULL, 0);
}

struct value *value_keep(struct value *value)
{
    value->references++;
    return value;
}

void value_drop(struct value *value)
{
    if (!value || --value->references > 0)
        return;
    for (size_t i = 0; i < value->count; i++) {
        value_drop(value->items[i]);
        if (value->keys)
            free(value->keys[i].text);
    }
    free(value->items);
    free(value->keys);
    free(value);
}

static void grow(struct value *value)
{
    if (value->count < value->capacity)
        return;
    value->capacity = value->capacity ? value->capacity * 2 : 4;
    value->items = memory_grow(value->items, value->capacity, sizeof(struct value *));
    if (value->kind == VALUE_OBJECT)
        value->keys = memory_grow(value->keys, value->capacity, sizeof(*value->keys));
}

void value_append(struct value *list, struct value *item)
{
    grow(list);
    list->items[list->count++] = item;
}

void value_set_sized(struct value *object, const char *key, size_t size, struct value *item)
{
    char *text = memory_new(size + 1, 1);

    if (size > 0)
        memcpy(text, key, size);
    grow(object);
    object->keys[object->count] = (struct value_key){text, size};
    object->items[object->count++] = item;
}

void value_set(struct value *object, const char *key, struct value *item)
{
    value_set_sized(object, key, strlen(key), item);
}

struct value *value_find(const struct value *object, const char *key, size_t size)
{
    if (!object || object->kind != VALUE_OBJECT)
        return NULL;
    for (size_t i = 0; i < object->count; i++)
        if (object->keys[i].size == size && memcmp(object->keys[i].text, key, size) == 0)
            return object->items[i];
    return NULL;
}

struct value *value_get(const struct value *object, const char *key)
{
    return value_find(object, key, strlen(key));
}

bool value_to_integer(const struct value *value, int64_t *ret_number)
{
    char *end = NULL;
    long long number;

    if (!value || value->kind != VALUE_NUMBER)
        return false;
    errno = 0;
    number = strtoll(value->text, &end, 10);
    if (errno != 0 || end != value->text + value->size)
        return false;
    *ret_number = number;
    return true;
}

const char *value_kind_name(const struct value *value)
{
    static const char *const names[] = {
        [VALUE_NULL] = "null",     [VALUE_BOOLEAN] = "boolean", [VALUE_NUMBER] = "number",
        [VALUE_STRING] = "string", [VALUE_LIST] = "list",       [VALUE_OBJECT] = "object",
    };

    return names[value->kind];
}
