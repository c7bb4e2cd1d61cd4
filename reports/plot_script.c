/* plot_script.c: a chart in the words of gnuplot. */
#include "reports/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reports/svg.h"

#define WIDTH       440u
#define HEIGHT      250u /* of a chart without words above it */
#define LANE_HEIGHT 15u
#define LANES_MAX   6u  /* of words */
#define COLOURS     4u  /* of shades, again and again */
#define NAME_MAX    14u /* of a bar */
#define BAR_HEIGHT  22u
#define SHADES_MAX  200u
#define WORDS_MAX   40u /* of a name */

static const char ink[] = "#000010", muted[] = "#000011", grid[] = "#000012";

static void put_character(struct text *script, char c)
{
    if (c == '\'' || c == '%') /* quotes; and words on an axis are a format */
        text_append(script, &c, 1);
    text_append(script, (unsigned char)c < 0x20 || c == 0x7f ? " " : &c, 1);
}

/* Not the first byte of a character. */
static bool is_inside(char c)
{
    return ((unsigned char)c & 0xC0u) == 0x80u;
}

/* Between single quotes, where nothing is special but these and the end of the line. */
static void put_quoted(struct text *script, const char *words)
{
    text_append_string(script, "'");
    for (size_t i = 0; i < WORDS_MAX && words[i]; i++)
        put_character(script, words[i]);
    /* Not in the middle of a character. */
    while (strlen(words) > WORDS_MAX && script->size > 0 &&
           ((unsigned char)script->data[script->size - 1] & 0x80u))
        script->data[--script->size] = '\0';
    text_append_string(script, strlen(words) > WORDS_MAX ? "...'" : "'");
}

/* The same, where it is no format. */
static void put_words(struct text *script, const char *words)
{
    text_append_string(script, "sprintf(");
    put_quoted(script, words);
    text_append_string(script, ")");
}

/* Lanes that the shades ask for; those past the last share it, and are only counted there. */
static unsigned lanes_wanted(const struct plot *plot)
{
    unsigned lanes = 0;
    for (size_t i = 0; i < plot->shade_count; i++)
        if (plot->shades[i].name && plot->shades[i].lane + 1 > lanes)
            lanes = plot->shades[i].lane + 1;
    return lanes;
}

static unsigned lanes_of(const struct plot *plot)
{
    unsigned wanted = lanes_wanted(plot);
    return wanted < LANES_MAX ? wanted : LANES_MAX;
}

/* The head and the tail of a long name: members of a group differ in the tail. */
static void put_short(struct text *script, const char *words)
{
    struct text shown = {0};
    size_t size = strlen(words), head = NAME_MAX / 2, tail = size - (NAME_MAX - head - 1);
    if (size <= NAME_MAX) {
        put_quoted(script, words);
        return;
    }
    while (head > 0 && is_inside(words[head]))
        head--;
    while (is_inside(words[tail]))
        tail++;
    text_append(&shown, words, head);
    text_appendf(&shown, "\xE2\x80\xA6%s", words + tail);
    put_quoted(script, text_string(&shown));
    text_release(&shown);
}

static unsigned height_of(const struct plot *plot)
{
    if (plot->bar_count > 0)
        return 46 + BAR_HEIGHT * (unsigned)plot->bar_count;
    return HEIGHT + LANE_HEIGHT * lanes_of(plot);
}

/* --- The frame ----------------------------------------------------------------------------------
 */

static void put_margins(const struct plot *plot, unsigned height, struct text *script)
{
    unsigned above = 10 + LANE_HEIGHT * lanes_of(plot);
    text_appendf(script, "set lmargin at screen %.4f\n", plot->bar_count ? 0.27 : 0.145);
    text_append_string(script, "set rmargin at screen 0.965\n");
    text_appendf(script, "set bmargin at screen %.4f\n", 26.0 / height);
    text_appendf(script, "set tmargin at screen %.4f\n", 1.0 - (double)above / height);
}

static void put_axis(const struct plot_axis *axis, char name, size_t wanted, struct text *script)
{
    struct plot_tick ticks[PLOT_TICKS_MAX];
    size_t count = plot_ticks(axis, wanted, ticks);
    text_appendf(script, "set %crange [%.12g:%.12g]\n", name, axis->low, axis->high);
    text_appendf(script, axis->is_log ? "set logscale %c\n" : "unset logscale %c\n", name);
    text_appendf(script, "set %ctics scale 0.4 nomirror tc rgb '%s' (", name, muted);
    for (size_t i = 0; i < count; i++) {
        text_append_string(script, i ? ", " : "");
        put_quoted(script, ticks[i].words);
        text_appendf(script, " %.12g", ticks[i].at);
    }
    text_append_string(script, ")\n");
}

static void put_bar_names(const struct plot *plot, struct text *script)
{
    text_appendf(script,
                 "set yrange [%zu.5:-0.5]\nunset logscale y\n"
                 "set ytics scale 0 nomirror tc rgb '%s' (",
                 plot->bar_count - 1, ink);
    for (size_t i = 0; i < plot->bar_count; i++) {
        text_append_string(script, i ? ", " : "");
        put_short(script, plot->bars[i].name);
        text_appendf(script, " %zu", i);
    }
    text_append_string(script, ")\n");
}

