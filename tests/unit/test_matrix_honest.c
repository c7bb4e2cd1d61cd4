/* test_matrix_honest.c: an honest broker in this process is caught by no clause. */
#include "support/matrix.h"
#include "support/unit.h"

static void an_honest_broker_in_this_process_fails_no_clause(void **state)
{
    (void)state;
    matrix_hold_honest("inline", 180);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_broker_in_this_process_fails_no_clause),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
