/* fault_table.c: the faults there are.  A new one is one file and one line here. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "link/fault_kind.h"

static const struct link_fault *const FAULTS[] = {
    &link_fault_delay,       &link_fault_rate,
    &link_fault_slice,       &link_fault_stall,
    &link_fault_blackhole,   &link_fault_hold,
    &link_fault_cut,         &link_fault_refuse,
    &link_fault_accept_hang, &link_fault_connect_hang,
    &link_fault_corrupt,     &link_fault_drop_request,
    &link_fault_drop_reply,  &link_fault_duplicate_request,
    &link_fault_reply_error,
};

enum { FAULT_COUNT = sizeof(FAULTS) / sizeof(FAULTS[0]) };

const struct link_fault *link_fault_at(size_t index)
{
    return index < FAULT_COUNT ? FAULTS[index] : NULL;
}

static int refuse_word(const char *word, struct error *reterr)
{
    const char *words[FAULT_COUNT];
    const char *nearest;
    struct text list = {0};

    for (size_t i = 0; i < FAULT_COUNT; i++) {
        words[i] = FAULTS[i]->word;
        text_appendf(&list, "%s%s", i ? ", " : "", words[i]);
    }
    nearest = text_nearest(word, words, FAULT_COUNT);
    if (nearest)
        (void)error_set(reterr, ERROR_SCENARIO, "there is no link fault '%s': did you mean '%s'?",
                        word, nearest);
    else
        (void)error_set(reterr, ERROR_SCENARIO, "there is no link fault '%s': say one of %s", word,
                        text_string(&list));
    text_release(&list);
    return -1;
}

const struct link_fault *link_fault_find(const char *word, struct error *reterr)
{
    for (size_t i = 0; i < FAULT_COUNT; i++)
        if (strcmp(FAULTS[i]->word, word) == 0)
            return FAULTS[i];
    (void)refuse_word(word, reterr);
    return NULL;
}

const char *link_fault_word(const struct link_fault *fault)
{
    return fault->word;
}

const char *link_fault_help(const struct link_fault *fault)
{
    return fault->help;
}

struct schema link_fault_schema(const struct link_fault *fault)
{
    return (struct schema){
        .subject = fault->word, .options = fault->options, .option_count = fault->option_count};
}

bool link_fault_needs_frames(const struct link_fault *fault)
{
    return fault->traits & FAULT_NEEDS_FRAMES;
}

/* --- Actions --------------------------------------------------------------------------------- */

int link_action_set(struct link_action *action, const char *key, const char *text,
                    struct error *reterr)
{
    const struct schema schema = link_fault_schema(action->fault);

    return schema_set(&schema, action->values, key, text, reterr);
}

int link_action_init(struct link_action *action, const char *word, const char *main_text,
                     struct error *reterr)
{
    const struct link_fault *fault = link_fault_find(word, reterr);
    struct schema schema;

    if (!fault)
        return -1;
    schema = link_fault_schema(fault);
    *action = (struct link_action){.fault = fault, .values = schema_values_new(&schema)};
    if (!main_text || !*main_text || strcmp(main_text, "true") == 0)
        return 0;
    if (schema.option_count == 0)
        (void)error_set(reterr, ERROR_SCENARIO, "%s takes no value: say '%s: true'", word, word);
    else if (link_action_set(action, schema.options[0].key, main_text, reterr) == 0)
        return 0;
    link_action_release(action);
    return -1;
}

void link_action_release(struct link_action *action)
{
    if (action->fault)
        schema_values_free(action->values, action->fault->option_count);
    *action = (struct link_action){0};
}
