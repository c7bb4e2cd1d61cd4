/* registry.c: the built-in adapters, and those of strangers once they were asked for. */
#include "registry.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/stdio/stdio.h"
#include "base/memory.h"
#include "base/text.h"
#include "plugin.h"

/* Each lives in its own folder and is known by this one object. */
extern const struct broker_adapter inline_adapter;
extern const struct broker_adapter redis_adapter;
extern const struct broker_adapter redis_pubsub_adapter;
extern const struct broker_adapter redis_channels_adapter;
extern const struct broker_adapter null_adapter;

static const struct broker_adapter *const adapters[] = {
    &inline_adapter, &redis_adapter, &redis_pubsub_adapter, &redis_channels_adapter, &null_adapter,
};

enum { ADAPTER_COUNT = sizeof(adapters) / sizeof(adapters[0]) };

const struct broker_adapter *registry_at(size_t index)
{
    return index < ADAPTER_COUNT ? adapters[index] : NULL;
}

static void list_names(struct text *list)
{
    for (size_t i = 0; i < ADAPTER_COUNT; i++)
        text_appendf(list, "%s%s", i ? ", " : "", adapters[i]->name);
}

static void refuse(const char *name, struct error *reterr)
{
    const char *names[ADAPTER_COUNT];
    struct text list = {0};

    for (size_t i = 0; i < ADAPTER_COUNT; i++)
        names[i] = adapters[i]->name;
    const char *nearest = text_nearest(name, names, ADAPTER_COUNT);
    list_names(&list);
    if (nearest)
        error_set(reterr, ERROR_USAGE, "no adapter is called '%s': did you mean '%s'?", name,
                  nearest);
    else
        error_set(reterr, ERROR_USAGE,
                  "no adapter is called '%s': there are %s; "
                  "a plugin is named by its path, as in ./my_broker.so, and a program as in "
                  "'exec:python3 my_adapter.py'",
                  name, text_string(&list));
    text_release(&list);
}

/* --- Adapters that are not built in ----------------------------------------------------------- */

/* How a name says that it stands for something outside, and who knows what to do with it. */
struct loader {
    bool (*is_meant)(const char *name);
    const struct broker_adapter *(*load)(const char *name, struct error *reterr);
};

static bool is_plugin(const char *name)
{
    size_t size = strlen(name);

    return strchr(name, '/') || (size > 3 && strcmp(name + size - 3, ".so") == 0);
}

/* dlopen searches its own folders for a name without a slash; nobody who types one means that. */
static const char *isolating_program; /* NULL: plugins live in this process */

void registry_isolate(const char *program)
{
    isolating_program = program;
}

/* Quoted for the shell that starts it. */
static const struct broker_adapter *load_isolated(const char *path, struct error *reterr)
{
    char *command = strchr(path, '\'') || strchr(isolating_program, '\'')
                        ? NULL
                        : memory_format("'%s' serve '%s'", isolating_program, path);
    const struct broker_adapter *adapter = NULL;

    if (command)
        adapter = stdio_adapter_load(command, reterr);
    else
        (void)error_set(reterr, ERROR_USAGE, "a path with a quote in it cannot be isolated: %s",
                        path);
    free(command);
    return adapter;
}

static const struct broker_adapter *load_plugin(const char *name, struct error *reterr)
{
    char *path = strchr(name, '/') ? memory_string(name) : memory_format("./%s", name);
    const struct broker_adapter *adapter =
        isolating_program ? load_isolated(path, reterr) : plugin_load(path, reterr);

    free(path);
    return adapter;
}

static const char EXEC[] = "exec:";

static bool is_command(const char *name)
{
    return strncmp(name, EXEC, sizeof(EXEC) - 1) == 0;
}

static const struct broker_adapter *load_command(const char *name, struct error *reterr)
{
    const char *command = name + sizeof(EXEC) - 1;

    if (command[strspn(command, " ")] == '\0') {
        (void)error_set(reterr, ERROR_USAGE,
                        "'%s' names no command: say 'exec:python3 my_adapter.py', in quotes", name);
        return NULL;
    }
    return stdio_adapter_load(command, reterr);
}

