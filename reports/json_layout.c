/* json_layout.c: JSON on lines that people, diff and grep can use. */
#include "reports/json.h"

#include <assert.h>
#include <stdlib.h>

static void put_value(json_t *value, size_t depth, struct text *text);

/* 12 digits are more than any rate is worth, and read the same everywhere. */
static void put_scalar(json_t *value, struct text *text)
{
    char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12));
    assert(dump);
    text_append_string(text, dump ? dump : "null");
    free(dump);
}

static void put_line(size_t depth, struct text *text)
{
    text_append_string(text, "\n");
    while (depth-- > 0)
        text_append_string(text, " ");
}

static void put_object(json_t *object, size_t depth, struct text *text)
{
    const char *separator = "{";
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        json_t *key = json_string(json_object_iter_key(at));
        text_append_string(text, separator);
        put_line(depth + 1, text);
        put_scalar(key, text);
        text_append_string(text, ": ");
        put_value(json_object_iter_value(at), depth + 1, text);
        json_decref(key);
        separator = ",";
    }
    put_line(depth, text);
    text_append_string(text, "}");
}

static bool is_plain(json_t *array)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *item = json_array_get(array, i);
        if (!json_is_number(item) && !json_is_null(item))
            return false;
    }
    return true;
}

static void put_array(json_t *array, size_t depth, struct text *text)
{
    bool on_one_line = is_plain(array);
    for (size_t i = 0; i < json_array_size(array); i++) {
        text_append_string(text, i == 0 ? "[" : on_one_line ? ", " : ",");
        if (!on_one_line)
            put_line(depth + 1, text);
        put_value(json_array_get(array, i), depth + 1, text);
    }
    if (!on_one_line)
        put_line(depth, text);
    text_append_string(text, "]");
}

static void put_value(json_t *value, size_t depth, struct text *text)
{
    if (json_is_object(value) && json_object_size(value) > 0)
        put_object(value, depth, text);
    else if (json_is_array(value) && json_array_size(value) > 0)
        put_array(value, depth, text);
    else
        put_scalar(value, text);
}

void json_lay_out(json_t *root, struct text *text)
{
    put_value(root, 0, text);
    text_append_string(text, "\n");
}
