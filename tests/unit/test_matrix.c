/* test_matrix.c: the list of lies is complete. */
#include "support/matrix.h"

#include <string.h>

#include "support/unit.h"

static struct clauses load(void)
{
    struct clauses clauses = {0};
    struct error error = {0};

    if (matrix_clauses(&clauses, &error) < 0)
        fail_msg("%s", error.message);
    return clauses;
}

/* Is it one of the words? */
static bool names(const char *words, const char *id)
{
    for (const char *found = strstr(words, id); found; found = strstr(found + 1, id))
        if (found[strlen(id)] == ' ' || found[strlen(id)] == '\0')
            return true;
    return false;
}

static bool is_proved(const char *id)
{
    for (size_t i = 0; lie_at(i); i++)
        if (names(lie_at(i)->proves, id))
            return true;
    return false;
}

static void every_clause_can_fail(void **state)
{
    struct clauses clauses = load();
    size_t unproved_count = 0;

    (void)state;
    for (size_t i = 0; i < clauses.count; i++) {
        if (is_proved(clauses.items[i].id))
            continue;
        unproved_count++;
        print_message("# no lie is there for %s\n", clauses.items[i].id);
    }
    clauses_release(&clauses);
    assert_int_equal(unproved_count, 0);
}

static void every_lie_has_a_name_of_its_own_and_says_what_it_does(void **state)
{
    (void)state;
    for (size_t i = 0; lie_at(i); i++) {
        assert_ptr_equal(lie_find(lie_at(i)->name), lie_at(i));
        assert_true(strlen(lie_at(i)->says) > 10);
    }
}

/* Not a lie: it says less than it does. */
static void a_broker_that_could_declare_more_is_told(void **state)
{
    static const struct lie modesty = {.name = "is_modest", .hides = ADAPTER_STREAM_PARTITIONING};
    struct clauses clauses = load();
    struct error error = {0};
    struct conformance *conformance = matrix_run(&clauses, "inline", &modesty, NULL, &error);
    bool is_told = false;

    (void)state;
    if (!conformance)
        fail_msg("%s", error.message);
    for (size_t i = 0; i < conformance->note_count; i++)
        is_told |= strstr(conformance->notes[i].text,
                          "may be under-declared: STREAM_PARTITIONING") != NULL;
    assert_true(is_told);
    conformance_free(conformance);
    clauses_release(&clauses);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_clause_can_fail),
        cmocka_unit_test(every_lie_has_a_name_of_its_own_and_says_what_it_does),
        cmocka_unit_test(a_broker_that_could_declare_more_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
