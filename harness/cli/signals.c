/* signals.c: Ctrl-C and its kin.  The one flag is the process's, as signals are. */
#include "cli/signals.h"

#include <stddef.h>
#include <unistd.h>

#include "cli/command.h"

static volatile sig_atomic_t stop_flag;

static void on_stop(int signal_number)
{
    static const char message[] = "\ngauntlet: ended at once; keys may be left on the broker\n";
    (void)signal_number;
    if (stop_flag) {
        ssize_t written = write(STDERR_FILENO, message, sizeof(message) - 1);
        (void)written;
        _exit(EXIT_UNDECIDED);
    }
    stop_flag = 1;
}

const volatile sig_atomic_t *signals_catch(void)
{
    static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
    static const int errors[] = {SIGPIPE, SIGXFSZ};
    struct sigaction stop = {.sa_handler = on_stop, .sa_flags = SA_RESTART};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
        sigaction(stops[i], &stop, NULL);
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        sigaction(errors[i], &ignore, NULL);
    return &stop_flag;
}
