/* expect.c: the language of expectations. */
#include "scenario/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "base/text.h"
#include "scenario/actor.h"

#define WORDS_MAX 40u

const struct scenario_word *expect_find_word(const char *name)
{
    const struct scenario_word *word;

    for (size_t i = 0; (word = scenario_word_at(i)) != NULL; i++)
        if (strcmp(word->name, name) == 0)
            return word;
    return NULL;
}

/* The names of all words, or of anomalies only. */
static size_t list_words(const char **words, bool anomalies_only)
{
    const struct scenario_word *word;
    size_t count = 0;

    for (size_t i = 0; (word = scenario_word_at(i)) != NULL && count < WORDS_MAX; i++)
        if (word->is_anomaly || !anomalies_only)
            words[count++] = word->name;
    return count;
}

/* `no WORD` or `some WORD`. */
static int parse_anomaly(struct loader *loader, const struct phrase *phrase,
                         enum scenario_subject subject, struct scenario_expectation *expectation)
{
    const char *name = phrase_word(phrase, 1);
    const struct scenario_word *word = expect_find_word(name);
    const char *words[WORDS_MAX];
    char suggestion[200];

    if (phrase->count == 2 && word && word->is_anomaly) {
        expectation->subject = subject;
        text_copy(expectation->word, sizeof(expectation->word), word->name);
        return 0;
    }
    if (phrase->count > 2)
        return error_set_at(loader->reterr, expectation->place,
                            "'%s' takes one anomaly, so make '%.60s' several expectations",
                            phrase_word(phrase, 0), expectation->text);
    (void)fields_suggest(name, words, list_words(words, true), "say", suggestion,
                         sizeof(suggestion));
    return error_set_at(loader->reterr, expectation->place, "'%.60s' is no anomaly%s", name,
                        suggestion);
}

static int parse_caused(struct loader *loader, const struct phrase *phrase,
                        struct scenario_expectation *expectation)
{
    char rest[200];

    phrase_rest(phrase, 0, rest, sizeof(rest));
    if (strcmp(rest, "duplicates only with cause") != 0)
        return error_set_at(loader->reterr, expectation->place,
                            "'%.60s' is no expectation: did you mean 'duplicates only with cause'?",
                            rest);
    expectation->subject = SCENARIO_CAUSED_ONLY;
    text_copy(expectation->word, sizeof(expectation->word), "duplicates");
    return 0;
}

static int parse_drained(struct loader *loader, const struct phrase *phrase,
                         struct scenario_expectation *expectation)
{
    expectation->subject = SCENARIO_DRAINED;
    return expect_parse_within(loader, phrase, 1, "drained within 10s", expectation);
}

static const struct {
    const char *name;
    double share;
} STATISTICS[] = {{"max", 1}, {"mean", -2}, {"min", 0}};

/* "p99", "p99.9", "p(99)", "max": the part after the first point of a metric. */
static bool parse_statistic(const char *text, double *ret_share)
{
    char number[16];
    double value;
    size_t size;

    for (size_t i = 0; i < sizeof(STATISTICS) / sizeof(STATISTICS[0]); i++)
        if (strcmp(STATISTICS[i].name, text) == 0) {
            *ret_share = STATISTICS[i].share;
            return true;
        }
    if (text[0] != 'p' || strlen(text) >= sizeof(number))
        return false;
    size = strlen(text + 1);
    if (text[1] == '(' && text[size] == ')')
        text++, size -= 2;
    text_copy(number, size + 1, text + 1);
    if (number_parse(number, &value, NULL) != 0 || value < 0 || value > 100)
        return false;
    *ret_share = value / 100;
    return true;
}

static int check_statistic(struct loader *loader, const struct scenario_word *word,
                           const char *statistic, struct scenario_expectation *expectation)
{
    expectation->share = -1;
    if (!statistic && (word->unit != SCENARIO_UNIT_NS || word->is_single))
        return 0;
    if (!statistic)
        return error_set_at(loader->reterr, expectation->place,
                            "'%s' is a distribution: say %s.p99, %s.max, %s.mean or %s.min",
                            word->name, word->name, word->name, word->name, word->name);
    if (word->unit != SCENARIO_UNIT_NS || word->is_single)
        return error_set_at(loader->reterr, expectation->place,
                            "'%s' is one number, so it has no '.%.20s': leave that out", word->name,
                            statistic);
    if (!parse_statistic(statistic, &expectation->share))
        return error_set_at(loader->reterr, expectation->place,
                            "'.%.20s' is no statistic: say p99, p(99.9) with 0 to 100, max, mean "
                            "or min",
                            statistic);
    return 0;
}

