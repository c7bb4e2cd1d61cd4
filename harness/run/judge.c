/* judge.c: expectations one by one, the contract that always holds, and the verdict of the whole.
 */
#include "base/memory.h"
#include "run/expect.h"
#include "run/failed.h"
#include "run/known.h"
#include "run/own_limit.h"
#include "run/stage.h"

static void weigh(struct result *result, const struct result_expectation *expectation)
{
    if (expectation->is_known)
        result_note(result, "failed as known: %s: %s", expectation->text, expectation->reason);
    else if (expectation->verdict != VERDICT_PASS)
        result_judge(result, expectation->verdict, "%s: %s", expectation->text,
                     expectation->reason ? expectation->reason : "not met");
}

/* Only a scenario with consumers can say anything about what is delivered. */
static bool can_judge_delivery(const struct stage *stage)
{
    return stage->cast.consumer_count > 0 && !stage->options->check_off;
}

/* Anything stored that was not there at the start and is not in the books, or is missing: said, not
   judged, because retention and other writers are legal. */
static void compare_stored(struct stage *stage)
{
    struct ledger_counts counts = ledger_count(stage->cast.ledger, -1);

    for (size_t i = 0; i < stage->result->broker_count; i++) {
        int64_t stored = stage->result->brokers[i].stored;

        if (stage->result->broker_count == 1 && stored >= 0 && counts.unknown == 0 &&
            stage->scenario->names == SCENARIO_NAMES_PRIVATE && stage->scenario->retain == 0 &&
            stage->brokers.items[i].endpoint.declared & ADAPTER_REPLAY &&
            stored != (int64_t)counts.accepted)
            result_note(stage->result,
                        "broker %s stores %lld entries at the end, and this run had %llu accepted: "
                        "somebody else removed or added some",
                        stage->result->brokers[i].name, (long long)stored,
                        (unsigned long long)counts.accepted);
    }
}

void stage_judge(struct stage *stage)
{
    const struct scenario *scenario = stage->scenario;
    struct result *result = stage->result;

    if (stage->is_interrupted)
        result_judge(result, VERDICT_INCONCLUSIVE, "interrupted before the end");
    if (stage_has_loss(stage))
        result_judge(result, VERDICT_INCONCLUSIVE,
                     "the process of an adapter ended before the run did: the notes have its last "
                     "words");
    faults_judge(stage->faults);
    if (stage->options->check_off)
        result_note(result, "messages were not checked: this run proves nothing about the broker");
    result->expectations =
        memory_new(scenario->expectation_count + 1, sizeof(*result->expectations));
    for (size_t i = 0; i < scenario->expectation_count; i++)
        expect_decide(stage, &scenario->expectations[i],
                      &result->expectations[result->expectation_count++]);
    if (can_judge_delivery(stage))
        expect_contract(stage, &result->expectations[result->expectation_count++]);
    known_mark(stage);
    for (size_t i = 0; i < result->expectation_count; i++)
        weigh(result, &result->expectations[i]);
    known_judge(stage);
    failed_list(stage);
    compare_stored(stage);
    own_limit_note(stage);
}
