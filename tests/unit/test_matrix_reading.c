/* test_matrix_reading.c: lies about reading, and the clauses that must catch them. */
#include "support/matrix.h"
#include "support/unit.h"

static void every_lie_about_reading_is_caught(void **state)
{
    (void)state;
    matrix_hold(lies_about_reading);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lie_about_reading_is_caught),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
