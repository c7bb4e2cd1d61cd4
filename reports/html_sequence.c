/* html_sequence.c: the story of one message, drawn: producer, broker and consumers as lanes, time
   going down, and what was done to them as bands across. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reports/html.h"

#define LANES_MAX   6u
#define ROWS_MAX    40u
#define TIME_WIDTH  84.0
#define LANE_WIDTH  104.0
#define ROW_HEIGHT  32.0
#define HEAD_HEIGHT 34.0
#define NAME_MAX    15u

/* --- Lanes --------------------------------------------------------------------------------------
 */

struct sequence {
    const struct result *result;
    const struct witness *witness;
    const char *lanes[LANES_MAX]; /* producer, broker, then consumers as they come */
    size_t lane_count;
    struct row *rows;
    size_t row_count;
};

#define LANE_BROKER 1u

struct row {
    uint64_t time_ns;
    const struct witness_event *event; /* NULL: a fault */
    const struct result_fault *fault;
    bool is_end; /* the fault is over */
};

/* The lane of an actor, a new one when there is room; the broker's for all that have none. */
static size_t lane_of(struct sequence *sequence, const char *actor)
{
    if (!actor)
        return LANE_BROKER;
    for (size_t i = 0; i < sequence->lane_count; i++)
        if (i != LANE_BROKER && strcmp(sequence->lanes[i], actor) == 0)
            return i;
    if (sequence->lane_count == LANES_MAX)
        return LANE_BROKER;
    sequence->lanes[sequence->lane_count] = actor;
    return sequence->lane_count++;
}

static double lane_x(size_t lane)
{
    return TIME_WIDTH + LANE_WIDTH * ((double)lane + 0.5);
}

static double row_y(size_t row)
{
    return HEAD_HEIGHT + ROW_HEIGHT * ((double)row + 0.8);
}

/* --- Rows ---------------------------------------------------------------------------------------
 */

static void add_row(struct sequence *sequence, struct row row)
{
    size_t at = sequence->row_count;
    if (at == ROWS_MAX)
        return;
    for (; at > 0 && sequence->rows[at - 1].time_ns > row.time_ns; at--)
        sequence->rows[at] = sequence->rows[at - 1];
    sequence->rows[at] = row;
    sequence->row_count++;
}

static void add_events(struct sequence *sequence)
{
    const struct witness *witness = sequence->witness;
    for (size_t i = 0; i < witness->event_count; i++) {
        const struct witness_event *event = &witness->events[i];
        lane_of(sequence, event->actor);
        add_row(sequence, (struct row){.time_ns = event->time_ns, .event = event});
    }
}

static void add_fault(struct sequence *sequence, const struct result_fault *fault, uint64_t from_ns,
                      uint64_t until_ns)
{
    for (size_t i = 0; i < fault->window_count; i++) {
        const struct result_fault_window *window = &fault->windows[i];
        bool has_begun = window->begin_ns >= from_ns && window->begin_ns <= until_ns;
        bool has_ended = window->end_ns >= from_ns && window->end_ns <= until_ns;
        if (has_begun)
            add_row(sequence, (struct row){.time_ns = window->begin_ns, .fault = fault});
        if (has_ended && window->end_ns > window->begin_ns)
            add_row(sequence,
                    (struct row){.time_ns = window->end_ns, .fault = fault, .is_end = true});
    }
}

/* Those of the message's own time, and of a while after it. */
static void add_faults(struct sequence *sequence)
{
    const struct witness *witness = sequence->witness;
    const struct result *result = sequence->result;
    uint64_t from_ns = witness->events[0].time_ns;
    uint64_t until_ns = witness->events[witness->event_count - 1].time_ns;
    until_ns += (until_ns - from_ns) / 4 + 1000000;
    for (size_t i = 0; i < result->fault_count; i++)
        add_fault(sequence, &result->faults[i], from_ns, until_ns);
}

/* --- What an event looks like --------------------------------------------------------------------
 */

enum direction { TO_BROKER, FROM_BROKER, ALONE };

/* By how the words of the ledger's trails begin; the first that fits. */
static const struct look {
    const char *words;
    enum direction direction;
    bool is_bad;
} looks[] = {
    {"sent", TO_BROKER, false},       {"accepted", FROM_BROKER, false},
    {"refused", FROM_BROKER, true},   {"publish ended", FROM_BROKER, true},
    {"received", FROM_BROKER, false}, {"delivered", FROM_BROKER, false},
    {"acked", TO_BROKER, false},      {"ack ", FROM_BROKER, true},
    {"nacked", TO_BROKER, false},     {"nack sent", TO_BROKER, false},
    {"nack ", FROM_BROKER, true},     {"retried", TO_BROKER, false},
    {"closed", ALONE, false},         {"", ALONE, true},
};

static const struct look *look_of(const char *what)
{
    const struct look *look = looks;
    while (strncmp(what, look->words, strlen(look->words)) != 0)
        look++;
    return look;
}

/* --- Drawing ------------------------------------------------------------------------------------
 */

struct spot {
    double x, y;
    const char *anchor, *class;
};

static void put_word(struct text *page, struct spot spot, const char *words, size_t max)
{
    struct text shown = {0};
    size_t size = strlen(words);
    while (size > max && ((unsigned char)words[max] & 0xC0u) == 0x80u)
        max--;
    text_append(&shown, words, size > max ? max : size);
    text_appendf(page,
                 "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"12\" class=\"%s\">",
                 spot.x, spot.y, spot.anchor, spot.class);
    html_put(page, text_string(&shown));
    text_append_string(page, size > max ? "\xE2\x80\xA6</text>" : "</text>");
    text_release(&shown);
}

