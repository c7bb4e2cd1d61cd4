/* test_matrix_keeping.c: lies about keeping, partitions, and the clauses that must catch them. */
#include "support/matrix.h"
#include "support/unit.h"

static void every_lie_about_keeping_is_caught(void **state)
{
    (void)state;
    matrix_hold(lies_about_keeping);
}

static void every_lie_about_partitions_is_caught(void **state)
{
    (void)state;
    matrix_hold(lies_about_partitions);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lie_about_keeping_is_caught),
        cmocka_unit_test(every_lie_about_partitions_is_caught),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
