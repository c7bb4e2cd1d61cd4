/* child.h: run a function that ends the program, in a child of its own. */
#ifndef SUPPORT_CHILD_H
#define SUPPORT_CHILD_H

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child's exit code (-1 when it was killed), and what it wrote to standard error. */
static inline int child_run(void (*body)(void), char *ret_output, size_t capacity)
{
    FILE *errors = tmpfile();
    int status = -1;
    pid_t pid;

    if (!errors)
        return -1;
    pid = fork();
    if (pid == 0) {
        (void)dup2(fileno(errors), STDERR_FILENO);
        body();
        _exit(0);
    }
    (void)waitpid(pid, &status, 0);
    rewind(errors);
    ret_output[fread(ret_output, 1, capacity - 1, errors)] = '\0';
    (void)fclose(errors);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
