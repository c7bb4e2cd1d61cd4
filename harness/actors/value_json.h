/* value_json.h: values from JSON text, to JSON text, and shortened for people. */
#ifndef ACTORS_VALUE_JSON_H
#define ACTORS_VALUE_JSON_H

#include "actors/value.h"
#include "base/text.h"

/* The value a JSON text stands for (gives), or NULL when the text is no JSON. */
struct value *value_parse(const char *text, size_t size);
/* Is this the text of one JSON number? */
bool value_is_number(const char *text, size_t size);

/* Append the whole value as JSON: {"n": 1, "list": [true, null]}. */
void value_write(struct text *text, const struct value *value);
/* The same for people: cut with "..." after about `limit` bytes. */
void value_show(struct text *text, const struct value *value, size_t limit);

#endif
