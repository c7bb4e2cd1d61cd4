/* test_matrix_settling.c: lies about settling, dead letters, and the clauses that must catch them.
 */
#include "support/matrix.h"
#include "support/unit.h"

static void every_lie_about_settling_is_caught(void **state)
{
    (void)state;
    matrix_hold(lies_about_settling);
}

static void every_lie_about_dead_letters_is_caught(void **state)
{
    (void)state;
    matrix_hold(lies_about_dead_letters);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lie_about_settling_is_caught),
        cmocka_unit_test(every_lie_about_dead_letters_is_caught),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
