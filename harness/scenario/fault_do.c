/* fault_do.c: `do`: one word of the vocabulary that run hands in, with its options. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/fault_read.h"

static const struct scenario_fault_word *word_at(const struct loader *loader, size_t index)
{
    const struct scenario_rules *rules = loader->rules;

    return rules && rules->fault_word ? rules->fault_word(rules->context, index) : NULL;
}

static const struct scenario_fault_word *find_word(const struct loader *loader, const char *text,
                                                   enum scenario_role role)
{
    const struct scenario_fault_word *word, *other = NULL;

    for (size_t i = 0; (word = word_at(loader, i)) != NULL; i++) {
        if (strcmp(word->word, text) != 0)
            continue;
        if (word->role == role)
            return word;
        other = word;
    }
    return other;
}

static int refuse_word(struct loader *loader, const struct node_key *key, enum scenario_role role)
{
    const char **words = NULL;
    size_t count = 0;
    const struct scenario_fault_word *word;
    char suggestion[400];

    for (size_t i = 0; (word = word_at(loader, i)) != NULL; i++) {
        if (role != SCENARIO_NOBODY && word->role != role)
            continue;
        words = memory_grow(words, count + 1, sizeof(*words));
        words[count++] = word->word;
    }
    (void)fields_suggest(key->text, words, count, "there is", suggestion, sizeof(suggestion));
    free(words);
    return error_set_at(loader->reterr, key->place, "'%.60s' is nothing that can be done%s%s%s",
                        key->text, role == SCENARIO_NOBODY ? "" : " to a ",
                        role == SCENARIO_NOBODY ? "" : scenario_role_name(role),
                        count > 0 ? suggestion : "");
}

/* --- Options --------------------------------------------------------------------------------- */

static int set_option(struct loader *loader, const struct scenario_fault_word *word,
                      const char *key, const struct node *node, struct scenario_do *action)
{
    const char *text = fields_text(loader, key, node);
    struct schema_value *values;
    int result;

    if (!text)
        return -1;
    values = schema_values_new(&word->options);
    result = schema_set(&word->options, values, key, text, loader->reterr);
    schema_values_free(values, word->options.option_count);
    if (result != 0) {
        if (loader->reterr) {
            loader->reterr->place = node->place;
            loader->reterr->kind = ERROR_SCENARIO;
        }
        return -1;
    }
    action->options =
        memory_grow(action->options, action->option_count + 1, sizeof(*action->options));
    action->options[action->option_count++] = (struct scenario_option){
        .key = memory_string(key), .text = memory_string(text), .place = node->place};
    return 0;
}

static int read_option(struct loader *loader, const struct scenario_fault_word *word,
                       const struct node_key *key, const struct node *node,
                       struct scenario_do *action)
{
    char *article = NULL;
    int result;

    for (size_t i = 0; i < action->option_count; i++)
        if (strcmp(action->options[i].key, key->text) == 0)
            return error_set_at(loader->reterr, key->place, "'%.60s' is said twice", key->text);
    for (size_t i = 0; i < word->options.option_count; i++)
        if (strcmp(word->options.options[i].key, key->text) == 0)
            return set_option(loader, word, key->text, node, action);
    article = memory_format("'%s' of a %s", word->word, scenario_role_name(word->role));
    result = fields_refuse_key(loader, &word->options, article, key);
    free(article);
    return result;
}

/* What stands behind the word: a value, true, or its options. */
static int read_value(struct loader *loader, const struct scenario_fault_word *word,
                      const struct node *node, struct scenario_do *action)
{
    if (node->kind == NODE_MAPPING) {
        for (size_t i = 0; i < node->count; i++)
            if (read_option(loader, word, &node->keys[i], node->items[i], action) != 0)
                return -1;
        return 0;
    }
    if (node->kind == NODE_SCALAR && (node->is_null || strcmp(node->text, "true") == 0))
        return 0;
    if (action->main_key)
        return set_option(loader, word, action->main_key, node, action);
    return error_set_at(loader->reterr, node->place,
                        "'%s' takes no value: say '%s: true', or {...} with its options",
                        word->word, word->word);
}

/* Options that stand beside the word: {crash: before_ack, restart_after: 200ms}. */
static int read_others(struct loader *loader, const struct scenario_fault_word *word,
                       const struct node *node, struct scenario_do *action)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct node_key *key = &node->keys[i];

        if (fault_role(key->text) == action->target.role || strcmp(key->text, word->word) == 0)
            continue;
        if (read_option(loader, word, key, node->items[i], action) != 0)
            return -1;
    }
    return 0;
}

/* --- The mapping ----------------------------------------------------------------------------- */

static int read_target(struct loader *loader, const struct node *node, struct scenario_do *action)
{
    for (size_t i = 0; i < node->count; i++) {
        enum scenario_role role = fault_role(node->keys[i].text);

        if (role != SCENARIO_NOBODY &&
            fault_read_party(loader, role, node->items[i], &action->target) != 0)
            return -1;
    }
    return 0;
}

static void borrow_target(const struct scenario_trigger *when, struct scenario_do *action)
{
    const struct scenario_party *party = when ? fault_party_of(when) : NULL;

    if (action->target.role != SCENARIO_NOBODY || !party || party->role == SCENARIO_NOBODY)
        return;
    action->target = (struct scenario_party){
        .role = party->role, .name = memory_string(party->name), .place = party->place};
}

/* The first key that is a word; NULL, with the error set, when there is none. */
static const struct scenario_fault_word *choose_word(struct loader *loader, const struct node *node,
                                                     const struct scenario_do *action,
                                                     size_t *ret_index)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct scenario_fault_word *word =
            find_word(loader, node->keys[i].text, action->target.role);

        *ret_index = i;
        if (word)
            return word;
    }
    for (size_t i = 0; i < node->count; i++)
        if (fault_role(node->keys[i].text) == SCENARIO_NOBODY) {
            (void)refuse_word(loader, &node->keys[i], action->target.role);
            return NULL;
        }
    (void)error_set_at(loader->reterr, node->place, "this says to whom, and not what to do");
    return NULL;
}

static int check_target(struct loader *loader, const struct scenario_fault_word *word,
                        const struct node *node, size_t index, const struct scenario_do *action)
{
    const char *role = scenario_role_name(word->role);

    if (action->target.role == word->role)
        return 0;
    if (action->target.role == SCENARIO_NOBODY)
        return error_set_at(loader->reterr, node->keys[index].place, "'%s' whom? add '%s: NAME'",
                            word->word, role);
    return error_set_at(loader->reterr, node->keys[index].place,
                        "'%s' is done to a %s, not to a %s: add '%s: NAME' here", word->word, role,
                        scenario_role_name(action->target.role), role);
}

int fault_read_do(struct loader *loader, const struct node *node,
                  const struct scenario_trigger *when, struct scenario_do *action,
                  const struct scenario_fault_word **ret_word)
{
    const struct scenario_fault_word *word;
    size_t index = 0;

    if (node->kind != NODE_MAPPING || node->count == 0)
        return error_set_at(loader->reterr, node->place,
                            "'do' takes a mapping, such as {link: billing, cut: rst}");
    action->place = node->place;
    if (read_target(loader, node, action) != 0)
        return -1;
    borrow_target(when, action);
    word = choose_word(loader, node, action, &index);
    if (!word || check_target(loader, word, node, index, action) != 0)
        return -1;
    action->word = memory_string(word->word);
    action->main_key = word->takes_value ? memory_string(word->options.options[0].key) : NULL;
    *ret_word = word;
    if (read_value(loader, word, node->items[index], action) != 0)
        return -1;
    return read_others(loader, word, node, action);
}
