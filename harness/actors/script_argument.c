/* script_argument.c: the table of arguments, and how each gets into a call. */
#include "actors/script_argument.h"

#include <stdlib.h>
#include <string.h>

#include "actors/script_parts.h"
#include "base/memory.h"

/* --- Texts ----------------------------------------------------------------------------------- */

static int put_text(struct script_call *call, const struct script_argument *argument, char *text)
{
    const char *owned;

    if (!text)
        return -1;
    owned = script_call_own(call, text);
    memcpy((char *)&call->call + argument->offset, &owned, sizeof(owned));
    return 0;
}

static int fill_text(struct script_call *call, const struct script_argument *argument,
                     const struct script_sight *sight, const struct tree *tree,
                     struct error *reterr)
{
    return put_text(call, argument, sight_text(sight, tree, reterr));
}

static int fill_name(struct script_call *call, const struct script_argument *argument,
                     const struct script_sight *sight, const struct tree *tree,
                     struct error *reterr)
{
    return put_text(call, argument, sight_name(sight, tree, reterr));
}

static const char *text_of(const struct script_call *call, const struct script_argument *argument)
{
    const char *text;

    memcpy(&text, (const char *)&call->call + argument->offset, sizeof(text));
    return text;
}

static void tell_text(const struct script_call *call, const struct script_argument *argument,
                      struct text *text)
{
    text_append_string(text, text_of(call, argument));
}

/* Without the prefix: a reader knows the stream by the name the clause gives it. */
static size_t measure_prefix(const struct script_call *call, const char *name)
{
    const char *prefix = call->script ? call->script->plan.prefix : NULL;
    size_t size = prefix ? strlen(prefix) : 0;

    return size > 0 && strncmp(name, prefix, size) == 0 ? size : 0;
}

static void tell_name(const struct script_call *call, const struct script_argument *argument,
                      struct text *text)
{
    const char *name = text_of(call, argument);

    text_append_string(text, name + measure_prefix(call, name));
}

/* --- Numbers --------------------------------------------------------------------------------- */

static int put_number(struct script_call *call, const struct script_argument *argument,
                      int64_t number)
{
    memcpy((char *)&call->call + argument->offset, &number, sizeof(number));
    return 0;
}

static int fill_count(struct script_call *call, const struct script_argument *argument,
                      const struct script_sight *sight, const struct tree *tree,
                      struct error *reterr)
{
    int64_t number;

    if (sight_integer(sight, tree, &number, reterr) < 0)
        return -1;
    return put_number(call, argument, number);
}

/* Less than a millisecond is not nothing: 0 has a meaning of its own. */
static int fill_duration(struct script_call *call, const struct script_argument *argument,
                         const struct script_sight *sight, const struct tree *tree,
                         struct error *reterr)
{
    int64_t ns, ms;

    if (sight_duration(sight, tree, &ns, reterr) < 0)
        return -1;
    ms = ns / 1000000;
    return put_number(call, argument, ms == 0 && ns != 0 ? (ns > 0 ? 1 : -1) : ms);
}

static int64_t number_of(const struct script_call *call, const struct script_argument *argument)
{
    int64_t number;

    memcpy(&number, (const char *)&call->call + argument->offset, sizeof(number));
    return number;
}

static void tell_count(const struct script_call *call, const struct script_argument *argument,
                       struct text *text)
{
    text_appendf(text, "%lld", (long long)number_of(call, argument));
}

static void tell_duration(const struct script_call *call, const struct script_argument *argument,
                          struct text *text)
{
    text_appendf(text, "%lldms", (long long)number_of(call, argument));
}

/* --- Choices --------------------------------------------------------------------------------- */

static const char *const tamper_verbs[] = {
    [ADAPTER_TAMPER_WIPE] = "wipe",
    [ADAPTER_TAMPER_REMOVE_GROUP] = "remove_group",
    [ADAPTER_TAMPER_DELETE_ENTRY] = "delete_entry",
    [ADAPTER_TAMPER_PUT_RAW] = "put_raw",
    [ADAPTER_TAMPER_SET_FOREIGN_TYPE] = "set_foreign_type",
};

enum { VERB_COUNT = sizeof(tamper_verbs) / sizeof(tamper_verbs[0]) };

