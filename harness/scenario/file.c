/* file.c: scenarios and payloads come from regular files only: a pipe could block, a device could
   never end. */
#include "scenario/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

#define KEYED_SIZE_MAX (4u << 20)

static int refuse(const char *path, const char *why, struct error *reterr)
{
    return error_set(reterr, ERROR_SCENARIO, "cannot read '%.200s': %s", path, why);
}

static int read_all(int fd, char *text, size_t size, size_t *ret_size)
{
    size_t used = 0;

    while (used < size) {
        ssize_t got = read(fd, text + used, size - used);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        used += (size_t)got;
    }
    *ret_size = used;
    return 0;
}

int file_read(const char *path, size_t size_max, char **ret_text, size_t *ret_size,
              struct error *reterr)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    char *text = NULL;
    int result = -1;

    if (fd < 0)
        return refuse(path, strerror(errno), reterr);
    if (fstat(fd, &status) != 0) {
        (void)refuse(path, strerror(errno), reterr);
    } else if (S_ISDIR(status.st_mode)) {
        (void)refuse(path, "it is a folder", reterr);
    } else if (!S_ISREG(status.st_mode)) {
        (void)refuse(path, "it is no regular file", reterr);
    } else if ((uint64_t)status.st_size > size_max) {
        (void)error_set(reterr, ERROR_SCENARIO,
                        "cannot read '%.200s': it has more than %zu KiB, which is the most", path,
                        size_max / 1024);
    } else {
        text = memory_new((size_t)status.st_size + 1, 1);
        result = read_all(fd, text, (size_t)status.st_size, ret_size);
        if (result != 0)
            (void)refuse(path, strerror(errno), reterr);
    }
    (void)close(fd);
    if (result != 0) {
        free(text);
        return -1;
    }
    *ret_text = text;
    return 0;
}

char *file_beside(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');

    if (name[0] == '/' || !slash)
        return memory_string(name);
    return memory_format("%.*s%s", (int)(slash + 1 - path), path, name);
}

static bool begins_with(const char *line, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(line, keys[i], strlen(keys[i])) == 0)
            return true;
    return false;
}

bool file_has_key(const char *path, const char *const *keys, size_t count)
{
    struct error ignored = {0};
    char *text = NULL;
    size_t size = 0;
    bool found = false;

    if (file_read(path, KEYED_SIZE_MAX, &text, &size, &ignored) != 0)
        return false;
    for (const char *line = text; line && !found; line = strchr(line, '\n')) {
        line += *line == '\n';
        found = begins_with(line, keys, count);
    }
    free(text);
    return found;
}
