/* chart.h: which charts a result gives, before anyone draws them. */
#ifndef REPORTS_CHART_H
#define REPORTS_CHART_H

#include "reports/plot.h"
#include "run/result.h"

struct chart {
    const char *title;
    const char *note; /* one sentence under the title, NULL */
    struct plot plot;
};

#define CHARTS_MAX 8u

/* Fill in as many charts as the result has something for; gives how many.  The charts borrow the
   result's names.  Release each with chart_release. */
size_t charts_of(const struct result *result, struct chart charts[CHARTS_MAX]);
/* It was over before charts over time had anything to show. */
bool chart_is_short(const struct result *result);
void chart_release(struct chart *chart);

/* The pieces, for charts that lay several results over each other: the lines are added to the plot,
   in the given colours and under the given names. */
void chart_add_percentiles(struct plot *plot, const char *name, unsigned colour,
                           const struct histogram *histogram);
enum chart_flow { CHART_SENT, CHART_ACCEPTED, CHART_DELIVERED };
/* From the windows; from the series where there are none. */
void chart_add_flow(struct plot *plot, const char *name, unsigned colour,
                    const struct result *result, enum chart_flow flow);

#endif
