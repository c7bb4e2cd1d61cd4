/* test_conform.c: a conformance run: who is bound, what is run, and what follows from it. */
#include "run/conform.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fakes/liar.h"
#include "port.h"
#include "run/instance.h"
#include "support/conform_suite.h"

/* --- Verdicts -------------------------------------------------------------------------------- */

static void the_whole_follows_the_required_clauses(void **state)
{
    static const struct {
        const char *text;
        bool is_strict;
        enum verdict verdict;
        const char *reason;
    } cases[] = {
        {SUITE(SUITE_PASS), false, VERDICT_PASS, "1 of 1 required clause passed"},
        {SUITE(SUITE_PASS SUITE_FAIL), false, VERDICT_FAIL, "1 required clause failed"},
        {SUITE(SUITE_PASS SUITE_OPEN), false, VERDICT_INCONCLUSIVE,
         "1 required clause could not be decided"},
        {SUITE(SUITE_FAIL SUITE_OPEN), false, VERDICT_FAIL, "1 required clause failed"},
        {SUITE(SUITE_PASS SUITE_OPTIONAL), false, VERDICT_PASS, "1 of 1 required clause passed"},
        {SUITE(SUITE_PASS SUITE_LINK), false, VERDICT_PASS,
         "1 of 2 required clauses passed, 1 not run"},
        {SUITE(SUITE_PASS SUITE_LINK), true, VERDICT_INCONCLUSIVE,
         "1 required clause could not be decided"},
        {SUITE(SUITE_OPTIONAL), true, VERDICT_PASS, "0 of 0 required clauses passed"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct clauses clauses = suite_read(cases[i].text);
        struct conform_options options = suite_options(&clauses);
        struct conformance *conformance;

        options.is_strict = cases[i].is_strict;
        conformance = suite_run(&options);
        if (conformance->verdict != cases[i].verdict ||
            strcmp(conformance->verdict_reason, cases[i].reason) != 0)
            fail_msg("%zu: %s: %s", i, verdict_name(conformance->verdict),
                     conformance->verdict_reason);
        conformance_free(conformance);
        clauses_release(&clauses);
    }
}

static void a_failure_says_where_why_and_how_to_see_it_again(void **state)
{
    struct clauses clauses = suite_read(SUITE(SUITE_PASS SUITE_FAIL));
    struct conform_options options = suite_options(&clauses);
    struct conformance *conformance = suite_run(&options);
    const struct conformance_clause *clause = suite_find(conformance, "X-2");

    (void)state;
    assert_int_equal(clause->verdict, CONFORMANCE_FAIL);
    assert_string_equal(clause->place, "suite.yaml:17");
    assert_non_null(clause->reason);
    assert_true(clause->evidence_count > 0);
    assert_string_equal(clause->command, "gauntlet conform inline --clause X-2 --seed 7");
    assert_int_equal(strncmp(clause->document, "clause: X-2\n", 12), 0);
    assert_true(clause->is_virtual);
    assert_int_equal(clause->attempt_count, 1);
    clause = suite_find(conformance, "X-1");
    assert_int_equal(clause->verdict, CONFORMANCE_PASS);
    assert_null(clause->reason);
    conformance_free(conformance);
    clauses_release(&clauses);
}

static void rounds_have_streams_of_their_own_and_end_at_the_first_failure(void **state)
{
    static const char text[] = SUITE(
        "  - {clause: X-1, says: x, rounds: 4, steps: [{publish: {stream: s, message: {n: 1}}},\n"
        "      {drain: {stream: s, group: g, expect: {count: 1}}}]}\n"
        "  - {clause: X-2, says: x, rounds: 4, steps: [{ping: {expect: false}}]}\n");
    struct clauses clauses = suite_read(text);
    struct conform_options options = suite_options(&clauses);
    struct conformance *conformance = suite_run(&options);

    (void)state;
    assert_int_equal(suite_find(conformance, "X-1")->verdict, CONFORMANCE_PASS);
    assert_int_equal(suite_find(conformance, "X-1")->round_count, 4);
    assert_int_equal(suite_find(conformance, "X-2")->verdict, CONFORMANCE_FAIL);
    assert_int_equal(suite_find(conformance, "X-2")->round_count, 1);
    conformance_free(conformance);
    clauses_release(&clauses);
}

static void a_real_clause_runs_on_the_real_clock(void **state)
{
    static const char text[] =
        SUITE("  - {clause: X-1, says: x, real: true, steps: [{ping: {expect: true}}]}\n"
              "  - {clause: X-2, says: x, steps: [{wait: 1h}, {ping: {expect: true}}], limit: 1h}\n"
              "  - {clause: X-3, says: x, steps: [{wait: 1h}, {ping: {expect: true}}]}\n");
    struct clauses clauses = suite_read(text);
    struct conform_options options = suite_options(&clauses);
    struct conformance *conformance = suite_run(&options);

    (void)state;
    assert_int_equal(suite_find(conformance, "X-1")->verdict, CONFORMANCE_PASS);
    assert_false(suite_find(conformance, "X-1")->is_virtual);
    assert_true(suite_find(conformance, "X-2")->is_virtual);
    assert_true(suite_find(conformance, "X-2")->elapsed_ns >= 3600000000000u);
    assert_int_not_equal(suite_find(conformance, "X-3")->verdict, CONFORMANCE_PASS);
    conformance_free(conformance);
    clauses_release(&clauses);
}

static void everything_can_be_run_side_by_side_in_real_time(void **state)
{
    struct clauses clauses = suite_read(SUITE(SUITE_PASS SUITE_FAIL SUITE_OPEN SUITE_OPTIONAL));
    struct conform_options options = suite_options(&clauses);
    struct conformance *conformance;

    (void)state;
    options.time = CONFORM_TIME_REAL;
    conformance = suite_run(&options);
    assert_int_equal(suite_find(conformance, "X-1")->verdict, CONFORMANCE_PASS);
    assert_int_equal(suite_find(conformance, "X-2")->verdict, CONFORMANCE_FAIL);
    assert_int_equal(suite_find(conformance, "X-3")->verdict, CONFORMANCE_INCONCLUSIVE);
    assert_int_equal(suite_find(conformance, "X-4")->verdict, CONFORMANCE_FAIL);
    assert_false(suite_find(conformance, "X-1")->is_virtual);
    conformance_free(conformance);
    clauses_release(&clauses);
}

/* --- Who is bound ---------------------------------------------------------------------------- */

static void what_is_missing_is_named(void **state)
{
    static const struct {
        const char *keys;
        const char *setting;
        enum conformance_verdict verdict;
        const char *reason;
    } cases[] = {
        {"needs: [ACK_NACK]", "declare=SIMPLE_QUEUING", CONFORMANCE_NOT_APPLICABLE,
         "ACK_NACK is not declared"},
        {"needs: [CONSUMER_GROUPS, REPLAY]", "declare=SIMPLE_QUEUING", CONFORMANCE_NOT_APPLICABLE,
         "REPLAY is not declared"},
        {"needs: [CONSUMER_GROUPS]", "declare=SIMPLE_QUEUING", CONFORMANCE_PASS, NULL},
        {"world: [link]", "declare=SIMPLE_QUEUING", CONFORMANCE_NOT_RUN,
         "the broker lives in this process: there is no link to break"},
        {"world: [server]", "declare=SIMPLE_QUEUING", CONFORMANCE_NOT_RUN,
         "the broker lives in this process: there is no server to drive"},
        {"world: [child, tamper]", "max_retries=2", CONFORMANCE_PASS, NULL},
        {"facts: [trims, dlq_populated_by=broker]", "max_retries=2", CONFORMANCE_PASS, NULL},
        {"facts: [dlq_populated_by=caller]", "max_retries=2", CONFORMANCE_NOT_APPLICABLE,
         "the profile says dlq_populated_by: broker"},
        {"facts: [block_cap_ms]", "max_retries=2", CONFORMANCE_NOT_RUN,
         "needs 'block_cap_ms' in the profile"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        char *text = memory_format("clause: X-1\nsays: x\n%s\nsteps: [{ping: {expect: true}}]\n",
                                   cases[i].keys);
        struct clauses clauses = suite_read(text);
        struct conform_options options = suite_options(&clauses);
        struct conformance *conformance;
        const struct conformance_clause *clause;

        options.settings = &cases[i].setting;
        options.setting_count = 1;
        conformance = suite_run(&options);
        clause = suite_find(conformance, "X-1");
        if (clause->verdict != cases[i].verdict ||
            (cases[i].reason && strcmp(clause->reason, cases[i].reason) != 0))
            fail_msg("%zu: %s: %s", i, conformance_verdict_name(clause->verdict),
                     clause->reason ? clause->reason : "no reason");
        conformance_free(conformance);
        clauses_release(&clauses);
        free(text);
    }
}

static void a_profile_on_file_stands_above_the_adapters_own(void **state)
{
    static const char text[] =
        "clause: X-1\nsays: x\nfacts: [block_cap_ms, dlq_populated_by=caller]\n"
        "steps:\n"
        "  - check: {value: $profile.block_cap_ms, expect: 700}\n"
        "  - check: {value: $profile.dlq_populated_by, expect: caller}\n";
    char cap[] = "block_cap_ms", number[] = "700", who[] = "dlq_populated_by", caller[] = "caller";
    struct clause_fact facts[] = {{cap, number}, {who, caller}};
    const struct clause_profile profile = {.facts = facts, .fact_count = 2};
    struct clauses clauses = suite_read(text);
    struct conform_options options = suite_options(&clauses);
    struct conformance *conformance;

    (void)state;
    options.profile = &profile;
    conformance = suite_run(&options);
    assert_int_equal(suite_find(conformance, "X-1")->verdict, CONFORMANCE_PASS);
    conformance_free(conformance);
    clauses_release(&clauses);
}

static void what_a_clause_takes_away_is_gone_with_all_that_stands_on_it(void **state)
{
    static const char text[] =
        "clause: X-1\nsays: x\nwithout: [CONSUMER_GROUPS]\n"
        "steps:\n"
        "  - check: {value: $declared, expect: {not: {contains: CONSUMER_GROUPS}}}\n"
        "  - check: {value: $declared, expect: {not: {contains: DELIVERY_GUARANTEES}}}\n"
        "  - check: {value: $declared, expect: {contains: REPLAY}}\n"
        "  - publish: {stream: s, message: {n: 1}}\n"
        "  - get_next: {stream: s, group: g, raw: true, expect: {empty: true}}\n";
    struct clauses clauses = suite_read(text);
    struct conform_options options = suite_options(&clauses);
    struct conformance *conformance = suite_run(&options);

    (void)state;
    if (suite_find(conformance, "X-1")->verdict != CONFORMANCE_PASS)
        fail_msg("%s", suite_find(conformance, "X-1")->reason);
    conformance_free(conformance);
    clauses_release(&clauses);
}

static void options_of_a_clause_reach_the_adapter_where_it_has_them(void **state)
{
    static const char text[] =
        "clause: X-1\nsays: x\noptions: {max_retries: 0, retry_delay: 1ms, no_such_option: 3}\n"
        "steps:\n"
        "  - publish: {stream: s, message: {n: 1}, as: m}\n"
        "  - get_next: {stream: s, group: g, expect: $m}\n"
        "  - nack: {stream: s, group: g, id: $m, expect: true}\n"
        "  - dlq_depth: {queue: '{s}:dlq', within: 1s, expect: 1}\n";
    struct clauses clauses = suite_read(text);
    struct conform_options options = suite_options(&clauses);
    struct conformance *conformance = suite_run(&options);

    (void)state;
    assert_int_equal(suite_find(conformance, "X-1")->verdict, CONFORMANCE_PASS);
    conformance_free(conformance);
    clauses_release(&clauses);
}

/* --- Chosen ---------------------------------------------------------------------------------- */

static void clauses_are_chosen_by_id_capability_and_core(void **state)
{
    static const char *const pattern = "x-[12]", *const exact = "X-4", *const ack = "ACK_NACK",
                             *const tier = "SIMPLE_QUEUING";
    static const struct {
        const char *const *ids, *const *capabilities;
        bool core_only;
        size_t count;
    } cases[] = {
        {NULL, NULL, false, 5},     {&pattern, NULL, false, 2}, {&exact, NULL, false, 1},
        {NULL, &ack, false, 1},     {NULL, &tier, false, 2},    {NULL, NULL, true, 1},
        {&pattern, &ack, false, 1},
    };
    struct clauses clauses =
        suite_read(SUITE(SUITE_PASS SUITE_FAIL SUITE_OPEN SUITE_OPTIONAL SUITE_LINK));

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct conform_options options = suite_options(&clauses);
        struct conformance *conformance;

        options.ids = cases[i].ids;
        options.id_count = cases[i].ids ? 1 : 0;
        options.capabilities = cases[i].capabilities;
        options.capability_count = cases[i].capabilities ? 1 : 0;
        options.core_only = cases[i].core_only;
        conformance = suite_run(&options);
        assert_int_equal(conformance->clause_count, cases[i].count);
        conformance_free(conformance);
    }
    clauses_release(&clauses);
}

static void says_what_is_wrong_with_what_it_is_asked(void **state)
{
    static const struct {
        const char *clause; /* more keys of the one clause */
        const char *id, *capability, *setting;
        const char *message;
        enum error_kind kind;
    } cases[] = {
        {"", "X-9", NULL, NULL, "there is no clause 'X-9': did you mean 'X-1'?", ERROR_USAGE},
        {"", "DLV-*", NULL, NULL,
         "there is no clause 'DLV-*': say an id such as ACK-02, or a pattern such as 'ACK-*'",
         ERROR_USAGE},
        {"", NULL, "ACKNACK", NULL, "there is no capability 'ACKNACK': did you mean 'ACK_NACK'?",
         ERROR_USAGE},
        {"", NULL, "REPLAY", NULL,
         "no clause is chosen: nothing fits all of --clause, --capability and --core", ERROR_USAGE},
        {"", NULL, NULL, "declare", "--set 'declare': say option=value", ERROR_USAGE},
        {"", NULL, NULL, "max_retires=3", NULL, ERROR_USAGE},
        {"needs: [ACKNOWLEDGE]", NULL, NULL, NULL,
         "clause X-1: there is no capability 'ACKNOWLEDGE': 'gauntlet adapters' shows what there "
         "is",
         ERROR_SCENARIO},
        {"options: {retry_delay: soon}", NULL, NULL, NULL, NULL, ERROR_SCENARIO},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        char *text = memory_format("clause: X-1\nsays: x\n%s\nsteps: [{ping: {expect: true}}]\n",
                                   cases[i].clause);
        struct clauses clauses = suite_read(text);
        struct conform_options options = suite_options(&clauses);
        struct conformance *conformance = NULL;
        struct error error = {0};

        options.ids = &cases[i].id;
        options.id_count = cases[i].id ? 1 : 0;
        options.capabilities = &cases[i].capability;
        options.capability_count = cases[i].capability ? 1 : 0;
        options.settings = &cases[i].setting;
        options.setting_count = cases[i].setting ? 1 : 0;
        assert_int_equal(conform_run(&options, &conformance, &error), -1);
        assert_null(conformance);
        if ((cases[i].message && strcmp(error.message, cases[i].message) != 0) ||
            error.kind != cases[i].kind)
            fail_msg("%zu: (%d) %s", i, (int)error.kind, error.message);
        clauses_release(&clauses);
        free(text);
    }
}

static void words_of_steps_are_checked_before_anything_runs(void **state)
{
    struct clauses clauses =
        suite_read("clause: X-1\nsays: x\nsteps:\n  - ping: {}\n  - pign: {}\n");
    struct conform_options options = suite_options(&clauses);
    struct error error = {0};

    (void)state;
    assert_int_equal(conform_check(&options, &error), -1);
    assert_int_equal(error.kind, ERROR_SCENARIO);
    assert_int_equal(error.place.line, 5);
    assert_int_equal(strncmp(error.message, "clause X-1: ", 12), 0);
    clauses_release(&clauses);
}

static void a_server_is_not_reached_in_virtual_time(void **state)
{
    struct clauses clauses = suite_read(SUITE(SUITE_PASS));
    struct conform_options options = suite_options(&clauses);
    struct error error = {0};

    (void)state;
    options.adapter = registry_find("redis", NULL);
    options.time = CONFORM_TIME_VIRTUAL;
    assert_int_equal(conform_check(&options, &error), -1);
    assert_string_equal(error.message,
                        "adapter redis speaks to a server and cannot run in virtual time");
    clauses_release(&clauses);
}

static void a_server_that_is_not_there_is_said(void **state)
{
    struct clauses clauses = suite_read(SUITE(SUITE_PASS));
    struct conform_options options = suite_options(&clauses);
    struct conformance *conformance = NULL;
    struct error error = {0};

    (void)state;
    options.adapter = registry_find("redis", NULL);
    options.uri = "redis://127.0.0.1:1/0";
    options.uri_shown = "redis://127.0.0.1:1/0";
    assert_int_equal(conform_run(&options, &conformance, &error), -1);
    assert_int_equal(error.kind, ERROR_ADAPTER);
    assert_int_equal(
        strncmp(error.message, "redis at redis://127.0.0.1:1/0 cannot be reached: ", 50), 0);
    clauses_release(&clauses);
}

/* --- Capabilities and tiers ------------------------------------------------------------------ */

static void what_is_shown_stands_beside_what_is_declared(void **state)
{
    struct clauses clauses = suite_read(SUITE(SUITE_PASS SUITE_FAIL SUITE_OPEN));
    struct conform_options options = suite_options(&clauses);
    struct conformance *conformance = suite_run(&options);

    (void)state;
    assert_int_equal(suite_capability(conformance, "CONSUMER_GROUPS")->standing,
                     CONFORMANCE_DEMONSTRATED);
    assert_int_equal(suite_capability(conformance, "ACK_NACK")->standing, CONFORMANCE_REFUTED);
    assert_string_equal(suite_capability(conformance, "ACK_NACK")->difference,
                        "declared, and not kept: X-2: What is acknowledged once can be "
                        "acknowledged again.");
    assert_int_equal(suite_capability(conformance, "PUBLISH")->standing, CONFORMANCE_UNPROVEN);
    assert_int_equal(suite_capability(conformance, "REPLAY")->standing, CONFORMANCE_UNPROVEN);
    assert_int_equal(conformance->demonstrated, ADAPTER_CONSUMER_GROUPS);
    assert_string_equal(conformance->declared_tier, "ENTERPRISE_STREAMING");
    assert_string_equal(conformance->shown_tier, "none");
    assert_non_null(conformance->difference);
    conformance_free(conformance);
    clauses_release(&clauses);
}

#define SHOWN(number, flag)                                                                        \
    "  - {clause: X-" number ", says: x, needs: [" flag "], steps: [{ping: {expect: true}}]}\n"

static void a_tier_is_shown_by_its_clauses(void **state)
{
    static const char *const setting = "declare=RELIABLE_MESSAGING";
    struct clauses clauses = suite_read(SUITE(
        SHOWN("1", "PUBLISH") SHOWN("2", "SUBSCRIBE") SHOWN("3", "CONSUMER_GROUPS")
            SHOWN("4", "ACK_NACK") SHOWN("5", "REPLAY") "  - clause: X-6\n"
                                                        "    says: x\n"
                                                        "    needs: [DELIVERY_GUARANTEES]\n"
                                                        "    steps: [{ping: {expect: false}}]\n"
                                                        "  - clause: X-7\n"
                                                        "    says: x\n"
                                                        "    derive: backs_flags\n"));
    struct conform_options options = suite_options(&clauses);
    struct conformance *conformance;

    (void)state;
    options.settings = &setting;
    options.setting_count = 1;
    conformance = suite_run(&options);
    assert_string_equal(conformance->declared_tier, "RELIABLE_MESSAGING");
    assert_string_equal(conformance->shown_tier, "SIMPLE_QUEUING");
    assert_string_equal(conformance->difference,
                        "declares RELIABLE_MESSAGING; demonstrates SIMPLE_QUEUING: "
                        "DELIVERY_GUARANTEES is not kept: X-6: x");
    assert_string_equal(conformance->tiers[1].sentence,
                        "SIMPLE_QUEUING demonstrated by 3 of 4 clauses; 1 failed");
    assert_int_equal(suite_find(conformance, "X-5")->verdict, CONFORMANCE_NOT_APPLICABLE);
    assert_int_equal(suite_find(conformance, "X-7")->verdict, CONFORMANCE_FAIL);
    assert_string_equal(suite_find(conformance, "X-7")->reason,
                        "over-declared: DELIVERY_GUARANTEES, by X-6");
    conformance_free(conformance);
    clauses_release(&clauses);
}

/* --- Luck and interruption ------------------------------------------------------------------- */

static void equal_seeds_give_equal_results(void **state)
{
    struct clauses clauses = suite_read(SUITE(SUITE_PASS SUITE_FAIL));
    struct conform_options options = suite_options(&clauses);
    struct conformance *one = suite_run(&options), *other = suite_run(&options);
    const struct conformance_clause *left = suite_find(one, "X-2");
    const struct conformance_clause *right = suite_find(other, "X-2");

    (void)state;
    assert_string_equal(one->run_id, other->run_id);
    assert_string_equal(left->reason, right->reason);
    assert_int_equal(left->elapsed_ns, right->elapsed_ns);
    assert_int_equal(left->evidence_count, right->evidence_count);
    for (size_t i = 0; i < left->evidence_count; i++)
        assert_string_equal(left->evidence[i], right->evidence[i]);
    conformance_free(one);
    conformance_free(other);
    clauses_release(&clauses);
}

static void an_interrupted_run_is_partial_and_undecided(void **state)
{
    static const volatile sig_atomic_t stop = 1;
    static const enum conform_time times[] = {CONFORM_TIME_BEST, CONFORM_TIME_REAL};
    struct clauses clauses = suite_read(SUITE(SUITE_PASS SUITE_FAIL));

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
        struct conform_options options = suite_options(&clauses);
        struct conformance *conformance;

        options.stop = &stop;
        options.time = times[i];
        conformance = suite_run(&options);
        assert_true(conformance->is_partial);
        if (times[i] == CONFORM_TIME_BEST) {
            assert_int_equal(conformance->verdict, VERDICT_INCONCLUSIVE);
            assert_int_equal(suite_find(conformance, "X-1")->verdict, CONFORMANCE_NOT_RUN);
            assert_string_equal(suite_find(conformance, "X-1")->reason, "interrupted");
        }
        conformance_free(conformance);
    }
    clauses_release(&clauses);
}

