/* preset.c: one line for each program that is known by name. */
#include "server/preset.h"

#include <string.h>

#include "base/memory.h"

/* A replica gets its first copy at once. */
#define REDIS_FIRST "save \"\"\nrepl-diskless-sync-delay 0\n"
#define REDIS_LAST                                                                                 \
    "port {port}\nbind {host}\nprotected-mode no\ndir {dir}\ndaemonize no\nlogfile \"\"\n"

/* With "everysec" a write may wait for a sync under way, behind its answer, and a kill loses it. */
#define REDIS_KEEPS "appendonly yes\nappendfsync no\n"

static const struct server_preset PRESETS[] = {
    {"redis-server", "redis.conf", REDIS_FIRST, REDIS_LAST, REDIS_KEEPS, "redis",
     "redis://{host}:{port}/0"},
    {"valkey-server", "valkey.conf", REDIS_FIRST, REDIS_LAST, REDIS_KEEPS, "redis",
     "redis://{host}:{port}/0"},
};

/* The program's name in a path. */
static const char *program_of(const char *command, size_t *ret_size)
{
    size_t size = strcspn(command, " \t");
    const char *name = command;

    for (size_t i = 0; i < size; i++)
        if (command[i] == '/')
            name = command + i + 1;
    *ret_size = (size_t)(command + size - name);
    return name;
}

const struct server_preset *server_preset_find(const char *command)
{
    size_t size = 0;
    const char *name = program_of(command, &size);

    for (size_t i = 0; i < sizeof(PRESETS) / sizeof(PRESETS[0]); i++)
        if (strlen(PRESETS[i].program) == size && strncmp(PRESETS[i].program, name, size) == 0 &&
            !strstr(command, "{port}"))
            return &PRESETS[i];
    return NULL;
}

char *server_preset_command(const struct server_preset *preset, const char *command)
{
    size_t size = strcspn(command, " \t");

    return memory_format("exec %.*s {dir}/%s%s", (int)size, command, preset->config_name,
                         command + size);
}
