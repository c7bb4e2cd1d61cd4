/* value_compare.h: equality and order of values, and where two of them differ.

   Objects are equal whatever the order of their keys, numbers when their texts are (1 is not 1.0).
   Messages are compared by id and payload; by attempt only with a plain object that names it. */
#ifndef ACTORS_VALUE_COMPARE_H
#define ACTORS_VALUE_COMPARE_H

#include "actors/value.h"
#include "base/text.h"

bool value_equal(const struct value *a, const struct value *b);
/* A total order over all values, 0 when equal; for sorting, without meaning of its own. */
int value_order(const struct value *a, const struct value *b);
/* The items of a list sorted by value_order (gives; free, the items stay the list's). */
struct value **value_sorted(const struct value *list);

/* As a reader would: numbers by value, texts like "12-3" number by number, others by bytes.  False
   when the two cannot be compared. */
bool value_rank(const struct value *a, const struct value *b, int *ret_order);

/* Append where two unequal values part: "payload.items[3] is 1.0, expected 1". */
void value_difference(struct text *text, const struct value *actual, const struct value *expected);

#endif