/* The first publish of all gets no answer in time. */
static size_t unanswered_count;

static void leave_unanswered(struct lie_call *call)
{
    if (unanswered_count++ > 0)
        return;
    lie_hold(call, 950000000u);
    lie_tell_error(call, ADAPTER_ERROR_CONNECTION);
}

static void wrap_unanswered(void *context, const struct broker_adapter **adapter,
                            struct adapter_instance **instance)
{
    static const struct lie lie = {
        .name = "is_held_up", .on = LIE_ON(PUBLISH), .ask = leave_unanswered};

    (void)context;
    liar_wrap(adapter, instance, &lie);
}

static void a_clause_whose_call_got_no_answer_is_run_again(void **state)
{
    static const struct instance_decorator decorator = {.wrap = wrap_unanswered};
    struct clauses clauses = suite_read(SUITE(SUITE_PASS));
    struct conform_options options = suite_options(&clauses);
    struct conformance *conformance;

    (void)state;
    options.decorator = &decorator;
    options.time = CONFORM_TIME_REAL;
    conformance = suite_run(&options);
    assert_int_equal(suite_find(conformance, "X-1")->verdict, CONFORMANCE_PASS);
    assert_true(suite_find(conformance, "X-1")->attempt_count >= 2);
    conformance_free(conformance);
    clauses_release(&clauses);
}

