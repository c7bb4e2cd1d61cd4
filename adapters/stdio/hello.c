/* hello.c: the first line, member by member. */
#include "adapters/stdio/hello.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/stdio/hello_parts.h"
#include "adapters/stdio/operation.h"
#include "base/memory.h"
#include "base/text.h"
#include "port.h"

int hello_wrong(struct error *reterr, const char *key, const struct stdio_token *token,
                const char *right)
{
    return error_set(reterr, ERROR_ADAPTER, "its hello has %s as '%s', and it must be %s",
                     stdio_json_kind(token), key, right);
}

static char *copy(struct stdio_json *json, struct stdio_token *token)
{
    struct adapter_text text = stdio_json_text(json, token);

    return token && token->kind == STDIO_STRING ? memory_format("%.*s", (int)text.size, text.data)
                                                : NULL;
}

char *hello_text(struct stdio_json *json, struct stdio_token *object, const char *key)
{
    return copy(json, stdio_json_get(json, object, key));
}

void hello_free(const char *text)
{
    char *owned;

    memcpy(&owned, &text, sizeof(owned));
    free(owned);
}

/* --- Lists of words -------------------------------------------------------------------------- */

static int each_word(struct stdio_json *json, struct stdio_token *list, const char *key,
                     int (*take)(const char *word, void *context, struct error *reterr),
                     void *context, struct error *reterr)
{
    if (!list || list->kind != STDIO_ARRAY)
        return hello_wrong(reterr, key, list, "a list of strings");
    struct stdio_token *token = stdio_json_first(json, list);
    for (uint32_t i = 0; i < list->count; i++) {
        char *word = copy(json, token);

        if (!word)
            return hello_wrong(reterr, key, token, "a list of strings");
        int result = take(word, context, reterr);
        free(word);
        if (result < 0)
            return -1;
        token = stdio_json_after(json, token);
    }
    return 0;
}

static int refuse_word(const char *word, const char *what, const char *const *known, size_t count,
                       struct error *reterr)
{
    const char *nearest = text_nearest(word, known, count);

    if (nearest)
        return error_set(reterr, ERROR_ADAPTER,
                         "its hello names the %s '%.60s', which there is not: did you mean '%s'?",
                         what, word, nearest);
    return error_set(reterr, ERROR_ADAPTER, "its hello names the %s '%.60s', which there is not",
                     what, word);
}

static int take_capability(const char *word, void *context, struct error *reterr)
{
    enum { FLAG_COUNT = 10 };
    uint32_t *flags = context, found = port_capability_find(word);
    const char *names[FLAG_COUNT];

    *flags |= found;
    if (found)
        return 0;
    for (uint32_t i = 0; i < FLAG_COUNT; i++)
        names[i] = port_capability_name(1u << i);
    return refuse_word(word, "capability", names, FLAG_COUNT, reterr);
}

static int take_operation(const char *word, void *context, struct error *reterr)
{
    bool *operations = context;
    const char *names[ADAPTER_OP_COUNT];

    for (size_t i = 0; i < ADAPTER_OP_COUNT; i++) {
        names[i] = port_operations[i].name;
        if (strcmp(names[i], word) == 0) {
            operations[i] = true;
            return 0;
        }
    }
    return refuse_word(word, "operation", names, ADAPTER_OP_COUNT, reterr);
}

const struct stdio_trait stdio_hello_traits[STDIO_TRAIT_COUNT] = {
    {"in_process", ADAPTER_TRAIT_IN_PROCESS},
    {"blocks", ADAPTER_TRAIT_WAITS},
    {"reentrant", ADAPTER_TRAIT_REENTRANT},
};

static int take_trait(const char *word, void *context, struct error *reterr)
{
    const char *names[STDIO_TRAIT_COUNT];
    uint32_t *traits = context;

    for (size_t i = 0; i < STDIO_TRAIT_COUNT; i++) {
        names[i] = stdio_hello_traits[i].name;
        if (strcmp(names[i], word) == 0) {
            *traits |= stdio_hello_traits[i].flag;
            return 0;
        }
    }
    return refuse_word(word, "trait", names, STDIO_TRAIT_COUNT, reterr);
}

int stdio_hello_capabilities(struct stdio_json *json, struct stdio_token *list,
                             uint32_t *ret_capabilities, struct error *reterr)
{
    uint32_t flags = 0;

    if (each_word(json, list, "capabilities", take_capability, &flags, reterr) < 0)
        return -1;
    *ret_capabilities = flags;
    return 0;
}

/* --- The profile ----------------------------------------------------------------------------- */

static const struct {
    const char *key;
    size_t offset;
} FACTS[] = {
    {"redelivery_time_ms", offsetof(struct adapter_profile, redelivery_time_ms)},
    {"redelivery_soonest_ms", offsetof(struct adapter_profile, redelivery_soonest_ms)},
    {"retry_budget", offsetof(struct adapter_profile, retry_budget)},
    {"block_cap_ms", offsetof(struct adapter_profile, block_cap_ms)},
    {"trim_granularity", offsetof(struct adapter_profile, trim_granularity)},
    {"trims", offsetof(struct adapter_profile, trims)},
};

