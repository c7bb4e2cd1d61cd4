/* test_matrix_delivery.c: lies about names, publishing, payloads, waiting, and the clauses that
 * must catch them. */
#include "support/matrix.h"
#include "support/unit.h"

static void every_lie_about_names_is_caught(void **state)
{
    (void)state;
    matrix_hold(lies_about_names);
}

static void every_lie_about_publishing_is_caught(void **state)
{
    (void)state;
    matrix_hold(lies_about_publishing);
}

static void every_lie_about_payloads_is_caught(void **state)
{
    (void)state;
    matrix_hold(lies_about_payloads);
}

static void every_lie_about_waiting_is_caught(void **state)
{
    (void)state;
    matrix_hold(lies_about_waiting);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lie_about_names_is_caught),
        cmocka_unit_test(every_lie_about_publishing_is_caught),
        cmocka_unit_test(every_lie_about_payloads_is_caught),
        cmocka_unit_test(every_lie_about_waiting_is_caught),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
