/* clause_folder.c: the suite found from where the program is. */
#include "cli/clause_folder.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

static const char HERE[] = "scenarios/conformance";

/* The folder of the program, with its slash; "" when nobody can tell. */
static void find_program(char folder[PATH_MAX])
{
    ssize_t size = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    char *slash;

    folder[size > 0 ? size : 0] = '\0';
    slash = strrchr(folder, '/');
    if (slash)
        slash[1] = '\0';
}

static bool is_folder(const char *path, struct stat *ret_status)
{
    return stat(path, ret_status) == 0 && S_ISDIR(ret_status->st_mode);
}

/* The shorter name of the same folder. */
static char *shorten(char *path, const struct stat *status)
{
    struct stat here;

    if (!is_folder(HERE, &here) || here.st_ino != status->st_ino || here.st_dev != status->st_dev)
        return path;
    free(path);
    return memory_string(HERE);
}

char *clause_folder_find(struct error *reterr)
{
    static const char *const PLACES[] = {"../share/gauntlet/scenarios/conformance",
                                         "../../scenarios/conformance"};
    char program[PATH_MAX];
    struct stat status;

    find_program(program);
    for (size_t i = 0; program[0] && i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
        char *path = memory_format("%s%s", program, PLACES[i]);

        if (is_folder(path, &status))
            return shorten(path, &status);
        free(path);
    }
    if (is_folder(HERE, &status))
        return memory_string(HERE);
    (void)error_set(reterr, ERROR_USAGE,
                    "the clauses are not where they should be: say --clauses DIR");
    return NULL;
}
