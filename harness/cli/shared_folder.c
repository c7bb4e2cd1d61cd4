/* shared_folder.c: from the program's own place to the files beside it. */
#include "cli/shared_folder.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

char *shared_folder_program(void)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (size <= 0)
        return NULL;
    path[size] = '\0';
    return memory_string(path);
}

/* The program's folder and one of the places, if it is there; in its shortest form. */
static char *look(const char *program, const char *place, const char *name)
{
    const char *slash = strrchr(program, '/');
    int size = slash ? (int)(slash - program) : 0;
    char *path = memory_format("%.*s/%s%s", size, program, place, name);
    char *real = realpath(path, NULL);

    free(path);
    return real;
}

static char *find(const char *const places[2], const char *name)
{
    char *program = shared_folder_program();
    char *found = NULL;

    for (int i = 0; program && i < 2 && !found; i++)
        found = look(program, places[i], name);
    free(program);
    return found ? found : realpath(name, NULL);
}

char *shared_folder_find(const char *name)
{
    static const char *const PLACES[2] = {"../share/gauntlet/", "../../"};

    return find(PLACES, name);
}

char *shared_folder_header(void)
{
    static const char *const PLACES[2] = {"../include/gauntlet/", "../../adapters/"};
    char *header = find(PLACES, "adapter.h");
    char *slash = header ? strrchr(header, '/') : NULL;

    if (slash)
        *slash = '\0';
    return header;
}
