/* fault_when.c: `when`: the trigger of a fault. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/fault_read.h"
#include "scenario/tables.h"

#define DAY_NS (24 * 3600e9)

static const struct schema_option OPTIONS[] = {
    {"producer", SCHEMA_TEXT, NULL, 0, 0, NULL, "who: a producer, or one member of it"},
    {"consumer", SCHEMA_TEXT, NULL, 0, 0, NULL, "who: a consumer, or one member of it"},
    {"link", SCHEMA_TEXT, NULL, 0, 0, NULL, "which link: billing, billing-2 or billing-2.read"},
    {"broker", SCHEMA_TEXT, NULL, 0, 0, NULL, "one of 'brokers'"},
    {"op", SCHEMA_CHOICE, "connect|publish|read|ack|nack|reclaim|close", 0, 0, NULL,
     "the operation of an exchange"},
    {"edge", SCHEMA_CHOICE, "request|reply|mid_reply|done", 0, 0, NULL,
     "before it is sent, when its answer comes, in the midst of the answer, behind it"},
    {"message", SCHEMA_TEXT, NULL, 0, 0, NULL, "the exchange that carries it: shop-1#700"},
    {"attempt", SCHEMA_INTEGER, NULL, 1, 255, NULL, "the n-th time that message is seen there"},
    {"exchange", SCHEMA_INTEGER, NULL, 1, 1e12, NULL,
     "the n-th request of one link, and the reply to it; with 'command', of those that bring "
     "something"},
    {"command", SCHEMA_TEXT, NULL, 0, 0, NULL, "of the protocol, as it is sent: XREADGROUP"},
    {"empty", SCHEMA_INTEGER, NULL, 1, 1e12, NULL,
     "the n-th in a row that brings nothing, before 'exchange' of 'command'"},
    {"count", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "{event: send|accept|receive|settle, reaches: N}: so many messages"},
    {"at", SCHEMA_DURATION, NULL, 0, DAY_NS, NULL, "so long after the producers started"},
    {"every", SCHEMA_DURATION, NULL, 1e6, DAY_NS, NULL, "again and again from 'at' on"},
    {"times", SCHEMA_INTEGER, NULL, 1, 1e9, NULL,
     "how often, at most; once unless given, with 'every' without a limit"},
    {"for", SCHEMA_DURATION, NULL, 1e6, DAY_NS, NULL, "how long it lasts; then it is healed"},
    {"after", SCHEMA_TEXT, NULL, 0, 0, NULL, "when that fault (by its name) is over"},
    {"all", SCHEMA_TEXT, NULL, 0, 0, NULL, "a list of triggers, all of which must have come"},
    {"any", SCHEMA_TEXT, NULL, 0, 0, NULL, "a list of triggers, one of which must have come"},
};

static const struct schema_option COUNT_OPTIONS[] = {
    {"event", SCHEMA_CHOICE, "send|accept|receive|settle", 0, 0, NULL,
     "what is counted, in messages"},
    {"reaches", SCHEMA_INTEGER, NULL, 1, 1e12, NULL, "how many"},
};

static const struct schema SCHEMA = {"when", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};
static const struct schema COUNT_SCHEMA = {"count", COUNT_OPTIONS, 2};

const struct schema *scenario_schema_trigger(void)
{
    return &SCHEMA;
}

#define AT(member) offsetof(struct scenario_trigger, member)

static int read_party(struct loader *loader, const struct schema *schema,
                      const struct schema_option *option, const struct node *node, void *target)
{
    (void)schema;
    return fault_read_party(loader, fault_role(option->key), node, target);
}

/* Choices whose first enumerator says that none was made. */
static int read_choice(struct loader *loader, const struct schema *schema,
                       const struct schema_option *option, const struct node *node, void *target)
{
    unsigned choice = 0;

    if (field_choice(loader, schema, option, node, &choice) != 0)
        return -1;
    *(unsigned *)target = choice + 1;
    return 0;
}

static int read_message(struct loader *loader, const struct schema *schema,
                        const struct schema_option *option, const struct node *node, void *target)
{
    struct scenario_trigger *when = target;

    (void)schema;
    (void)option;
    return fault_read_message(loader, node, &when->message_producer, &when->message);
}

static const struct field COUNT_FIELDS[] = {
    {"event", read_choice, AT(flow), true},
    {"reaches", field_count, AT(reaches), true},
};

static const struct form COUNT_FORM = {&COUNT_SCHEMA, "a count", COUNT_FIELDS, 2};

static int read_count(struct loader *loader, const struct schema *schema,
                      const struct schema_option *option, const struct node *node, void *target)
{
    (void)schema;
    (void)option;
    return fields_read(loader, &COUNT_FORM, node, target);
}

static int read_list(struct loader *loader, const struct schema_option *option,
                     const struct node *node, struct scenario_trigger **ret_items,
                     size_t *ret_count)
{
    if (node->kind != NODE_SEQUENCE || node->count == 0)
        return error_set_at(loader->reterr, node->place,
                            "'%s' takes a list of triggers, such as [{at: 1s}, {op: ack}]",
                            option->key);
    *ret_items = memory_new(node->count, sizeof(**ret_items));
    for (size_t i = 0; i < node->count; i++) {
        struct scenario_trigger *item = &(*ret_items)[(*ret_count)++];

        if (fault_read_when(loader, node->items[i], item) != 0)
            return -1;
        if (item->every_ns || item->times || item->for_ns)
            return error_set_at(loader->reterr, node->items[i]->place,
                                "'every', 'times' and 'for' belong to the whole 'when', not to "
                                "one of its parts");
    }
    return 0;
}