static int fill_verb(struct script_call *call, const struct script_argument *argument,
                     const struct script_sight *sight, const struct tree *tree,
                     struct error *reterr)
{
    char *word = sight_text(sight, tree, reterr);
    uint32_t verb = 0;

    (void)argument;
    if (!word)
        return -1;
    while (verb < VERB_COUNT && strcmp(tamper_verbs[verb], word) != 0)
        verb++;
    call->call.verb = verb;
    if (verb == VERB_COUNT)
        error_set_at(reterr, tree->place,
                     "'%s' is no verb of tamper: say wipe, remove_group, delete_entry, put_raw or "
                     "set_foreign_type",
                     word);
    free(word);
    return verb == VERB_COUNT ? -1 : 0;
}

static void tell_verb(const struct script_call *call, const struct script_argument *argument,
                      struct text *text)
{
    (void)argument;
    text_append_string(text, tamper_verbs[call->call.verb]);
}

static int fill_new(struct script_call *call, const struct script_argument *argument,
                    const struct script_sight *sight, const struct tree *tree, struct error *reterr)
{
    struct value *value = sight_value(sight, tree, reterr);
    bool is_boolean = value && value->kind == VALUE_BOOLEAN;

    (void)argument;
    if (is_boolean && !value->boolean)
        call->call.flags |= ADAPTER_CALL_OWN_PENDING;
    if (value && !is_boolean)
        error_set_at(reterr, tree->place, "new is true (new messages) or false (own pending ones)");
    value_drop(value);
    return is_boolean ? 0 : -1;
}

static void tell_new(const struct script_call *call, const struct script_argument *argument,
                     struct text *text)
{
    (void)argument;
    text_append_string(text, call->call.flags & ADAPTER_CALL_OWN_PENDING ? "false" : "true");
}

/* --- Items ----------------------------------------------------------------------------------- */

static int add_item(struct script_call *call, char *text, size_t size)
{
    if (!text)
        return -1;
    call->items = memory_grow(call->items, call->item_count + 1, sizeof(*call->items));
    call->items[call->item_count++] = (struct adapter_text){script_call_own(call, text), size};
    return 0;
}

static int fill_item(struct script_call *call, const struct script_argument *argument,
                     const struct script_sight *sight, const struct tree *tree,
                     struct error *reterr)
{
    char *text = sight_text(sight, tree, reterr);

    (void)argument;
    return add_item(call, text, text ? strlen(text) : 0);
}

/* Stored as it stands, with NUL bytes if need be. */
static int fill_raw(struct script_call *call, const struct script_argument *argument,
                    const struct script_sight *sight, const struct tree *tree, struct error *reterr)
{
    char *copy;

    (void)argument;
    (void)sight;
    if (tree->kind != TREE_SCALAR)
        return error_set_at(reterr, tree->place, "raw is a text");
    copy = memory_new(tree->size + 1, 1);
    memcpy(copy, tree->text, tree->size);
    return add_item(call, copy, tree->size);
}

static int fill_ids(struct script_call *call, const struct script_argument *argument,
                    const struct script_sight *sight, const struct tree *tree, struct error *reterr)
{
    struct value *ids = sight_value(sight, tree, reterr);
    int result = -1;

    (void)argument;
    if (ids && ids->kind != VALUE_LIST)
        error_set_at(reterr, tree->place, "ids is a list of ids or messages");
    else if (ids && (result = script_call_set_ids(call, ids)) < 0)
        error_set_at(reterr, tree->place, "not every item of ids is an id or a message");
    value_drop(ids);
    return result;
}

static int fill_queues(struct script_call *call, const struct script_argument *argument,
                       const struct script_sight *sight, const struct tree *tree,
                       struct error *reterr)
{
    (void)argument;
    if (tree->kind != TREE_LIST)
        return error_set_at(reterr, tree->place, "queues is a list of names");
    for (size_t i = 0; i < tree->count; i++) {
        char *name = sight_name(sight, &tree->children[i], reterr);

        if (add_item(call, name, name ? strlen(name) : 0) < 0)
            return -1;
    }
    return 0;
}

static int fill_queue(struct script_call *call, const struct script_argument *argument,
                      const struct script_sight *sight, const struct tree *tree,
                      struct error *reterr)
{
    char *name = sight_name(sight, tree, reterr);

