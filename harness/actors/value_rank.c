/* value_rank.c: which of two values a reader would call the greater one. */
#include <stdlib.h>
#include <string.h>

#include "actors/value_compare.h"

static int order_doubles(long double a, long double b)
{
    return (a > b) - (a < b);
}

/* Integers of any size fit: their digits are compared, not what a double keeps of them. */
static bool is_whole(const struct value *value)
{
    return value->text[strspn(value->text, "0123456789")] == '\0';
}

static int order_digits(const char *a, size_t a_size, const char *b, size_t b_size)
{
    while (a_size > 1 && *a == '0')
        a++, a_size--;
    while (b_size > 1 && *b == '0')
        b++, b_size--;
    if (a_size != b_size)
        return a_size > b_size ? 1 : -1;
    return memcmp(a, b, a_size);
}

static int order_numbers(const struct value *a, const struct value *b)
{
    if (is_whole(a) && is_whole(b))
        return order_digits(a->text, a->size, b->text, b->size);
    return order_doubles(strtold(a->text, NULL), strtold(b->text, NULL));
}

/* "1700000000000-3": numbers with dashes between them. */
static bool is_dashed(const struct value *value)
{
    return value->size > 0 && strspn(value->text, "0123456789-") == value->size &&
           memchr(value->text, '-', value->size) && value->text[0] != '-';
}

static int order_dashed(const char *a, const char *b)
{
    for (;;) {
        size_t a_size = strspn(a, "0123456789"), b_size = strspn(b, "0123456789");
        int order = order_digits(a, a_size, b, b_size);

        if (order != 0)
            return order;
        a += a_size;
        b += b_size;
        if (*a == '\0' || *b == '\0')
            return (*a != '\0') - (*b != '\0');
        a++;
        b++;
    }
}

bool value_rank(const struct value *a, const struct value *b, int *ret_order)
{
    if (a->kind == VALUE_NUMBER && b->kind == VALUE_NUMBER) {
        *ret_order = order_numbers(a, b);
        return true;
    }
    if (a->kind != VALUE_STRING || b->kind != VALUE_STRING)
        return false;
    if (is_dashed(a) && is_dashed(b))
        *ret_order = order_dashed(a->text, b->text);
    else
        *ret_order = value_order(a, b);
    return true;
}