static void put_frame(const struct plot *plot, struct text *script)
{
    unsigned height = height_of(plot);
    text_appendf(script, "reset\nset terminal svg noenhanced size %u,%u font ',12.5'\n", WIDTH,
                 height);
    text_append_string(script, "set encoding utf8\nunset key\n");
    put_margins(plot, height, script);
    put_axis(&plot->x, 'x', 5, script);
    if (plot->bar_count > 0)
        put_bar_names(plot, script);
    else
        put_axis(&plot->y, 'y', 5, script);
    text_appendf(script, "set border %d lw 1 lc rgb '%s'\n", plot->bar_count ? 2 : 1, muted);
    text_appendf(script, "set grid %s lt 1 lw 1 lc rgb '%s'\nunset %s\n",
                 plot->bar_count ? "xtics" : "ytics", grid, plot->bar_count ? "mxtics" : "mytics");
}

/* --- Shades -------------------------------------------------------------------------------------
 */

static void put_shade_name(const struct plot *plot, const struct plot_shade *shade, size_t index,
                           struct text *script)
{
    unsigned wanted = lanes_wanted(plot), lane = shade->lane;
    bool is_left = shade->from <= (plot->x.low + plot->x.high) / 2;
    bool is_rest = wanted > LANES_MAX && lane == LANES_MAX - 1;
    char rest[32];
    if (lane >= LANES_MAX)
        return;
    snprintf(rest, sizeof(rest), "and %u more", wanted - lane);
    text_appendf(script, "set label %zu ", index + 1);
    put_words(script, is_rest ? rest : shade->name);
    text_appendf(script, " at first %.12g, screen %.4f %s font ',11' tc rgb '#%06x'\n",
                 is_left ? shade->from : shade->to,
                 1.0 - (12.0 + LANE_HEIGHT * lane) / height_of(plot), is_left ? "left" : "right",
                 is_rest ? SVG_COLOUR_MUTED : SVG_COLOUR_NAME + lane % COLOURS);
}

/* A moment is a line; so is the beginning of what has a name. */
static void put_edge(const struct plot_shade *shade, size_t index, unsigned colour,
                     struct text *script)
{
    text_appendf(script,
                 "set arrow %zu from first %.12g, graph 0 to first %.12g, graph 1 nohead back "
                 "lw 1 dt 3 lc rgb '#%06x'\n",
                 index + 1, shade->from, shade->from, colour);
}

static void put_shade(const struct plot *plot, size_t index, struct text *script)
{
    struct plot_shade shade = plot->shades[index];
    unsigned colour = SVG_COLOUR_SHADE + shade.lane % COLOURS;
    bool is_moment = shade.to - shade.from < (plot->x.high - plot->x.low) / 400;
    shade.from = fmax(shade.from, plot->x.low);
    shade.to = fmin(shade.to, plot->x.high);
    if (shade.from > plot->x.high || shade.to < plot->x.low)
        return;
    if (!is_moment)
        text_appendf(script,
                     "set object %zu rectangle from first %.12g, graph 0 to first %.12g, graph 1 "
                     "behind fc rgb '#%06x' fs solid noborder\n",
                     index + 1, shade.from, shade.to, colour);
    if (is_moment || shade.name)
        put_edge(&shade, index, colour, script);
    if (shade.name)
        put_shade_name(plot, &shade, index, script);
}

/* --- Data ---------------------------------------------------------------------------------------
 */

/* A blank line breaks the curve. */
static void put_points(const struct plot_line *line, size_t index, struct text *script)
{
    bool was_blank = true;
    text_appendf(script, "$l%zu << EOD\n", index);
    for (size_t i = 0; i < line->count; i++) {
        bool is_known = isfinite(line->points[2 * i + 1]) && isfinite(line->points[2 * i]);
        if (is_known)
            text_appendf(script, "%.9g %.6g\n", line->points[2 * i], line->points[2 * i + 1]);
        else if (!was_blank)
            text_append_string(script, "\n");
        was_blank = !is_known;
    }
    text_append_string(script, "EOD\n");
}

static void put_lines(const struct plot *plot, struct text *script)
{
    for (size_t i = 0; i < plot->line_count; i++)
        put_points(&plot->lines[i], i, script);
    text_append_string(script, "plot ");
    for (size_t i = 0; i < plot->line_count; i++) {
        const struct plot_line *line = &plot->lines[i];
        text_appendf(script, "%s$l%zu using 1:2 with %s lw 1.6 %s lc rgb '#%06x'%s", i ? ", " : "",
                     i, line->has_points ? "linespoints" : "lines", line->is_dashed ? "dt 2" : "",
                     line->colour, line->has_points ? " pt 7 ps 0.45" : "");
    }
    text_append_string(script, "\n");
}

static void put_bars(const struct plot *plot, struct text *script)
{
    text_append_string(script, "$b << EOD\n");
    for (size_t i = 0; i < plot->bar_count; i++)
        text_appendf(script, "%.9g %zu %u\n", plot->bars[i].value, i, plot->bars[i].colour);
    text_append_string(script, "EOD\nplot $b using ($1/2):2:($1/2):(0.32):3 with boxxyerror "
                               "fs solid noborder lc rgb variable\n");
}

void plot_script(const struct plot *plot, struct text *script)
{
    put_frame(plot, script);
    for (size_t i = 0; i < plot->shade_count && i < SHADES_MAX; i++)
        put_shade(plot, i, script);
    if (plot->bar_count > 0)
        put_bars(plot, script);
    else
        put_lines(plot, script);
}
