/* folder.c: report files, each whole or absent. */
#include "reports/report.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(struct error *reterr, const char *what, const char *path)
{
    return error_set(reterr, ERROR_SYSTEM, "cannot %s '%s': %s", what, path, strerror(errno));
}

static int make_folder(const char *path, struct error *reterr)
{
    struct stat status;
    if (mkdir(path, 0777) == 0)
        return 0;
    int made_errno = errno;
    if (made_errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return 0;
    errno = made_errno == EEXIST ? ENOTDIR : made_errno;
    return fail(reterr, "make the folder", path);
}

/* mkdir -p: every parent, then the folder. */
static int make_folders(const char *folder, struct error *reterr)
{
    char path[PATH_MAX];
    if (strlen(folder) >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return fail(reterr, "make the folder", folder);
    }
    text_copy(path, sizeof(path), folder);
    for (char *slash = path + 1; *path && (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        if (make_folder(path, reterr))
            return -1;
        *slash = '/';
    }
    return make_folder(path, reterr);
}

static int write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -1;
        bytes += written;
        size -= (size_t)written;
    }
    return 0;
}

/* Into a temporary name first: a reader never sees half a file, and a full disk leaves none. */
static int write_file(const char *path, const struct text *text, struct error *reterr)
{
    char temporary[PATH_MAX];
    int length = snprintf(temporary, sizeof(temporary), "%s.part", path);
    if (length < 0 || (size_t)length >= sizeof(temporary)) {
        errno = ENAMETOOLONG;
        return fail(reterr, "write", path);
    }
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return fail(reterr, "write", path);
    int result = write_all(fd, text_string(text), text->size);
    int write_errno = errno;
    if (close(fd) && result == 0) { /* some file systems report a full disk only here */
        result = -1;
        write_errno = errno;
    }
    if (result == 0 && rename(temporary, path) == 0)
        return 0;
    write_errno = result ? write_errno : errno;
    unlink(temporary);
    errno = write_errno;
    return fail(reterr, "write", path);
}

int report_write_file(const char *folder, const char *name, struct text *text, struct error *reterr)
{
    struct text path = {0};
    if (make_folders(folder, reterr))
        return -1;
    report_scrub(text);
    text_appendf(&path, "%s/%s", folder, name);
    int result = write_file(text_string(&path), text, reterr);
    text_release(&path);
    return result;
}

static int write_format(const char *folder, const struct report_format *format,
                        const struct report_input *input, struct error *reterr)
{
    struct text text = {0};
    format->write(input, &text);
    int result = report_write_file(folder, format->file_name, &text, reterr);
    text_release(&text);
    return result;
}

static int write_parts(const char *folder, const struct report_format *format,
                       const struct report_input *input, struct error *reterr)
{
    struct text name = {0}, text = {0};
    int result = 0;
    for (size_t i = 0; result == 0 && format->write_part(input, i, &name, &text); i++) {
        result = report_write_file(folder, text_string(&name), &text, reterr);
        text_clear(&name);
        text_clear(&text);
    }
    text_release(&name);
    text_release(&text);
    return result;
}

enum choice { CHOICE_SINGLE, CHOICE_AGAIN, CHOICE_JOINT };

static bool is_chosen(const struct report_format *format, enum choice choice)
{
    if (choice == CHOICE_JOINT || format->is_joint)
        return choice == CHOICE_JOINT && format->is_joint;
    return choice == CHOICE_SINGLE || !format->is_source;
}

static int write_formats(const char *folder, enum choice choice, const struct report_input *input,
                         struct error *reterr)
{
    if (make_folders(folder, reterr))
        return -1;
    const struct report_format *format;
    for (size_t i = 0; (format = report_format_at(i)) != NULL; i++)
        if (is_chosen(format, choice) &&
            (format->write_part ? write_parts : write_format)(folder, format, input, reterr))
            return -1;
    return 0;
}

/* What the servers that the run has started said. */
static int write_logs(const char *folder, const struct result *result, struct error *reterr)
{
    int failed = 0;
    for (size_t i = 0; i < result->broker_count && !failed; i++) {
        const struct result_broker *broker = &result->brokers[i];
        struct text name = {0}, text = {0};
        if (!broker->log)
            continue;
        text_appendf(&name, "broker-%s.log", broker->name);
        text_append_string(&text, broker->log);
        failed = report_write_file(folder, text_string(&name), &text, reterr);
        text_release(&name);
        text_release(&text);
    }
    return failed;
}

int report_write_single(const char *folder, const struct result *result, struct error *reterr)
{
    const struct report_input input = {.results = &result, .count = 1};
    if (write_formats(folder, CHOICE_SINGLE, &input, reterr))
        return -1;
    return write_logs(folder, result, reterr);
}

int report_write_again(const char *folder, const struct result *result, struct error *reterr)
{
    const struct report_input input = {.results = &result, .count = 1};
    return write_formats(folder, CHOICE_AGAIN, &input, reterr);
}

int report_write_joint(const char *folder, const struct result *const *results, size_t count,
                       struct error *reterr)
{
    const struct report_input input = {.results = results, .count = count};
    return write_formats(folder, CHOICE_JOINT, &input, reterr);
}
