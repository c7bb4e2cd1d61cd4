/* power.c: files are cut to the size that they had when they were last synced. */
#include "server/power.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

/* The library travels inside our own program; see the Makefile. */
extern const char _binary_sync_marks_so_start[], _binary_sync_marks_so_end[];

static int fail(struct error *reterr, const char *what, const char *path)
{
    return error_set(reterr, ERROR_SYSTEM, "cannot %s %.200s: %s", what, path, strerror(errno));
}

int power_prepare(const char *library, const char *marks, struct error *reterr)
{
    /* cppcheck-suppress comparePointers ; the linker puts both at the ends of one object */
    size_t size = (size_t)(_binary_sync_marks_so_end - _binary_sync_marks_so_start);
    FILE *file = fopen(library, "we");
    bool is_written = file && fwrite(_binary_sync_marks_so_start, size, 1, file) == 1;

    if (file && fclose(file) != 0)
        is_written = false;
    if (!is_written)
        return fail(reterr, "write", library);
    return mkdir(marks, 0700) == 0 || errno == EEXIST ? 0 : fail(reterr, "make", marks);
}

/* 0 when it was never synced. */
static uint64_t synced_size(const char *marks, const struct stat *file)
{
    char *path = memory_format("%s/%llu-%llu", marks, (unsigned long long)file->st_dev,
                               (unsigned long long)file->st_ino);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint64_t size = 0;

    if (fd >= 0) {
        if (pread(fd, &size, sizeof(size), 0) != sizeof(size))
            size = 0;
        (void)close(fd);
    }
    free(path);
    return size;
}

static int forget_below(const char *folder, const char *marks, const char *spared,
                        struct error *reterr);

static int forget_one(const char *path, const char *marks, const char *spared, struct error *reterr)
{
    struct stat status;
    uint64_t size;

    if (lstat(path, &status) != 0)
        return 0;
    if (S_ISDIR(status.st_mode))
        return forget_below(path, marks, spared, reterr);
    if (!S_ISREG(status.st_mode))
        return 0;
    size = synced_size(marks, &status);
    if (size >= (uint64_t)status.st_size || truncate(path, (off_t)size) == 0)
        return 0;
    return fail(reterr, "cut", path);
}

static bool is_passed_over(const char *name, const char *spared)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
           (spared && strcmp(name, spared) == 0);
}

static int forget_below(const char *folder, const char *marks, const char *spared,
                        struct error *reterr)
{
    DIR *open_folder = opendir(folder);
    const struct dirent *entry;
    int result = 0;

    if (!open_folder)
        return fail(reterr, "read", folder);
    while (result == 0 && (entry = readdir(open_folder)) != NULL) {
        char *path = memory_format("%s/%s", folder, entry->d_name);

        if (!is_passed_over(entry->d_name, spared))
            result = forget_one(path, marks, spared, reterr);
        free(path);
    }
    (void)closedir(open_folder);
    return result;
}

int power_forget(const char *data, const char *marks, const char *spared, struct error *reterr)
{
    char *loaded = memory_format("%s/loaded", marks);
    bool is_watched = access(loaded, F_OK) == 0;

    free(loaded);
    if (!is_watched)
        return error_set(reterr, ERROR_ADAPTER,
                         "what it synced to disk was not seen: is it a program without shared "
                         "libraries?");
    return forget_below(data, marks, spared, reterr);
}