/* A command may hold slashes, so it is asked first. */
static const struct loader LOADERS[] = {{is_command, load_command}, {is_plugin, load_plugin}};

/* What was loaded stays, so that a name always means the same adapter. */
static struct loaded {
    struct loaded *next;
    const char *name;
    const struct broker_adapter *adapter;
} * loaded, **loaded_last = &loaded;
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

static const struct loader *find_loader(const char *name)
{
    for (size_t i = 0; i < sizeof(LOADERS) / sizeof(LOADERS[0]); i++)
        if (LOADERS[i].is_meant(name))
            return &LOADERS[i];
    return NULL;
}

static const struct broker_adapter *load(const struct loader *loader, const char *name,
                                         struct error *reterr)
{
    for (const struct loaded *known = loaded; known; known = known->next)
        if (strcmp(known->name, name) == 0)
            return known->adapter;
    const struct broker_adapter *adapter = loader->load(name, reterr);
    if (!adapter)
        return NULL;
    struct loaded *fresh = memory_new(1, sizeof(*fresh));
    *fresh = (struct loaded){NULL, memory_string(name), adapter};
    *loaded_last = fresh;
    loaded_last = &fresh->next;
    return adapter;
}

const struct broker_adapter *registry_loaded_at(size_t index)
{
    pthread_mutex_lock(&loading);
    const struct loaded *known = loaded;
    while (known && index-- > 0)
        known = known->next;
    const struct broker_adapter *adapter = known ? known->adapter : NULL;
    pthread_mutex_unlock(&loading);
    return adapter;
}

const struct broker_adapter *registry_find(const char *name, struct error *reterr)
{
    const struct loader *loader = find_loader(name);

    if (loader) {
        pthread_mutex_lock(&loading);
        const struct broker_adapter *adapter = load(loader, name, reterr);
        pthread_mutex_unlock(&loading);
        return adapter;
    }
    for (size_t i = 0; i < ADAPTER_COUNT; i++)
        if (strcmp(adapters[i]->name, name) == 0)
            return adapters[i];
    refuse(name, reterr);
    return NULL;
}

/* --- Options --------------------------------------------------------------------------------- */

#define SAME(type)                                                                                 \
    _Static_assert((int)ADAPTER_OPTION_##type == (int)SCHEMA_##type,                               \
                   "adapter.h and schema.h number " #type " differently")
SAME(TEXT);
SAME(BOOLEAN);
SAME(INTEGER);
SAME(NUMBER);
SAME(DURATION);
SAME(SIZE);
SAME(RATE);
SAME(PERCENT);
SAME(CHOICE);

static struct schema_option convert(const struct adapter_option *option)
{
    return (struct schema_option){
        .key = option->key,
        .type = (enum schema_type)option->type,
        .choices = option->choices,
        .minimum = option->minimum,
        .maximum = option->maximum,
        .default_text = option->default_text,
        .help = option->help,
    };
}

struct schema_option registry_disturbance_value(const struct adapter_disturbance *disturbance)
{
    return convert(&(struct adapter_option){.key = "value",
                                            .type = disturbance->type,
                                            .choices = disturbance->choices,
                                            .minimum = disturbance->minimum,
                                            .maximum = disturbance->maximum,
                                            .default_text = disturbance->default_text,
                                            .help = disturbance->help});
}

/* The subject's text stands behind the options, in the same block. */
struct schema registry_schema(const struct broker_adapter *adapter,
                              struct schema_option **ret_options)
{
    static const char prefix[] = "adapter ";
    size_t count = adapter->option_count;
    size_t subject_size = sizeof(prefix) + strlen(adapter->name);
    struct schema_option *options = memory_new(count * sizeof(*options) + subject_size, 1);
    char *subject = (char *)(options + count);

    for (size_t i = 0; i < count; i++)
        options[i] = convert(&adapter->options[i]);
    memcpy(subject, prefix, sizeof(prefix) - 1);
    memcpy(subject + sizeof(prefix) - 1, adapter->name, strlen(adapter->name) + 1);
    *ret_options = options;
    return (struct schema){.subject = subject, .options = options, .option_count = count};
}

uint64_t registry_losses(void)
{
    return stdio_adapters_losses();
}

void registry_leave(void)
{
    stdio_adapters_leave();
}
