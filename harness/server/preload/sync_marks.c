/* sync_marks.c: preloaded into a server that may lose power: notes of every file how much of it had
   been synced to disk.  A note is a file named after the other's device and inode, which stay when
   it is renamed, with the size in eight bytes. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef int sync_call(int fd);

static char folder[3800]; /* a copy: servers write their titles over their environment */
static sync_call *real_fsync, *real_fdatasync;

static sync_call *find(const char *name)
{
    union {
        void *object;
        sync_call *function;
    } found = {dlsym(RTLD_NEXT, name)};

    return found.function;
}

static int open_note(const char *name)
{
    char path[4096];

    if (!folder[0] || snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
        return -1;
    return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

/* That it is loaded at all. */
__attribute__((constructor)) static void begin(void)
{
    const char *given = getenv("GAUNTLET_SYNC_MARKS");
    int fd;

    (void)snprintf(folder, sizeof(folder), "%s", given ? given : "");
    real_fsync = find("fsync");
    real_fdatasync = find("fdatasync");
    fd = open_note("loaded");
    if (fd >= 0)
        (void)close(fd);
}

static void note(const struct stat *before)
{
    uint64_t size = (uint64_t)before->st_size;
    char name[64];
    int fd;

    (void)snprintf(name, sizeof(name), "%llu-%llu", (unsigned long long)before->st_dev,
                   (unsigned long long)before->st_ino);
    fd = open_note(name);
    if (fd < 0)
        return;
    (void)!pwrite(fd, &size, sizeof(size), 0);
    (void)close(fd);
}

/* What others write meanwhile need not be on disk when it is over. */
static int sync_and_note(int fd, sync_call *real)
{
    struct stat before;
    int known = fstat(fd, &before) == 0 && S_ISREG(before.st_mode);
    int result = real(fd);

    if (result == 0 && known)
        note(&before);
    return result;
}

/* The parameters are called as in <unistd.h>. */
int fsync(int __fd)
{
    return sync_and_note(__fd, real_fsync);
}

int fdatasync(int __fildes)
{
    return sync_and_note(__fildes, real_fdatasync);
}
