/* expect_when.c: the part of a run that an expectation is about, and whether it ends the run. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "scenario/expect.h"
#include "scenario/fields.h"

/* --- When ------------------------------------------------------------------------------------ */

static const struct {
    const char *word;
    enum scenario_when when;
} FAULTS[] = {
    {"before", SCENARIO_BEFORE_FAULTS},
    {"during", SCENARIO_DURING_FAULTS},
    {"after", SCENARIO_AFTER_FAULTS},
};

static bool find_faults(const struct phrase *phrase, enum scenario_when *ret_when)
{
    if (phrase->count < 2 || strcmp(phrase_word(phrase, phrase->count - 1), "faults") != 0)
        return false;
    for (size_t i = 0; i < sizeof(FAULTS) / sizeof(FAULTS[0]); i++)
        if (strcmp(FAULTS[i].word, phrase_word(phrase, phrase->count - 2)) == 0) {
            *ret_when = FAULTS[i].when;
            return true;
        }
    return false;
}

static uint64_t count_stages(const struct scenario *scenario)
{
    uint64_t most = 0;

    for (size_t i = 0; i < scenario->producer_count; i++)
        if (scenario->producers[i].stage_count > most)
            most = scenario->producers[i].stage_count;
    return most;
}

static int parse_stage(struct loader *loader, const char *word,
                       struct scenario_expectation *expectation)
{
    uint64_t most = count_stages(loader->scenario);
    int64_t stage;

    if (most == 0)
        return error_set_at(loader->reterr, expectation->place,
                            "'%.60s' can never be decided: no producer has stages",
                            expectation->text);
    if (integer_parse(word, &stage, NULL) != 0 || stage < 1 || (uint64_t)stage > most)
        return error_set_at(loader->reterr, expectation->place,
                            "'%.60s': stages are numbered from 1 to %llu", expectation->text,
                            (unsigned long long)most);
    expectation->when = SCENARIO_DURING_STAGE;
    expectation->stage = (uint64_t)stage;
    return 0;
}

int expect_parse_when(struct loader *loader, struct phrase *phrase,
                      struct scenario_expectation *expectation)
{
    size_t count = phrase->count;
    const struct scenario_word *word;
    char name[PHRASE_WORD_SIZE_MAX];

    if (count > 3 && strcmp(phrase_word(phrase, count - 2), "stage") == 0 &&
        strcmp(phrase_word(phrase, count - 3), "during") == 0) {
        phrase->count -= 3;
        if (parse_stage(loader, phrase->words[count - 1], expectation) != 0)
            return -1;
    } else if (find_faults(phrase, &expectation->when)) {
        phrase->count -= 2;
    } else {
        return 0;
    }
    memcpy(name, phrase_word(phrase, 0), strcspn(phrase_word(phrase, 0), "."));
    name[strcspn(phrase_word(phrase, 0), ".")] = '\0';
    word = expect_find_word(name);
    if (word && word->unit != SCENARIO_UNIT_COUNT && !word->is_single)
        return 0;
    return error_set_at(loader->reterr, expectation->place,
                        "'%.60s': only latencies and rates can be asked for a part of the run, "
                        "such as 'deliver.p99 < 50ms during faults'",
                        expectation->text);
}

/* --- Ending the run -------------------------------------------------------------------------- */

static const struct schema_option OPTIONS[] = {
    {"expect", SCHEMA_TEXT, NULL, 0, 0, NULL, "the expectation"},
    {"abort", SCHEMA_BOOLEAN, NULL, 0, 0, "false", "end the run as soon as it is broken"},
};

static const struct schema SCHEMA = {"expectation", OPTIONS, 2};

const struct schema *scenario_schema_expectation(void)
{
    return &SCHEMA;
}

static const struct field FIELDS[] = {
    {"expect", NULL, 0, true},
    {"abort", field_boolean, offsetof(struct scenario_expectation, aborts), false},
};

static const struct form FORM = {&SCHEMA, "an expectation", FIELDS, 2};

int expect_parse_mapping(struct loader *loader, const struct node *node,
                         struct scenario_expectation *expectation, const struct node **ret_text)
{
    if (fields_read(loader, &FORM, node, expectation) != 0)
        return -1;
    *ret_text = node_get(node, "expect");
    return 0;
}

int expect_check_abort(struct loader *loader, const struct scenario_expectation *expectation)
{
    const struct scenario_word *word = expect_find_word(expectation->word);

    if (!expectation->aborts)
        return 0;
    if (expectation->subject == SCENARIO_METRIC && word && !word->is_anomaly)
        return 0;
    return error_set_at(loader->reterr, expectation->place,
                        "'%.60s' is known at the end only, so it cannot end the run: 'abort' goes "
                        "with latencies, rates and counts",
                        expectation->text);
}
