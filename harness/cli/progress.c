/* progress.c: what is said on stderr while a run lasts. */
#include "cli/progress.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/quantity.h"
#include "base/text.h"
#include "reports/report.h"

#define PLAIN_TURNS 25u        /* of 200 ms: 5 s */
#define CLEAR_BLOCK "\r\033[J" /* from the cursor to the end of the screen */

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

/* --- What is said ------------------------------------------------------------------------------
 */

static void put_count(struct text *line, const char *word, uint64_t count)
{
    char buffer[64];
    text_appendf(line, "  %s %s", word, count_show(count, buffer, sizeof(buffer)));
}

static void put_rate(struct text *line, const char *word, double rate)
{
    char buffer[64];
    text_appendf(line, "  %s %s", word, rate_show(rate, buffer, sizeof(buffer)));
}

static void put_phase(struct text *line, const struct run_progress *state)
{
    char buffer[64];
    text_append_string(line, state->phase ? state->phase : "running");
    if (state->left_ns >= 1000000000u)
        text_appendf(
            line, ", %s left",
            duration_show(state->left_ns / 1000000000u * 1000000000u, buffer, sizeof(buffer)));
    if (state->faults && state->faults[0])
        text_appendf(line, "  faults on: %s", state->faults);
}

static void put_latency(struct text *line, const char *word, uint64_t p50_ns, uint64_t p99_ns)
{
    char p50[32], p99[32];
    if (p99_ns > 0)
        text_appendf(line, "  %s p50 %s p99 %s", word, duration_show(p50_ns, p50, sizeof(p50)),
                     duration_show(p99_ns, p99, sizeof(p99)));
}

static void put_sent(struct text *line, const struct run_progress *state)
{
    char buffer[64];
    put_count(line, "sent", state->sent);
    if (state->target)
        text_appendf(line, " of %s", count_show(state->target, buffer, sizeof(buffer)));
}

static void put_trouble(struct text *line, const struct run_progress *state)
{
    if (state->errors)
        put_count(line, "errors", state->errors);
    if (state->anomalies)
        put_count(line, "anomalies", state->anomalies);
}

/* Without a terminal: all in one line. */
static void describe_line(struct text *line, const struct progress *progress,
                          const struct run_progress *state)
{
    put_phase(line, state);
    put_sent(line, state);
    put_count(line, "delivered", state->delivered);
    put_count(line, "settled", state->settled);
    put_rate(line, "at", progress->rates[state->settled ? PROGRESS_SETTLED : PROGRESS_DELIVERED]);
    put_count(line, "backlog", state->backlog);
    put_latency(line, "deliver", state->deliver_p50_ns, state->deliver_p99_ns);
    put_trouble(line, state);
}

/* On a terminal: a steady block. */
static void describe_block(struct text lines[PROGRESS_LINES], const struct progress *progress,
                           const struct run_progress *state)
{
    put_phase(&lines[0], state);
    put_sent(&lines[0], state);
    put_trouble(&lines[0], state);
    put_rate(&lines[1], "sent", progress->rates[PROGRESS_SENT]);
    put_rate(&lines[1], "accepted", progress->rates[PROGRESS_ACCEPTED]);
    put_rate(&lines[1], "delivered", progress->rates[PROGRESS_DELIVERED]);
    put_rate(&lines[1], "acked", progress->rates[PROGRESS_SETTLED]);
    put_count(&lines[2], "backlog", state->backlog);
    put_latency(&lines[2], "publish", state->publish_p50_ns, state->publish_p99_ns);
    put_latency(&lines[2], "deliver", state->deliver_p50_ns, state->deliver_p99_ns);
}

/* --- How it is said ----------------------------------------------------------------------------
 */

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

/* A new run begins to count at nothing. */
static void measure_rates(struct progress *progress, const struct run_progress *state)
{
    const uint64_t counts[PROGRESS_FLOWS] = {state->sent, state->accepted, state->delivered,
                                             state->settled};
    bool is_new = state->elapsed_ns < progress->elapsed_ns;
    double seconds = (double)(state->elapsed_ns - (is_new ? 0 : progress->elapsed_ns)) / 1e9;
    if (seconds <= 0)
        return;
    for (size_t i = 0; i < PROGRESS_FLOWS; i++) {
        uint64_t before = is_new ? 0 : progress->counts[i];
        progress->rates[i] = counts[i] > before ? (double)(counts[i] - before) / seconds : 0;
        progress->counts[i] = counts[i];
    }
    progress->elapsed_ns = state->elapsed_ns;
}

/* The cursor stays at the top of the block: whatever is written next takes its place. */
static void show_block(struct progress *progress, struct text *lines, size_t count)
{
    struct text shown = {0};
    text_append_string(&shown, CLEAR_BLOCK);
    for (size_t i = 0; i < count; i++) {
        cut(&lines[i]);
        text_appendf(&shown, "%s%s", i ? "\n" : "", text_string(&lines[i]));
    }
    if (count > 1)
        text_appendf(&shown, "\r\033[%zuA", count - 1);
    put(&shown);
    progress->is_shown = true;
    text_release(&shown);
}

static void show_line(struct progress *progress, struct text *line)
{
    if (progress->is_live) {
        show_block(progress, line, 1);
        return;
    }
    text_append_string(line, "\n");
    put(line);
}

static void put_state(struct progress *progress, const struct run_progress *state)
{
    struct text lines[PROGRESS_LINES] = {0};
    measure_rates(progress, state);
    if (progress->is_live) {
        describe_block(lines, progress, state);
        show_block(progress, lines, PROGRESS_LINES);
    } else {
        describe_line(&lines[0], progress, state);
        show_line(progress, &lines[0]);
    }
    for (size_t i = 0; i < PROGRESS_LINES; i++)
        text_release(&lines[i]);
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
        put_state(progress, state);
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
        text_append_string(&clear, CLEAR_BLOCK);
        put(&clear);
        text_release(&clear);
    }
    *progress = (struct progress){.is_silent = progress->is_silent, .is_live = progress->is_live};
}

static void write_line(struct log *log, enum log_level level, const char *line)
{
    static const char *const names[] = {[LOG_ERROR] = "error",
                                        [LOG_WARNING] = "warning",
                                        [LOG_INFO] = "info",
                                        [LOG_DEBUG] = "debug"};
    const struct progress *progress = log->context;
    struct text text = {0};
    text_appendf(&text, "%sgauntlet: %s: %s\n", progress->is_live ? CLEAR_BLOCK : "", names[level],
                 line);
    report_scrub(&text);
    put(&text);
    text_release(&text);
}

struct log progress_log(struct progress *progress, enum log_level level)
{
    return (struct log){.level = level, .write = write_line, .context = progress};
}
