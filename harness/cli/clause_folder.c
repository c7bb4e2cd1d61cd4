/* clause_folder.c: the suite found from where the program is. */
#include "cli/clause_folder.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "cli/shared_folder.h"

static const char HERE[] = "scenarios/conformance";

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
    char *path = shared_folder_find(HERE);
    struct stat status;

    if (path && is_folder(path, &status))
        return shorten(path, &status);
    free(path);
    (void)error_set(reterr, ERROR_USAGE,
                    "the clauses are not where they should be: say --clauses DIR");
    return NULL;
}