/* --- A count for the whole server --------------------------------------------------------------
 */

static size_t look_count;

/* The first look meets what others are at; whoever looks alone sees what is. */
static void look_for_all(struct lie_call *call)
{
    if (look_count++ == 0)
        lie_tell_error(call, ADAPTER_ERROR_OTHER);
}

static void wrap_counted(void *context, const struct broker_adapter **adapter,
                         struct adapter_instance **instance)
{
    static const struct lie lie = {
        .name = "counts_for_all", .on = LIE_ON(HEALTH_STATS), .ask = look_for_all};

    (void)context;
    liar_wrap(adapter, instance, &lie);
}

static const struct conformance_clause *look(const char *text, struct conformance **ret_conformance,
                                             struct clauses *clauses)
{
    static const struct instance_decorator decorator = {.wrap = wrap_counted};

    *clauses = suite_read(text);
    struct conform_options options = suite_options(clauses);

    look_count = 0;
    options.decorator = &decorator;
    options.time = CONFORM_TIME_REAL;
    *ret_conformance = suite_run(&options);
    return suite_find(*ret_conformance, "X-8");
}

#define SUITE_LOOK                                                                                 \
    "  - clause: X-8\n"                                                                            \
    "    says: It is well.\n"                                                                      \
    "    needs: [CONSUMER_GROUPS]\n"                                                               \
    "    steps: [{health_stats: {expect: {not: null}}}, {wait: 50ms}]\n"

