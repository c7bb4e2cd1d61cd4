/* test_matrix_connections.c: lies about lost connections and a server that is gone, and the clauses
   that must catch them; the Redis adapters against the fake server, in virtual time. */
#include "support/matrix.h"
#include "support/unit.h"

static void every_lie_about_connections_is_caught(void **state)
{
    (void)state;
    matrix_hold(lies_about_connections);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lie_about_connections_is_caught),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
