/* test_matrix_groups.c: lies about groups, crashes, the broker itself, and the clauses that must
 * catch them. */
#include "support/matrix.h"
#include "support/unit.h"

static void every_lie_about_groups_is_caught(void **state)
{
    (void)state;
    matrix_hold(lies_about_groups);
}

static void every_lie_about_crashes_is_caught(void **state)
{
    (void)state;
    matrix_hold(lies_about_crashes);
}

static void every_lie_about_the_broker_itself_is_caught(void **state)
{
    (void)state;
    matrix_hold(lies_about_itself);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lie_about_groups_is_caught),
        cmocka_unit_test(every_lie_about_crashes_is_caught),
        cmocka_unit_test(every_lie_about_the_broker_itself_is_caught),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
