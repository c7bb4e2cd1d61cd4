/* plot.h: charts, drawn by gnuplot as SVG for a page.  Data in, drawings out; without gnuplot there
   are none, and that is no failure of anything else. */
#ifndef REPORTS_PLOT_H
#define REPORTS_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum plot_unit {
    PLOT_COUNT,    /* 20 k */
    PLOT_RATE,     /* 20 k/s */
    PLOT_DURATION, /* of nanoseconds: 20 ms */
    PLOT_CLOCK,    /* of nanoseconds, along a run: 20 s */
    PLOT_SHARE,    /* 1/(1-p): 99 % */
};

struct plot_axis {
    enum plot_unit unit;
    bool is_log;
    double low, high; /* low < high; over 0 when logarithmic */
};

struct plot_line {
    const char *name; /* borrowed */
    unsigned colour;  /* 1 to 8, of the page's palette */
    bool is_dashed, has_points;
    double *points; /* x and y in turn; a y that is no number breaks the line; owned */
    size_t count, capacity;
};

struct plot_shade {   /* a stretch of x that something is said about */
    double from, to;  /* equal: a moment */
    const char *name; /* borrowed; NULL: no words, as for a repetition */
    unsigned lane;    /* of the words above the chart */
};

struct plot_bar {
    const char *name; /* borrowed */
    unsigned colour;
    double value;
};

struct plot {
    const char *title; /* what a screen reader says; borrowed */
    struct plot_axis x, y;
    struct plot_line *lines;
    size_t line_count;
    struct plot_shade *shades;
    size_t shade_count;
    struct plot_bar *bars; /* instead of lines: side by side, along x */
    size_t bar_count;
};

/* Give a line to a plot.  The pointer is good until the next line. */
struct plot_line *plot_add_line(struct plot *plot, const char *name, unsigned colour);
void plot_add_point(struct plot_line *line, double x, double y);
void plot_add_shade(struct plot *plot, struct plot_shade shade);
void plot_add_bar(struct plot *plot, struct plot_bar bar);
void plot_release(struct plot *plot);
/* Widen an axis to the values of all lines, with some air; false when there is no value at all. */
bool plot_fit(struct plot *plot);

/* Draw them all: one element of a page each.  Returns NULL, or why there are none: one sentence, in
   static storage.  Takes a few seconds at most.  The program is gnuplot on PATH, or what the
   environment names as GAUNTLET_GNUPLOT; when that is empty nothing is drawn. */
const char *plot_draw(const struct plot *plots, size_t count, struct text *ret_drawings);

/* gnuplot's commands for one chart. */
void plot_script(const struct plot *plot, struct text *script);

/* A place on an axis, and its words. */
struct plot_tick {
    double at;
    char words[32];
};
#define PLOT_TICKS_MAX 16u
/* Few enough to be read, and round. */
size_t plot_ticks(const struct plot_axis *axis, size_t wanted, struct plot_tick *ret_ticks);

#endif
