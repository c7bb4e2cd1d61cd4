/* hello_disturbances.c: the faults that a broker can be given by its own commands, as its adapter
   lists them. */
#include <stdlib.h>
#include <string.h>

#include "adapters/stdio/hello_parts.h"
#include "base/memory.h"

const struct stdio_trait stdio_hello_disturbance_flags[STDIO_DISTURBANCE_FLAG_COUNT] = {
    {"stream", ADAPTER_DISTURBANCE_STREAM}, {"group", ADAPTER_DISTURBANCE_GROUP},
    {"entry", ADAPTER_DISTURBANCE_ENTRY},   {"lasts", ADAPTER_DISTURBANCE_LASTS},
    {"own", ADAPTER_DISTURBANCE_OWN},
};

static int read_flag(struct stdio_json *json, struct stdio_token *object,
                     const struct stdio_trait *flag, struct adapter_disturbance *ret,
                     struct error *reterr)
{
    struct stdio_token *token = stdio_json_get(json, object, flag->name);
    int64_t number = 0;

    if (token && (!stdio_json_integer(json, token, &number) || number < 0 || number > 1))
        return hello_wrong(reterr, flag->name, token, "true or false");
    ret->flags |= number ? flag->flag : 0;
    return 0;
}

/* Without a type it takes no value. */
static int read_one(struct stdio_json *json, struct stdio_token *object,
                    struct adapter_disturbance *ret, struct error *reterr)
{
    *ret = (struct adapter_disturbance){
        .key = hello_text(json, object, "key"),
        .choices = hello_text(json, object, "choices"),
        .minimum = hello_number(json, object, "minimum"),
        .maximum = hello_number(json, object, "maximum"),
        .default_text = hello_text(json, object, "default"),
        .help = hello_text(json, object, "help"),
    };
    if (!ret->key || !ret->key[0])
        return hello_wrong(reterr, "key of a disturbance", stdio_json_get(json, object, "key"),
                           "its name");
    if (!ret->help)
        ret->help = memory_string("");
    if (!stdio_json_get(json, object, "type"))
        ret->flags = ADAPTER_DISTURBANCE_BARE;
    for (size_t i = 0; i < STDIO_DISTURBANCE_FLAG_COUNT; i++)
        if (read_flag(json, object, &stdio_hello_disturbance_flags[i], ret, reterr) < 0)
            return -1;
    return hello_type(json, object, "a disturbance", &ret->type, reterr);
}

int hello_disturbances_read(struct stdio_json *json, struct stdio_token *list,
                            struct stdio_hello *hello, struct error *reterr)
{
    if (!list)
        return 0;
    if (list->kind != STDIO_ARRAY)
        return hello_wrong(reterr, "disturbances", list, "a list of objects");
    hello->disturbances = memory_new(list->count + 1u, sizeof(*hello->disturbances));
    struct stdio_token *token = stdio_json_first(json, list);
    for (uint32_t i = 0; i < list->count; i++) {
        if (read_one(json, token, &hello->disturbances[hello->disturbance_count++], reterr) < 0)
            return -1;
        token = stdio_json_after(json, token);
    }
    return 0;
}

/* The array and its texts become the copy's own. */
void hello_disturbances_copy(struct stdio_hello *copy)
{
    const struct adapter_disturbance *theirs = copy->disturbances;

    copy->disturbances = memory_new(copy->disturbance_count + 1u, sizeof(*theirs));
    for (uint32_t i = 0; i < copy->disturbance_count; i++) {
        struct adapter_disturbance *own = &copy->disturbances[i];

        *own = theirs[i];
        own->key = memory_string(own->key);
        own->choices = memory_string(own->choices);
        own->default_text = memory_string(own->default_text);
        own->help = memory_string(own->help);
    }
}

void hello_disturbances_release(struct stdio_hello *hello)
{
    for (uint32_t i = 0; i < hello->disturbance_count; i++) {
        hello_free(hello->disturbances[i].key);
        hello_free(hello->disturbances[i].choices);
        hello_free(hello->disturbances[i].default_text);
        hello_free(hello->disturbances[i].help);
    }
    free(hello->disturbances);
}