int stdio_hello_profile(struct stdio_json *json, struct stdio_token *object,
                        struct adapter_profile *ret_profile, struct error *reterr)
{
    struct adapter_profile profile = {.struct_size = sizeof(profile)};
    struct stdio_token *populated = stdio_json_get(json, object, "dlq_populated_by");

    if (object && object->kind != STDIO_OBJECT)
        return hello_wrong(reterr, "profile", object, "an object");
    for (size_t i = 0; i < sizeof(FACTS) / sizeof(FACTS[0]); i++) {
        struct stdio_token *fact = stdio_json_get(json, object, FACTS[i].key);
        int64_t number = 0;

        if (fact && (!stdio_json_integer(json, fact, &number) || number < 0 || number > INT32_MAX))
            return hello_wrong(reterr, FACTS[i].key, fact, "a whole number, true or false");
        uint32_t value = (uint32_t)number;
        memcpy((char *)&profile + FACTS[i].offset, &value, sizeof(value));
    }
    if (stdio_json_is(json, populated, "broker"))
        profile.dlq_populated_by = "broker";
    else if (stdio_json_is(json, populated, "caller"))
        profile.dlq_populated_by = "caller";
    else if (populated)
        return hello_wrong(reterr, "dlq_populated_by", populated, "\"broker\" or \"caller\"");
    *ret_profile = profile;
    return 0;
}

/* --- Options --------------------------------------------------------------------------------- */

static const char *const TYPES[] = {
    [ADAPTER_OPTION_TEXT] = "text",         [ADAPTER_OPTION_BOOLEAN] = "boolean",
    [ADAPTER_OPTION_INTEGER] = "integer",   [ADAPTER_OPTION_NUMBER] = "number",
    [ADAPTER_OPTION_DURATION] = "duration", [ADAPTER_OPTION_SIZE] = "size",
    [ADAPTER_OPTION_RATE] = "rate",         [ADAPTER_OPTION_PERCENT] = "percent",
    [ADAPTER_OPTION_CHOICE] = "choice",
};

enum { TYPE_COUNT = sizeof(TYPES) / sizeof(TYPES[0]) };

const char *stdio_hello_type_name(uint32_t type)
{
    return type < TYPE_COUNT ? TYPES[type] : TYPES[ADAPTER_OPTION_TEXT];
}

double hello_number(struct stdio_json *json, struct stdio_token *object, const char *key)
{
    struct stdio_token *token = stdio_json_get(json, object, key);
    struct adapter_text raw;

    if (!token || token->kind != STDIO_NUMBER)
        return 0;
    raw = stdio_json_raw(json, token);
    char *text = memory_format("%.*s", (int)raw.size, raw.data);
    double bound = strtod(text, NULL);
    free(text);
    return bound;
}

int hello_type(struct stdio_json *json, struct stdio_token *object, const char *what,
               uint32_t *ret_type, struct error *reterr)
{
    struct stdio_token *type = stdio_json_get(json, object, "type");
    char key[60];

    for (uint32_t i = 0; i < TYPE_COUNT; i++) {
        if (!type || stdio_json_is(json, type, TYPES[i])) {
            *ret_type = i;
            return 0;
        }
    }
    (void)snprintf(key, sizeof(key), "type of %s", what);
    return hello_wrong(reterr, key, type,
                       "text, boolean, integer, number, duration, size, rate, percent or choice");
}

static int read_option(struct stdio_json *json, struct stdio_token *token,
                       struct adapter_option *ret, struct error *reterr)
{
    *ret = (struct adapter_option){
        .key = hello_text(json, token, "key"),
        .choices = hello_text(json, token, "choices"),
        .minimum = hello_number(json, token, "minimum"),
        .maximum = hello_number(json, token, "maximum"),
        .default_text = hello_text(json, token, "default"),
        .help = hello_text(json, token, "help"),
    };
    if (!ret->key || !ret->key[0])
        return hello_wrong(reterr, "key of an option", stdio_json_get(json, token, "key"),
                           "its name");
    if (!ret->help)
        ret->help = memory_string("");
    return hello_type(json, token, "an option", &ret->type, reterr);
}

static int read_options(struct stdio_json *json, struct stdio_token *list,
                        struct stdio_hello *hello, struct error *reterr)
{
    if (!list)
        return 0;
    if (list->kind != STDIO_ARRAY)
        return hello_wrong(reterr, "options", list, "a list of objects");
    hello->options = memory_new(list->count + 1u, sizeof(*hello->options));
    struct stdio_token *token = stdio_json_first(json, list);
    for (uint32_t i = 0; i < list->count; i++) {
        if (read_option(json, token, &hello->options[hello->option_count++], reterr) < 0)
            return -1;
        token = stdio_json_after(json, token);
    }
    return 0;
}

