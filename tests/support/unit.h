/* unit.h: cmocka and what it needs first, in the one order that works. */
#ifndef SUPPORT_UNIT_H
#define SUPPORT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Two doubles at most `margin` apart; cmocka's own comparison rounds them to floats first. */
static inline __attribute__((unused)) void
unit_assert_close(double value, double expected, double margin, const char *file, int line)
{
    if (!(value - expected <= margin && expected - value <= margin)) {
        print_error("%g is not %g (give or take %g)\n", value, expected, margin);
        _fail(file, line);
    }
}

#define assert_close(value, expected, margin)                                                      \
    unit_assert_close(value, expected, margin, __FILE__, __LINE__)

#endif