static int read_all(struct loader *loader, const struct schema *schema,
                    const struct schema_option *option, const struct node *node, void *target)
{
    struct scenario_trigger *when = target;

    (void)schema;
    return read_list(loader, option, node, &when->all, &when->all_count);
}

static int read_any(struct loader *loader, const struct schema *schema,
                    const struct schema_option *option, const struct node *node, void *target)
{
    struct scenario_trigger *when = target;

    (void)schema;
    return read_list(loader, option, node, &when->any, &when->any_count);
}

static const struct field FIELDS[] = {
    {"producer", read_party, AT(who), false},
    {"consumer", read_party, AT(who), false},
    {"link", read_party, AT(who), false},
    {"broker", read_party, AT(who), false},
    {"op", read_choice, AT(op), false},
    {"edge", read_choice, AT(edge), false},
    {"message", read_message, 0, false},
    {"attempt", field_count, AT(attempt), false},
    {"exchange", field_count, AT(exchange), false},
    {"command", field_text, AT(command), false},
    {"empty", field_count, AT(empty), false},
    {"count", read_count, 0, false},
    {"at", field_count, AT(at_ns), false},
    {"every", field_count, AT(every_ns), false},
    {"times", field_count, AT(times), false},
    {"for", field_count, AT(for_ns), false},
    {"after", field_text, AT(after_name), false},
    {"all", read_all, 0, false},
    {"any", read_any, 0, false},
};

static const struct form FORM = {&SCHEMA, "a trigger", FIELDS, sizeof(FIELDS) / sizeof(FIELDS[0])};

bool fault_has_event(const struct scenario_trigger *when)
{
    bool has = when->op || when->edge || when->message_producer || when->attempt ||
               when->exchange || when->command;

    for (size_t i = 0; !has && i < when->all_count; i++)
        has = fault_has_event(&when->all[i]);
    for (size_t i = 0; !has && i < when->any_count; i++)
        has = fault_has_event(&when->any[i]);
    return has;
}

const struct scenario_party *fault_party_of(const struct scenario_trigger *when)
{
    const struct scenario_party *party = &when->who;

    for (size_t i = 0; party->role == SCENARIO_NOBODY && i < when->all_count; i++)
        party = fault_party_of(&when->all[i]);
    for (size_t i = 0; party->role == SCENARIO_NOBODY && i < when->any_count; i++)
        party = fault_party_of(&when->any[i]);
    return party;
}

/* Commands are known by their links. */
static int check_exchange(struct loader *loader, const struct node *node,
                          const struct scenario_trigger *when)
{
    static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_.0123456789";

    if (when->exchange && when->who.role != SCENARIO_LINK)
        return error_set_at(loader->reterr, node_place(node, "exchange"),
                            "an exchange of which link? add 'link', as in billing-2.read");
    if (when->command && when->who.role != SCENARIO_LINK)
        return error_set_at(loader->reterr, node_place(node, "command"),
                            "a command on which link? add 'link', as in billing-2.read");
    if (when->command && when->op)
        return error_set_at(loader->reterr, node_place(node, "command"),
                            "'command' and 'op' name the same thing: say one of them");
    if (when->command && when->command[strspn(when->command, capitals)] != '\0')
        return error_set_at(loader->reterr, node_place(node, "command"),
                            "'%.40s' is no command: say it in capitals, as in XREADGROUP",
                            when->command);
    if (when->empty && !(when->command && when->exchange))
        return error_set_at(loader->reterr, node_place(node, "empty"),
                            "empty before what? add 'command' and 'exchange', as in {link: "
                            "billing-2.read, command: XREADGROUP, exchange: 3, empty: 1}");
    return 0;
}

static int check_when(struct loader *loader, const struct node *node,
                      const struct scenario_trigger *when)
{
    if (when->edge && !when->op && !when->message_producer && !when->exchange && !when->command)
        return error_set_at(loader->reterr, node_place(node, "edge"),
                            "an edge of what? add 'op' or 'message'");
    if (check_exchange(loader, node, when) != 0)
        return -1;
    if (when->attempt && !when->message_producer)
        return error_set_at(loader->reterr, node_place(node, "attempt"),
                            "an attempt of what? add 'message'");
    if (when->times > 1 && !when->every_ns && !fault_has_event(when) && !when->flow &&
        !when->after_name && when->all_count + when->any_count == 0)
        return error_set_at(loader->reterr, node_place(node, "times"),
                            "a moment comes once: add 'every'");
    if (when->every_ns &&
        (fault_has_event(when) || when->flow || when->all_count + when->any_count))
        return error_set_at(loader->reterr, node_place(node, "every"),
                            "'every' repeats a moment of the clock ('at' or 'after'); what happens "
                            "with messages is repeated by 'times'");
    return 0;
}

int fault_read_when(struct loader *loader, const struct node *node, struct scenario_trigger *when)
{
    when->place = node->place;
    when->after = SCENARIO_NO_FAULT;
    if (fields_read(loader, &FORM, node, when) != 0)
        return -1;
    when->has_at = node_get(node, "at") != NULL;
    return check_when(loader, node, when);
}
