/* command_adapters.c: gauntlet adapters: what is built in, what each declares, its options. */
#include "cli/command.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "port.h"
#include "registry.h"
#include "reports/page.h"

struct adapters_arguments {
    bool help;
};

static const struct option adapters_options[] = {
    {"help", 'h', OPTION_FLAG, NULL, NULL, offsetof(struct adapters_arguments, help),
     OPTION_PRESENTATION, "this page"},
};

static void show_capabilities(struct page *page, const struct broker_adapter *adapter)
{
    struct text line = {0};
    for (uint32_t bit = 0; bit < 32; bit++)
        if (adapter->capabilities & (1u << bit))
            text_appendf(&line, "%s%s", line.size ? ", " : "", port_capability_name(1u << bit));
    page_wrapf(page, "  tier      ", "%s", port_tier_name(adapter->capabilities));
    page_wrap(page, "  promises  ", text_string(&line));
    text_release(&line);
}

static void show_profile(struct page *page, const struct broker_adapter *adapter)
{
    struct text line = {0};
    bool is_inside = adapter->traits & ADAPTER_TRAIT_IN_PROCESS;
    bool blocks = adapter->traits & ADAPTER_TRAIT_BLOCKS;
    text_append_string(&line, is_inside ? "in this process" : "outside this process");
    text_append_string(&line, is_inside && !blocks ? ", in real or virtual time" : "");
    text_append_string(&line, blocks ? ", with a thread for each session" : "");
    if (adapter->profile && adapter->profile->redelivery_time_ms)
        text_appendf(&line, ", a crashed consumer's messages are back after %u ms",
                     adapter->profile->redelivery_time_ms);
    page_wrap(page, "  lives     ", text_string(&line));
    text_release(&line);
}

/* "all or settled", with blanks to wrap at. */
static void list_choices(struct text *line, const char *choices)
{
    for (const char *at = choices; *at;) {
        size_t size = strcspn(at, "|");
        const char *next = at + size + (at[size] == '|');
        text_append(line, at, size);
        if (*next)
            text_append_string(line, strchr(next, '|') ? ", " : " or ");
        at = next;
    }
}

/* "duration", "integer from 1 to 100", "all or settled". */
static void describe_type(struct text *line, const struct schema_option *option)
{
    static const char *const names[] = {
        [SCHEMA_TEXT] = "text",         [SCHEMA_BOOLEAN] = "true or false",
        [SCHEMA_INTEGER] = "integer",   [SCHEMA_NUMBER] = "number",
        [SCHEMA_DURATION] = "duration", [SCHEMA_SIZE] = "size",
        [SCHEMA_RATE] = "rate",         [SCHEMA_PERCENT] = "percentage",
        [SCHEMA_CHOICE] = "choice",
    };
    if (option->choices)
        list_choices(line, option->choices);
    else
        text_append_string(line, names[option->type]);
    bool is_plain = option->type == SCHEMA_INTEGER || option->type == SCHEMA_NUMBER;
    bool is_bounded = fabs(option->minimum) > 0 || fabs(option->maximum) > 0;
    if (is_plain && is_bounded)
        text_appendf(line, " from %.12g to %.12g", option->minimum, option->maximum);
    if (option->default_text)
        text_appendf(line, ", %s unless given", option->default_text);
}

static void show_options(struct page *page, const struct broker_adapter *adapter)
{
    struct schema_option *options;
    struct schema schema = registry_schema(adapter, &options);
    if (schema.option_count > 0)
        text_append_string(page->text, "  options\n");
    for (size_t i = 0; i < schema.option_count; i++) {
        struct text first = {0}, line = {0};
        text_appendf(&first, "    %-22s ", schema.options[i].key);
        text_appendf(&line, "%s (", schema.options[i].help);
        describe_type(&line, &schema.options[i]);
        text_append_string(&line, ")");
        page_wrap(page, text_string(&first), text_string(&line));
        text_release(&line);
        text_release(&first);
    }
    free(options);
}

/* What its broker can be made to suffer by its own commands. */
static void show_faults(struct page *page, const struct broker_adapter *adapter)
{
    bool has_any = ADAPTER_HAS(adapter, disturbances) && adapter->disturbance_count > 0;
    if (has_any)
        text_append_string(page->text, "  faults, for 'do: {broker: ...}' in a scenario\n");
    for (uint64_t i = 0; has_any && i < adapter->disturbance_count; i++) {
        const struct adapter_disturbance *disturbance = &adapter->disturbances[i];
        struct text first = {0};
        text_appendf(&first, "    %-22s ", disturbance->key);
        page_wrap(page, text_string(&first), disturbance->help);
        text_release(&first);
    }
}

static void show_adapter(const struct broker_adapter *adapter)
{
    struct text text = {0};
    struct page page = {.text = &text};
    page_wrapf(&page, "", "%s: %s", adapter->name, adapter->summary);
    show_capabilities(&page, adapter);
    show_profile(&page, adapter);
    show_options(&page, adapter);
    show_faults(&page, adapter);
    fputs(text_string(&text), stdout);
    text_release(&text);
}

static void show_all(void)
{
    const struct broker_adapter *adapter;
    for (size_t i = 0; (adapter = registry_at(i)) != NULL; i++) {
        if (i > 0)
            putchar('\n');
        show_adapter(adapter);
    }
}

static int show_named(const struct option_list *names)
{
    struct error error = {0};
    for (size_t i = 0; i < names->count; i++) {
        const struct broker_adapter *adapter = registry_find(names->values[i], &error);
        if (!adapter) {
            error.kind = ERROR_USAGE; /* the name came from the command line */
            return command_fail(&error);
        }
        show_adapter(adapter);
    }
    return EXIT_PASS;
}

static int work(const struct invocation *invocation)
{
    if (invocation->operands->count > 0)
        return show_named(invocation->operands);
    show_all();
    return EXIT_PASS;
}

static const char details[] =
    "Lists what is built in, or named (also a plugin, ./my_broker.so, and a program,\n"
    "'exec:python3 my_adapter.py'): what each adapter promises, and the options that a scenario "
    "may\n"
    "give it under 'broker:'.\n"
    "\n"
    "Examples:\n"
    "  gauntlet adapters\n"
    "  gauntlet adapters redis\n";

const struct command command_adapters = {
    .operands = "[ADAPTER...]",
    .summary = "what is built in, what each declares, its options",
    .details = details,
    .table = {"adapters", adapters_options, sizeof(adapters_options) / sizeof(adapters_options[0])},
    .size = sizeof(struct adapters_arguments),
    .work = work,
};