static void put_lanes(struct text *page, const struct sequence *sequence, double height)
{
    for (size_t i = 0; i < sequence->lane_count; i++) {
        put_word(page, (struct spot){lane_x(i), 16, "middle", "name"}, sequence->lanes[i],
                 NAME_MAX);
        text_appendf(page, "<path class=\"lane\" d=\"M%.1f,%.1f V%.1f\" stroke-width=\"1.5\"/>\n",
                     lane_x(i), HEAD_HEIGHT - 8, height - 6);
    }
}

static void put_time(struct text *page, const struct sequence *sequence, size_t row)
{
    char words[64];
    int64_t since = (int64_t)(sequence->rows[row].time_ns - sequence->result->start_ns);
    snprintf(words, sizeof(words), "%+.6f s", (double)since / 1e9);
    put_word(page, (struct spot){TIME_WIDTH - 6, row_y(row) + 4, "end", "time"}, words,
             sizeof(words));
}

static void put_arrow(struct text *page, double from, double to, double y, const struct look *look,
                      bool is_exact)
{
    double back = to > from ? -7 : 7;
    text_appendf(page, "<path class=\"%s\" d=\"M%.1f,%.1f H%.1f\" stroke-width=\"1.3\"%s/>",
                 look->is_bad ? "bad" : "call", from, y, to + back / 2,
                 is_exact ? "" : " stroke-dasharray=\"4 3\"");
    text_appendf(page, "<polygon class=\"%s\" points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f\"/>",
                 look->is_bad ? "badhead" : "head", to, y, to + back, y - 3.6, to + back, y + 3.6);
}

static void put_cross(struct text *page, double x, double y, const struct look *look)
{
    if (look->is_bad)
        text_appendf(page,
                     "<path class=\"bad\" stroke-width=\"2\" d=\"M%.1f,%.1f l8,8 m0,-8 l-8,8\"/>",
                     x - 4, y - 4);
    else
        text_appendf(page, "<circle class=\"head\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", x, y);
}

static void put_event(struct text *page, struct sequence *sequence, size_t row)
{
    const struct witness_event *event = sequence->rows[row].event;
    const char *what = event->what ? event->what : "";
    const struct look *look = look_of(what);
    size_t lane = lane_of(sequence, event->actor);
    double own = lane_x(lane), broker = lane_x(LANE_BROKER), y = row_y(row);
    const char *class = look->is_bad ? "badword" : "word";
    if (look->direction == ALONE || lane == LANE_BROKER) {
        put_cross(page, own, y, look);
        bool is_last = lane + 1 == sequence->lane_count && lane > 0;
        put_word(
            page,
            (struct spot){is_last ? own - 10 : own + 10, y + 4, is_last ? "end" : "start", class},
            what, 40);
        return;
    }
    if (look->direction == TO_BROKER)
        put_arrow(page, own, broker, y, look, event->is_exact);
    else
        put_arrow(page, broker, own, y, look, event->is_exact);
    put_word(page, (struct spot){(own + broker) / 2, y - 5, "middle", class}, what, 40);
}

static void put_fault(struct text *page, const struct sequence *sequence, size_t row, double width)
{
    const struct row *fault = &sequence->rows[row];
    struct text words = {0};
    text_appendf(&words, "%s%s", fault->fault->name, fault->is_end ? ": over" : "");
    text_appendf(page, "<rect class=\"band\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"20\"/>",
                 TIME_WIDTH, row_y(row) - 10, width - TIME_WIDTH);
    put_word(page, (struct spot){TIME_WIDTH + 8, row_y(row) + 4, "start", "bandword"},
             text_string(&words), 60);
    text_release(&words);
}

static void put_rows(struct text *page, struct sequence *sequence, double width)
{
    for (size_t i = 0; i < sequence->row_count; i++) {
        if (sequence->rows[i].fault)
            put_fault(page, sequence, i, width);
        put_time(page, sequence, i);
        if (sequence->rows[i].event)
            put_event(page, sequence, i);
        text_append_string(page, "\n");
    }
}

static void put_drawing(struct text *page, struct sequence *sequence)
{
    double width = TIME_WIDTH + LANE_WIDTH * (double)sequence->lane_count + 4;
    double height = HEAD_HEIGHT + ROW_HEIGHT * (double)sequence->row_count + 22;
    text_appendf(page,
                 "<figure class=\"sequence\" style=\"max-width:%.0fpx\">"
                 "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"What happened to ",
                 width * 1.15, width, height);
    html_putf(page, "%s number %llu", sequence->witness->producer,
              (unsigned long long)sequence->witness->sequence);
    text_append_string(page, "\">\n");
    put_lanes(page, sequence, height);
    put_rows(page, sequence, width);
    text_append_string(page, "</svg></figure>\n");
}

void html_sequence(struct text *page, const struct result *result, const struct witness *witness)
{
    struct sequence sequence = {.result = result,
                                .witness = witness,
                                .lanes = {witness->producer, "broker"},
                                .lane_count = 2};
    if (!witness->producer || witness->event_count == 0)
        return;
    sequence.rows = memory_new(ROWS_MAX, sizeof(*sequence.rows));
    add_events(&sequence);
    add_faults(&sequence);
    put_drawing(page, &sequence);
    free(sequence.rows);
}
