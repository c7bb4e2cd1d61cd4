/* script_payload.c: the messages of a publish, as JSON texts. */
#include <string.h>

#include "actors/script_argument.h"
#include "actors/value_json.h"
#include "base/memory.h"

enum { PUBLISHED_MAX = 1000000 };

/* --- Collecting ------------------------------------------------------------------------------ */

/* Takes the value; the text is made from it, or given when it must stay as it is. */
static void add_payload(struct script_call *call, struct value *value, const char *raw, size_t size)
{
    struct text text = {0};

    if (raw)
        text_append(&text, raw, size);
    else
        value_write(&text, value);
    if (!call->payloads)
        call->payloads = value_list();
    if (call->payloads->count == call->payloads->capacity)
        call->items = memory_grow(call->items, call->item_count * 2 + 4, sizeof(*call->items));
    value_append(call->payloads, value);
    size = text.size;
    call->items[call->item_count++] = (struct adapter_text){
        script_call_own(call, text.data ? text.data : memory_string("")), size};
}

static int add_message(struct script_call *call, const struct script_sight *sight,
                       const struct tree *tree, struct error *reterr)
{
    struct value *value = sight_value(sight, tree, reterr);

    if (!value)
        return -1;
    add_payload(call, value, NULL, 0);
    return 0;
}

/* The text as it stands; what it means, if it means something, is what will be compared. */
static int add_text(struct script_call *call, const struct tree *tree, struct error *reterr)
{
    struct value *value;

    if (tree->kind != TREE_SCALAR)
        return error_set_at(reterr, tree->place, "message_text is a text");
    value = value_parse(tree->text, tree->size);
    if (!value) {
        value = value_string(tree->text, tree->size);
        value->role = VALUE_RAW;
    }
    add_payload(call, value, tree->text, tree->size);
    return 0;
}

static int add_one(struct script_call *call, const struct script_sight *sight,
                   const struct tree *tree, struct error *reterr)
{
    if (strcmp(tree->key, "message_text") == 0)
        return add_text(call, tree, reterr);
    return add_message(call, sight, tree, reterr);
}

/* --- Counting -------------------------------------------------------------------------------- */

static int add_numbered(struct script_call *call, const struct script_sight *sight,
                        const struct tree *tree, int64_t count, struct error *reterr)
{
    struct scope scope = {.parent = sight->scope};
    struct script_sight inner = {&scope, sight->prefix};
    int result = 0;

    for (int64_t i = 0; i < count && result == 0; i++) {
        scope_bind(&scope, "i", value_integer(i));
        result = add_one(call, &inner, tree, reterr);
    }
    scope_release(&scope);
    return result;
}

static int add_many(struct script_call *call, const struct script_sight *sight,
                    const struct tree *tree, struct error *reterr)
{
    struct value *list;

    if (tree->kind == TREE_LIST) {
        for (size_t i = 0; i < tree->count; i++)
            if (add_message(call, sight, &tree->children[i], reterr) < 0)
                return -1;
        return 0;
    }
    list = sight_value(sight, tree, reterr);
    if (!list)
        return -1;
    for (size_t i = 0; list->kind == VALUE_LIST && i < list->count; i++)
        add_payload(call, value_keep(list->items[i]), NULL, 0);
    value_drop(list);
    return 0;
}

int script_payloads_fill(struct script_call *call, const struct script_sight *sight,
                         const struct tree *arguments, struct error *reterr)
{
    const struct tree *one = tree_get(arguments, "message"), *text;
    const struct tree *many = tree_get(arguments, "messages"), *count;
    int64_t number = 1;

    text = tree_get(arguments, "message_text");
    count = tree_get(arguments, "count");
    call->is_batch = many || count;
    if (many)
        return add_many(call, sight, many, reterr);
    if (count && sight_integer(sight, count, &number, reterr) < 0)
        return -1;
    if (number < 0 || number > PUBLISHED_MAX)
        return error_set_at(reterr, count->place, "count must be 0 to %d", PUBLISHED_MAX);
    if (!one && !text)
        return error_set_at(reterr, arguments->place,
                            "publish needs a message, messages or a message_text");
    if (!one)
        one = text;
    return count ? add_numbered(call, sight, one, number, reterr)
                 : add_one(call, sight, one, reterr);
}
