/* expect_broker.c: expectations that ask a broker: healthy, ping, its own counts. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scenario/expect.h"
#include "scenario/fields.h"
#include "scenario/names.h"

static int parse_healthy(struct loader *loader, const struct phrase *phrase, size_t index,
                         struct scenario_expectation *expectation)
{
    expectation->subject = SCENARIO_HEALTHY;
    if (index + 1 == phrase->count)
        return 0;
    return error_set_at(loader->reterr, expectation->place, "nothing follows 'healthy', not '%s'",
                        phrase_word(phrase, index + 1));
}

static int parse_ping(struct loader *loader, const struct phrase *phrase, size_t index,
                      struct scenario_expectation *expectation)
{
    expectation->subject = SCENARIO_PING;
    return expect_parse_within(loader, phrase, index + 1, "broker ping within 50ms", expectation);
}

static int parse_count(struct loader *loader, const struct phrase *phrase, size_t index,
                       struct scenario_expectation *expectation)
{
    const struct scenario_word *word = scenario_broker_word_at(0);

    for (size_t i = 0; word && strcmp(word->name, phrase_word(phrase, index)) != 0;)
        word = scenario_broker_word_at(++i);
    assert(word); /* the table below and the words agree */
    expectation->subject = SCENARIO_BROKER_COUNT;
    text_copy(expectation->word, sizeof(expectation->word), word->name);
    return expect_parse_comparison(loader, phrase, index + 1, word, expectation);
}

static const struct {
    const char *name;
    int (*parse)(struct loader *loader, const struct phrase *phrase, size_t index,
                 struct scenario_expectation *expectation);
} QUESTIONS[] = {
    {"healthy", parse_healthy}, {"ping", parse_ping}, {"total_messages", parse_count},
    {"in_flight", parse_count}, {"dlq", parse_count},
};

#define QUESTION_COUNT (sizeof(QUESTIONS) / sizeof(QUESTIONS[0]))

static size_t find_question(const char *name)
{
    size_t i = 0;

    while (i < QUESTION_COUNT && strcmp(QUESTIONS[i].name, name) != 0)
        i++;
    return i;
}

static int refuse_question(struct loader *loader, const char *word,
                           const struct scenario_expectation *expectation)
{
    const char *words[QUESTION_COUNT];
    char suggestion[200];

    for (size_t i = 0; i < QUESTION_COUNT; i++)
        words[i] = QUESTIONS[i].name;
    (void)fields_suggest(word, words, QUESTION_COUNT, "say", suggestion, sizeof(suggestion));
    return error_set_at(loader->reterr, expectation->place, "a broker cannot be asked '%.60s'%s",
                        word, suggestion);
}

int expect_parse_broker(struct loader *loader, const struct phrase *phrase,
                        struct scenario_expectation *expectation)
{
    size_t index = 1;
    size_t question = find_question(phrase_word(phrase, 1));
    bool is_named = question == QUESTION_COUNT && phrase->count > 2;

    /* `broker ping within 1ms` names no broker; `broker analytics ping within 1ms` does. */
    if (is_named && find_question(phrase_word(phrase, 2)) < QUESTION_COUNT) {
        if (names_find_broker(loader->scenario, phrase_word(phrase, 1), &expectation->broker) != 0)
            return names_refuse_broker(loader, phrase_word(phrase, 1), expectation->place);
        index = 2;
    } else {
        (void)names_find_broker(loader->scenario, "default", &expectation->broker);
        if (is_named &&
            names_find_broker(loader->scenario, phrase_word(phrase, 1), &expectation->broker) == 0)
            index = 2;
    }
    question = find_question(phrase_word(phrase, index));
    if (question == QUESTION_COUNT)
        return refuse_question(loader, phrase_word(phrase, index), expectation);
    return QUESTIONS[question].parse(loader, phrase, index, expectation);
}