static int refuse_text(struct loader *loader, const char *text, struct source_place place)
{
    return error_set_at(loader->reterr, place,
                        "'%.60s' is no expectation: say such as 'no lost', 'drained within 10s', "
                        "'deliver.p99 < 50ms', 'sent == 1000' or 'broker healthy'",
                        text);
}

static int refuse_word(struct loader *loader, const char *name,
                       const struct scenario_expectation *expectation)
{
    const char *words[WORDS_MAX + 4];
    size_t count = list_words(words, false);
    const char *nearest;

    words[count++] = "no";
    words[count++] = "some";
    words[count++] = "drained";
    words[count++] = "broker";
    nearest = text_nearest(name, words, count);
    if (nearest)
        return error_set_at(loader->reterr, expectation->place,
                            "'%.60s' is no expectation: did you mean '%s'?", name, nearest);
    return refuse_text(loader, expectation->text, expectation->place);
}

static int parse_metric(struct loader *loader, const struct phrase *phrase,
                        struct scenario_expectation *expectation)
{
    char name[PHRASE_WORD_SIZE_MAX];
    char *point;
    const struct scenario_word *word;

    text_copy(name, sizeof(name), phrase_word(phrase, 0));
    point = strchr(name, '.');
    if (point)
        *point++ = '\0';
    word = expect_find_word(name);
    if (!word)
        return refuse_word(loader, name, expectation);
    expectation->subject = word->is_single ? SCENARIO_RECOVERY : SCENARIO_METRIC;
    text_copy(expectation->word, sizeof(expectation->word), word->name);
    if (check_statistic(loader, word, point, expectation) != 0)
        return -1;
    return expect_parse_comparison(loader, phrase, 1, word, expectation);
}

int expect_parse(struct loader *loader, const struct node *node,
                 struct scenario_expectation *expectation)
{
    const char *text;
    struct phrase phrase;
    const char *first;

    if (node->kind == NODE_MAPPING && expect_parse_mapping(loader, node, expectation, &node) != 0)
        return -1;
    if (node->kind != NODE_SCALAR)
        return error_set_at(loader->reterr, node->place,
                            "an expectation is a text such as 'no lost', not %s",
                            node_describe(node));
    text = fields_text(loader, "expect", node);
    if (!text)
        return -1;
    expectation->text = memory_string(text);
    expectation->share = -1;
    if (!phrase_split(text, &phrase) || phrase.count == 0)
        return refuse_text(loader, text, node->place);
    if (expect_parse_when(loader, &phrase, expectation) != 0)
        return -1;
    first = phrase.words[0];
    if (strcmp(first, "no") == 0)
        return parse_anomaly(loader, &phrase, SCENARIO_ANOMALY, expectation);
    if (strcmp(first, "some") == 0)
        return parse_anomaly(loader, &phrase, SCENARIO_SOME, expectation);
    if (strcmp(first, "drained") == 0)
        return parse_drained(loader, &phrase, expectation);
    if (strcmp(first, "broker") == 0)
        return expect_parse_broker(loader, &phrase, expectation);
    if (strcmp(first, "duplicates") == 0 && !strpbrk(phrase_word(&phrase, 1), "<>=!"))
        return parse_caused(loader, &phrase, expectation);
    return parse_metric(loader, &phrase, expectation);
}

int expectations_read(struct loader *loader)
{
    struct scenario *scenario = loader->scenario;
    const struct node *list = NULL;

    if (actor_list(loader, "expect", &list) != 0)
        return -1;
    if (!list)
        return 0;
    scenario->expectations = memory_new(list->count, sizeof(*scenario->expectations));
    for (size_t i = 0; i < list->count; i++) {
        struct scenario_expectation *expectation =
            &scenario->expectations[scenario->expectation_count++];

        expectation->place = list->items[i]->place;
        if (expect_parse(loader, list->items[i], expectation) != 0 ||
            expect_check_abort(loader, expectation) != 0 || expect_check(loader, expectation) != 0)
            return -1;
    }
    return 0;
}
