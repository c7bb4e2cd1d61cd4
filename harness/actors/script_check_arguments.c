/* script_check_arguments.c: the arguments of one step before it runs: known, complete, well
   formed; and what could have been meant. */
#include "actors/script_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actors/script_argument.h"
#include "actors/script_modifier.h"
#include "base/memory.h"
#include "base/text.h"

enum { WORDS_MAX = 128, WORD_SIZE_MAX = 48 };

/* --- Suggestions ----------------------------------------------------------------------------- */

/* What could have been meant. */
struct candidates {
    char words[WORDS_MAX][WORD_SIZE_MAX];
    const char *pointers[WORDS_MAX];
    size_t count;
};

static void add_candidate(struct candidates *candidates, const char *word, size_t size)
{
    char *target;

    if (candidates->count == WORDS_MAX || size >= WORD_SIZE_MAX)
        return;
    target = candidates->words[candidates->count];
    memcpy(target, word, size);
    target[size] = '\0';
    candidates->pointers[candidates->count++] = target;
}

static void add_words(struct candidates *candidates, const char *words)
{
    bool is_needed;
    size_t size;

    for (; (size = script_words_next(&words, &is_needed)) > 0; words += size)
        add_candidate(candidates, words, size);
}

static int set_unknown(struct error *reterr, const struct tree *tree,
                       const struct candidates *candidates, const char *what)
{
    const char *nearest = text_nearest(tree->key, candidates->pointers, candidates->count);

    if (nearest)
        return error_set_at(reterr, tree->place, "'%s' is no %s: did you mean '%s'?", tree->key,
                            what, nearest);
    return error_set_at(reterr, tree->place, "'%s' is no %s", tree->key, what);
}

int script_check_unknown_step(const struct tree *tree, struct error *reterr)
{
    struct candidates candidates = {0};
    const struct script_operation *operation;
    const struct script_word *word;

    for (size_t i = 0; (word = script_word_at(i)) != NULL; i++)
        add_candidate(&candidates, word->name, strlen(word->name));
    for (size_t i = 0; (operation = script_operation_at(i)) != NULL; i++)
        add_candidate(&candidates, script_operation_name(operation),
                      strlen(script_operation_name(operation)));
    return set_unknown(reterr, tree, &candidates, "step");
}

static int set_unknown_argument(struct error *reterr, const struct tree *tree, const char *words,
                                bool has_modifiers, const char *step)
{
    struct candidates candidates = {0};
    char what[80];
    const char *name;

    add_words(&candidates, words);
    for (size_t i = 0; has_modifiers && (name = script_modifier_at(i)) != NULL; i++)
        add_candidate(&candidates, name, strlen(name));
    (void)snprintf(what, sizeof(what), "argument of %s", step);
    return set_unknown(reterr, tree, &candidates, what);
}

/* --- Arguments ------------------------------------------------------------------------------- */

static bool is_modifier(const char *key)
{
    const char *name;

    for (size_t i = 0; (name = script_modifier_at(i)) != NULL; i++)
        if (strcmp(name, key) == 0)
            return true;
    return false;
}

static int check_known(const struct tree *arguments, const char *words, bool has_modifiers,
                       struct error *reterr)
{
    for (size_t i = 0; i < arguments->count; i++) {
        const struct tree *tree = &arguments->children[i];

        if (!script_words_hold(words, tree->key, NULL) &&
            !(has_modifiers && is_modifier(tree->key)))
            return set_unknown_argument(reterr, tree, words, has_modifiers, arguments->key);
    }
    return 0;
}

static int check_needed(const struct tree *arguments, const char *words, struct error *reterr)
{
    bool is_needed;
    size_t size;

    for (; (size = script_words_next(&words, &is_needed)) > 0; words += size) {
        char *name = memory_format("%.*s", (int)size, words);
        bool is_missing = is_needed && !tree_get(arguments, name);

        if (is_missing)
            error_set_at(reterr, arguments->place, "%s needs %s", arguments->key, name);
        free(name);
        if (is_missing)
            return -1;
    }
    return 0;
}