static void what_failed_by_a_count_among_others_is_looked_at_alone(void **state)
{
    struct conformance *conformance;
    struct clauses clauses;

    (void)state;
    const struct conformance_clause *clause =
        look(SUITE(SUITE_PASS SUITE_LOOK), &conformance, &clauses);
    assert_int_equal(clause->verdict, CONFORMANCE_PASS);
    assert_int_equal(clause->attempt_count, 2);
    conformance_free(conformance);
    clauses_release(&clauses);

    clause = look(SUITE(SUITE_LOOK), &conformance, &clauses);
    assert_int_equal(clause->verdict, CONFORMANCE_FAIL);
    assert_int_equal(clause->attempt_count, 1);
    conformance_free(conformance);
    clauses_release(&clauses);
}

struct heard {
    size_t trace_count;
    bool is_named;
};

static void on_trace(void *context, const char *clause, const char *line)
{
    struct heard *heard = context;

    heard->trace_count++;
    heard->is_named = strcmp(clause, "X-1") == 0 && line[0];
}

static void a_trace_has_a_line_for_every_call(void **state)
{
    struct clauses clauses = suite_read(SUITE(SUITE_PASS));
    struct conform_options options = suite_options(&clauses);
    struct heard heard = {0};

    (void)state;
    options.trace = on_trace;
    options.context = &heard;
    conformance_free(suite_run(&options));
    assert_true(heard.trace_count >= 2);
    assert_true(heard.is_named);
    clauses_release(&clauses);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_follows_the_required_clauses),
        cmocka_unit_test(a_failure_says_where_why_and_how_to_see_it_again),
        cmocka_unit_test(rounds_have_streams_of_their_own_and_end_at_the_first_failure),
        cmocka_unit_test(a_real_clause_runs_on_the_real_clock),
        cmocka_unit_test(everything_can_be_run_side_by_side_in_real_time),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(a_profile_on_file_stands_above_the_adapters_own),
        cmocka_unit_test(what_a_clause_takes_away_is_gone_with_all_that_stands_on_it),
        cmocka_unit_test(options_of_a_clause_reach_the_adapter_where_it_has_them),
        cmocka_unit_test(clauses_are_chosen_by_id_capability_and_core),
        cmocka_unit_test(says_what_is_wrong_with_what_it_is_asked),
        cmocka_unit_test(words_of_steps_are_checked_before_anything_runs),
        cmocka_unit_test(a_server_is_not_reached_in_virtual_time),
        cmocka_unit_test(a_server_that_is_not_there_is_said),
        cmocka_unit_test(what_is_shown_stands_beside_what_is_declared),
        cmocka_unit_test(a_tier_is_shown_by_its_clauses),
        cmocka_unit_test(equal_seeds_give_equal_results),
        cmocka_unit_test(an_interrupted_run_is_partial_and_undecided),
        cmocka_unit_test(a_clause_whose_call_got_no_answer_is_run_again),
        cmocka_unit_test(what_failed_by_a_count_among_others_is_looked_at_alone),
        cmocka_unit_test(a_trace_has_a_line_for_every_call),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