    (void)argument;
    if (!name)
        return -1;
    call->call.stream = name;
    if (call->operation->operation == ADAPTER_OP_DLQ_LIST)
        return add_item(call, name, strlen(name));
    script_call_own(call, name);
    return 0;
}

static void tell_queues(const struct script_call *call, const struct script_argument *argument,
                        struct text *text)
{
    (void)argument;
    for (size_t i = 0; i < call->item_count; i++)
        text_appendf(text, "%s%s", i > 0 ? ", " : "",
                     call->items[i].data + measure_prefix(call, call->items[i].data));
}

static void tell_items(const struct script_call *call, const struct script_argument *argument,
                       struct text *text)
{
    enum { SHOWN = 80 };

    (void)argument;
    for (size_t i = 0; i < call->item_count && i < 2; i++) {
        const struct adapter_text *item = &call->items[i];

        text_appendf(text, "%s%.*s%s", i > 0 ? ", " : "",
                     item->size > SHOWN ? SHOWN : (int)item->size, item->data ? item->data : "",
                     item->size > SHOWN ? "..." : "");
    }
    if (call->item_count > 2)
        text_appendf(text, ", ... %zu in all", call->item_count);
}

/* --- The table ------------------------------------------------------------------------------- */

#define TEXT(word, member)                                                                         \
    {                                                                                              \
        word, fill_text, offsetof(struct adapter_call, member), tell_text                          \
    }
#define NAME(word, member)                                                                         \
    {                                                                                              \
        word, fill_name, offsetof(struct adapter_call, member), tell_name                          \
    }
#define COUNT(word)                                                                                \
    {                                                                                              \
        word, fill_count, offsetof(struct adapter_call, count), tell_count                         \
    }
#define DURATION(word)                                                                             \
    {                                                                                              \
        word, fill_duration, offsetof(struct adapter_call, duration_ms), tell_duration             \
    }
#define OTHER(word, fill, tell)                                                                    \
    {                                                                                              \
        word, fill, 0, tell                                                                        \
    }

static const struct script_argument arguments[] = {
    NAME("stream", stream),
    TEXT("group", group),
    TEXT("consumer", consumer),
    {"queue", fill_queue, offsetof(struct adapter_call, stream), tell_name},
    OTHER("queues", fill_queues, tell_queues),
    NAME("target", target),
    NAME("category", stream),
    TEXT("key", key),
    TEXT("lane", target),
    NAME("lease", key),
    NAME("generation", generation_key),
    TEXT("owner", token),
    TEXT("token", token),
    TEXT("position", key),
    OTHER("id", fill_item, tell_items),
    OTHER("ids", fill_ids, tell_items),
    OTHER("min_id", fill_item, tell_items),
    OTHER("raw", fill_raw, tell_items),
    OTHER("verb", fill_verb, tell_verb),
    OTHER("new", fill_new, tell_new),
    COUNT("count"),
    COUNT("limit"),
    DURATION("timeout"),
    DURATION("ttl"),
    DURATION("min_idle"),
    OTHER("message", NULL, tell_items),
    OTHER("messages", NULL, tell_items),
    OTHER("message_text", NULL, tell_items),
};

const struct script_argument *script_argument_find(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++)
        if (strlen(arguments[i].name) == size && memcmp(arguments[i].name, name, size) == 0)
            return &arguments[i];
    return NULL;
}

uint64_t script_argument_bit(const struct script_argument *argument)
{
    return (uint64_t)1 << (argument - arguments);
}

size_t script_words_next(const char **words, bool *ret_is_needed)
{
    size_t size;

    *words += strspn(*words, " !");
    size = strcspn(*words, " !");
    *ret_is_needed = (*words)[size] == '!';
    return size;
}

bool script_words_hold(const char *words, const char *name, bool *ret_is_needed)
{
    bool is_needed;
    size_t size;

    for (; (size = script_words_next(&words, &is_needed)) > 0; words += size) {
        if (strlen(name) != size || memcmp(words, name, size) != 0)
            continue;
        if (ret_is_needed)
            *ret_is_needed = is_needed;
        return true;
    }
    return false;
}