bool script_check_has_names(const struct tree *tree)
{
    if (tree->kind == TREE_SCALAR)
        return memchr(tree->text, '$', tree->size) != NULL;
    for (size_t i = 0; i < tree->count; i++)
        if (script_check_has_names(&tree->children[i]))
            return true;
    return false;
}

/* What depends on no name is tried out at once: units, verbs, whole numbers. */
static int try_arguments(const struct script_operation *operation, const struct tree *arguments,
                         struct error *reterr)
{
    static const struct scope nothing;
    struct script_sight sight = {&nothing, ""};
    struct script_call *call = script_call_blank(NULL, operation);
    int result = 0;

    for (size_t i = 0; i < arguments->count && result == 0; i++) {
        const struct tree *tree = &arguments->children[i];
        const struct script_argument *argument = script_argument_find(tree->key, strlen(tree->key));

        if (argument && argument->fill &&
            script_words_hold(operation->arguments, tree->key, NULL) &&
            !script_check_has_names(tree))
            result = argument->fill(call, argument, &sight, tree, reterr);
    }
    script_call_drop(call);
    return result;
}

static int try_modifiers(const struct tree *arguments, const char *words, struct error *reterr)
{
    static const struct scope nothing;
    struct script_sight sight = {&nothing, ""};
    struct script_modifiers modifiers;
    bool has_never, has_within;
    int result;

    result = script_modifiers_read(&sight, words, arguments, &modifiers,
                                   script_check_has_names(arguments) ? NULL : reterr);
    has_never = modifiers.never_ns > 0;
    has_within = modifiers.within_ns > 0;
    script_modifiers_release(&modifiers);
    if (result < 0 && !script_check_has_names(arguments))
        return -1;
    if (has_never && has_within)
        return error_set_at(reterr, arguments->place, "within and never exclude each other");
    if (has_never && !tree_get(arguments, "expect"))
        return error_set_at(reterr, arguments->place,
                            "never says for how long expect must hold: "
                            "expect is missing");
    return 0;
}

/* One of several must be there. */
static int check_choice(const struct tree *arguments, const char *const *words,
                        struct error *reterr)
{
    struct text list = {0};
    int result;

    for (size_t i = 0; words[i]; i++)
        if (tree_get(arguments, words[i]))
            return 0;
    for (size_t i = 0; words[i]; i++)
        text_appendf(&list, "%s%s", i > 0 ? " or " : "", words[i]);
    result =
        error_set_at(reterr, arguments->place, "%s needs %s", arguments->key, text_string(&list));
    text_release(&list);
    return result;
}

static int check_choices(const struct script_operation *operation, const struct tree *arguments,
                         struct error *reterr)
{
    static const char *const ids[] = {"id", "ids", NULL}, *const queues[] = {"queue", "queues",
                                                                             NULL};
    static const char *const messages[] = {"message", "messages", "message_text", NULL};
    const char *words = operation->arguments;

    if (script_words_hold(words, "ids", NULL) && check_choice(arguments, ids, reterr) < 0)
        return -1;
    if (script_words_hold(words, "queues", NULL) && check_choice(arguments, queues, reterr) < 0)
        return -1;
    return script_words_hold(words, "messages", NULL) ? check_choice(arguments, messages, reterr)
                                                      : 0;
}

int script_check_arguments(const struct script_word *word, const struct script_operation *operation,
                           const struct tree *arguments, struct error *reterr)
{
    const char *words = operation ? operation->arguments : word->arguments;

    if (check_known(arguments, words, word->has_answer, reterr) < 0 ||
        check_needed(arguments, words, reterr) < 0)
        return -1;
    if (operation && (check_choices(operation, arguments, reterr) < 0 ||
                      try_arguments(operation, arguments, reterr) < 0))
        return -1;
    return word->has_answer ? try_modifiers(arguments, words, reterr) : 0;
}