/* --- All ------------------------------------------------------------------------------------- */

static int read_version(struct stdio_json *json, struct stdio_token *root, struct error *reterr)
{
    struct stdio_token *version = stdio_json_get(json, root, "protocol");
    int64_t number = 0;

    if (!stdio_json_is(json, stdio_json_get(json, root, "hello"), "gauntlet"))
        return error_set(reterr, ERROR_ADAPTER,
                         "its first line is no hello: it must be {\"hello\": \"gauntlet\", "
                         "\"protocol\": %d, ...}",
                         STDIO_PROTOCOL);
    if (!stdio_json_integer(json, version, &number))
        return hello_wrong(reterr, "protocol", version, "the number of the protocol's version");
    if (number > STDIO_PROTOCOL)
        return error_set(reterr, ERROR_ADAPTER,
                         "it speaks protocol %lld, and this gauntlet speaks %d: install a newer "
                         "gauntlet, or an older kit",
                         (long long)number, STDIO_PROTOCOL);
    if (number < 1)
        return error_set(reterr, ERROR_ADAPTER, "it speaks protocol %lld: the first one is 1",
                         (long long)number);
    return 0;
}

static int read_processes(struct stdio_json *json, struct stdio_token *word,
                          struct stdio_hello *hello, struct error *reterr)
{
    static const char *const NAMES[] = {"instance", "session", "shared"};

    for (int i = 0; word && i < 3; i++) {
        if (stdio_json_is(json, word, NAMES[i])) {
            hello->processes = (enum stdio_processes)i;
            return 0;
        }
    }
    return word ? hello_wrong(reterr, "processes", word, "\"instance\", \"session\" or \"shared\"")
                : 0;
}

static int read_all(struct stdio_json *json, struct stdio_token *root, struct stdio_hello *hello,
                    struct error *reterr)
{
    struct stdio_token *traits = stdio_json_get(json, root, "traits");

    hello->name = copy(json, stdio_json_get(json, root, "name"));
    hello->summary = copy(json, stdio_json_get(json, root, "summary"));
    if (!hello->name)
        return hello_wrong(reterr, "name", stdio_json_get(json, root, "name"), "its name");
    if (!hello->summary)
        hello->summary = memory_string("an adapter in a process of its own");
    if (each_word(json, stdio_json_get(json, root, "operations"), "operations", take_operation,
                  hello->operations, reterr) < 0 ||
        stdio_hello_capabilities(json, stdio_json_get(json, root, "capabilities"),
                                 &hello->capabilities, reterr) < 0 ||
        (traits && each_word(json, traits, "traits", take_trait, &hello->traits, reterr) < 0) ||
        read_processes(json, stdio_json_get(json, root, "processes"), hello, reterr) < 0 ||
        stdio_hello_profile(json, stdio_json_get(json, root, "profile"), &hello->profile, reterr) <
            0)
        return -1;
    if (hello_disturbances_read(json, stdio_json_get(json, root, "disturbances"), hello, reterr) <
        0)
        return -1;
    return read_options(json, stdio_json_get(json, root, "options"), hello, reterr);
}

int stdio_hello_read(struct stdio_json *json, struct stdio_hello *ret_hello, struct error *reterr)
{
    struct stdio_token *root = stdio_json_root(json);

    *ret_hello = (struct stdio_hello){0};
    if (read_version(json, root, reterr) == 0 && read_all(json, root, ret_hello, reterr) == 0)
        return 0;
    stdio_hello_release(ret_hello);
    return -1;
}

void stdio_hello_copy(const struct stdio_hello *hello, struct stdio_hello *ret_copy)
{
    *ret_copy = *hello;
    ret_copy->name = memory_string(hello->name);
    ret_copy->summary = memory_string(hello->summary);
    hello_disturbances_copy(ret_copy);
    ret_copy->options = memory_new(hello->option_count + 1u, sizeof(*hello->options));
    for (uint32_t i = 0; i < hello->option_count; i++) {
        struct adapter_option *option = &ret_copy->options[i];

        *option = hello->options[i];
        option->key = memory_string(option->key);
        option->choices = memory_string(option->choices);
        option->default_text = memory_string(option->default_text);
        option->help = memory_string(option->help);
    }
}

void stdio_hello_release(struct stdio_hello *hello)
{
    for (uint32_t i = 0; i < hello->option_count; i++) {
        hello_free(hello->options[i].key);
        hello_free(hello->options[i].choices);
        hello_free(hello->options[i].default_text);
        hello_free(hello->options[i].help);
    }
    hello_disturbances_release(hello);
    free(hello->options);
    free(hello->name);
    free(hello->summary);
    *hello = (struct stdio_hello){0};
}
