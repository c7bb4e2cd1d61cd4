/* progress.c: what is said on stderr while a run lasts. */
#include "cli/progress.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/quantity.h"
#include "base/text.h"
#include "reports/report.h"

#define PLAIN_TURNS 25u /* of 200 ms: 5 s */
#define CLEAR_LINE  "\r\033[K"

static bool is_capable_terminal(void)
{
    const char *terminal = getenv("TERM");
    return isatty(STDERR_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
}

void progress_init(struct progress *progress, bool silent)
{
    *progress = (struct progress){.is_silent = silent, .is_live = is_capable_terminal()};
}

/* One write for a line: lines of different threads do not mix. */
static void put(const struct text *text)
{
    ssize_t written = write(STDERR_FILENO, text_string(text), text->size);
    (void)written; /* nobody could be told */
}

static void put_count(struct text *line, const char *word, uint64_t count)
{
    char buffer[64];
    text_appendf(line, "  %s %s", word, count_show(count, buffer, sizeof(buffer)));
}

static void describe(struct text *line, const struct progress *progress,
                     const struct run_progress *state)
{
    char buffer[64];
    text_append_string(line, state->phase ? state->phase : "running");
    put_count(line, "sent", state->sent);
    if (state->target)
        text_appendf(line, " of %s", count_show(state->target, buffer, sizeof(buffer)));
    put_count(line, "delivered", state->delivered);
    put_count(line, "settled", state->settled);
    text_appendf(line, "  %s", rate_show(progress->rate, buffer, sizeof(buffer)));
    put_count(line, "backlog", state->backlog);
    if (state->anomalies)
        put_count(line, "anomalies", state->anomalies);
}

/* Cut to the terminal: a line that wraps cannot be taken back. */
static void cut(struct text *line)
{
    struct winsize size = {0};
    size_t columns = 79;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        columns = size.ws_col - 1u;
    if (line->size <= columns)
        return;
    line->size = columns;
    line->data[columns] = '\0';
}

static void measure_rate(struct progress *progress, const struct run_progress *state)
{
    /* Without settling, what is delivered is what moves. */
    uint64_t moved = state->settled ? state->settled : state->delivered;
    if (state->elapsed_ns <= progress->elapsed_ns)
        return;
    double seconds = (double)(state->elapsed_ns - progress->elapsed_ns) / 1e9;
    progress->rate = moved > progress->settled ? (double)(moved - progress->settled) / seconds : 0;
    progress->elapsed_ns = state->elapsed_ns;
    progress->settled = moved;
}

static void show_line(struct progress *progress, struct text *line)
{
    struct text shown = {0};
    if (progress->is_live) {
        cut(line);
        text_appendf(&shown, CLEAR_LINE "%s", text_string(line));
    } else {
        text_appendf(&shown, "%s\n", text_string(line));
    }
    put(&shown);
    progress->is_shown = progress->is_live;
    text_release(&shown);
}

static void put_line(struct progress *progress, const struct run_progress *state)
{
    struct text line = {0};
    measure_rate(progress, state);
    describe(&line, progress, state);
    show_line(progress, &line);
    text_release(&line);
}

bool progress_is_due(struct progress *progress)
{
    progress->turns++;
    return !progress->is_silent && (progress->is_live || progress->turns % PLAIN_TURNS == 0);
}

void progress_update(void *context, const struct run_progress *state)
{
    struct progress *progress = context;
    if (progress_is_due(progress))
        put_line(progress, state);
}

void progress_say(struct progress *progress, const char *line)
{
    struct text text = {0};
    text_append_string(&text, line);
    show_line(progress, &text);
    text_release(&text);
}

void progress_clear(struct progress *progress)
{
    struct text clear = {0};
    if (progress->is_shown) {
        text_append_string(&clear, CLEAR_LINE);
        put(&clear);
        text_release(&clear);
    }
    progress->is_shown = false;
    progress->turns = 0;
    progress->elapsed_ns = progress->settled = 0;
}

static void write_line(struct log *log, enum log_level level, const char *line)
{
    static const char *const names[] = {[LOG_ERROR] = "error",
                                        [LOG_WARNING] = "warning",
                                        [LOG_INFO] = "info",
                                        [LOG_DEBUG] = "debug"};
    const struct progress *progress = log->context;
    struct text text = {0};
    text_appendf(&text, "%sgauntlet: %s: %s\n", progress->is_live ? CLEAR_LINE : "", names[level],
                 line);
    report_scrub(&text);
    put(&text);
    text_release(&text);
}

struct log progress_log(struct progress *progress, enum log_level level)
{
    return (struct log){.level = level, .write = write_line, .context = progress};
}
