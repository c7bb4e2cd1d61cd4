/* fault_write.c: a fault as one line of YAML that loads again, and as words for people. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "base/text.h"
#include "scenario/scenario.h"

static const char *const OPS[] = {"",    "connect", "publish", "read",
                                  "ack", "nack",    "reclaim", "close"};
static const char *const EDGES[] = {"", "request", "reply", "mid_reply", "done"};
static const char *const FLOWS[] = {"", "send", "accept", "receive", "settle"};

static void begin_key(struct text *text, const char *key)
{
    const char *so_far = text_string(text);
    size_t size = text->size;

    text_appendf(text, "%s%s: ", size > 0 && so_far[size - 1] != '{' ? ", " : "", key);
}

/* Exactly: in the largest unit that divides it. */
static void put_duration(struct text *text, const char *key, uint64_t ns)
{
    static const struct {
        uint64_t ns;
        const char *unit;
    } units[] = {{1000000000u, "s"}, {1000000u, "ms"}, {1000u, "us"}, {1u, "ns"}};
    size_t i = 0;

    while (ns % units[i].ns)
        i++;
    begin_key(text, key);
    text_appendf(text, "%llu%s", (unsigned long long)(ns / units[i].ns), units[i].unit);
}

static void put_count(struct text *text, const char *key, uint64_t count)
{
    begin_key(text, key);
    text_appendf(text, "%llu", (unsigned long long)count);
}

/* Plain where YAML cannot misread it. */
static void put_word(struct text *text, const char *key, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./%";

    begin_key(text, key);
    if (*word && *word != '-' && strspn(word, plain) == strlen(word))
        text_append_string(text, word);
    else
        text_append_json(text, word, strlen(word));
}

static void put_when(struct text *text, const struct scenario_trigger *when);

static void put_list(struct text *text, const char *key, const struct scenario_trigger *items,
                     size_t count)
{
    if (count == 0)
        return;
    begin_key(text, key);
    text_append_string(text, "[");
    for (size_t i = 0; i < count; i++) {
        text_append_string(text, i > 0 ? ", " : "");
        put_when(text, &items[i]);
    }
    text_append_string(text, "]");
}

static void put_event(struct text *text, const struct scenario_trigger *when)
{
    if (when->op)
        put_word(text, "op", OPS[when->op]);
    if (when->command)
        put_word(text, "command", when->command);
    if (when->edge)
        put_word(text, "edge", EDGES[when->edge]);
    if (when->message_producer) {
        begin_key(text, "message");
        text_appendf(text, "\"%s#%llu\"", when->message_producer,
                     (unsigned long long)when->message);
    }
    if (when->attempt)
        put_count(text, "attempt", when->attempt);
    if (when->exchange)
        put_count(text, "exchange", when->exchange);
    if (when->empty)
        put_count(text, "empty", when->empty);
}

static void put_when(struct text *text, const struct scenario_trigger *when)
{
    text_append_string(text, "{");
    if (when->who.role != SCENARIO_NOBODY)
        put_word(text, scenario_role_name(when->who.role), when->who.name);
    if (when->flow) {
        begin_key(text, "count");
        text_appendf(text, "{event: %s, reaches: %llu}", FLOWS[when->flow],
                     (unsigned long long)when->reaches);
    }
    if (when->has_at)
        put_duration(text, "at", when->at_ns);
    if (when->after_name)
        put_word(text, "after", when->after_name);
    put_event(text, when);
    put_list(text, "all", when->all, when->all_count);
    put_list(text, "any", when->any, when->any_count);
    if (when->every_ns)
        put_duration(text, "every", when->every_ns);
    if (when->times)
        put_count(text, "times", when->times);
    if (when->for_ns)
        put_duration(text, "for", when->for_ns);
    text_append_string(text, "}");
}

/* {link: billing, cut: rst} or {broker: default, kill: {restart_after: 1s}} */
static void put_do(struct text *text, const struct scenario_do *action)
{
    const char *value = NULL;
    struct text options = {0};

    for (size_t i = 0; i < action->option_count; i++) {
        if (action->main_key && strcmp(action->options[i].key, action->main_key) == 0)
            value = action->options[i].text;
        text_append_string(&options, i == 0 ? "{" : "");
        put_word(&options, action->options[i].key, action->options[i].text);
    }
    text_append_string(text, "{");
    put_word(text, scenario_role_name(action->target.role), action->target.name);
    if (action->option_count == 1 && value) {
        put_word(text, action->word, value);
    } else {
        begin_key(text, action->word);
        text_appendf(text, "%s%s", action->option_count > 0 ? text_string(&options) : "true",
                     action->option_count > 0 ? "}" : "");
    }
    text_append_string(text, "}");
    text_release(&options);
}

char *scenario_fault_text(const struct scenario_fault *fault)
{
    struct text text = {0};
    char *line;

    text_append_string(&text, "{");
    if (fault->name)
        put_word(&text, "name", fault->name);
    begin_key(&text, "when");
    put_when(&text, &fault->when);
    begin_key(&text, "do");
    put_do(&text, &fault->action);
    if (!fault->is_expected)
        put_word(&text, "expected", "false");
    text_append_string(&text, "}");
    line = memory_string(text_string(&text));
    text_release(&text);
    return line;
}

char *scenario_fault_title(const struct scenario_fault *fault)
{
    const struct scenario_do *action = &fault->action;

    if (fault->name)
        return memory_string(fault->name);
    for (size_t i = 0; i < action->option_count; i++)
        if (action->main_key && strcmp(action->options[i].key, action->main_key) == 0)
            return memory_format("%s %s %s", action->word, action->options[i].text,
                                 action->target.name);
    return memory_format("%s %s", action->word, action->target.name);
}

/* --- The end --------------------------------------------------------------------------------- */

static void release_when(struct scenario_trigger *when)
{
    for (size_t i = 0; i < when->all_count; i++)
        release_when(&when->all[i]);
    for (size_t i = 0; i < when->any_count; i++)
        release_when(&when->any[i]);
    free(when->all);
    free(when->any);
    free(when->who.name);
    free(when->after_name);
    free(when->message_producer);
    free(when->command);
}

void scenario_do_release(struct scenario_do *action)
{
    for (size_t i = 0; i < action->option_count; i++) {
        free(action->options[i].key);
        free(action->options[i].text);
    }
    free(action->options);
    free(action->target.name);
    free(action->word);
    free(action->main_key);
}

void scenario_faults_free(struct scenario_fault *faults, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        release_when(&faults[i].when);
        scenario_do_release(&faults[i].action);
        free(faults[i].name);
    }
    free(faults);
}

void scenario_chaoses_free(struct scenario_chaos *chaoses, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < chaoses[i].item_count; j++)
            scenario_do_release(&chaoses[i].items[j].action);
        free(chaoses[i].items);
    }
    free(chaoses);
}
