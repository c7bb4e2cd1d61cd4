/* text_phases.c: the parts of a run that has several, and the curve of a search for its rate. */
#include "reports/text.h"

#include "base/quantity.h"

/* "-" without samples. */
static void put_latency(struct page *page, const struct result_quantiles *quantiles, uint64_t value)
{
    char buffer[32];
    page_right(page, quantiles->count ? duration_show(value, buffer, sizeof(buffer)) : "-", 12);
}

static void put_rate(struct page *page, double rate)
{
    char buffer[32];
    page_right(page, rate_show(rate, buffer, sizeof(buffer)), 12);
}

static void put_head(struct page *page, const char *title, const char *const *columns, size_t count)
{
    text_append_string(page->text, "\n");
    page_paint(page, PAGE_BOLD, title, 30);
    for (size_t i = 0; i < count; i++)
        page_right(page, columns[i], 12);
    text_append_string(page->text, "\n");
}

static double per_second(uint64_t count, uint64_t duration_ns)
{
    return duration_ns ? (double)count * 1e9 / (double)duration_ns : 0.0;
}

static void put_phase(struct page *page, const struct result_phase *phase)
{
    char lasted[32];
    text_append_string(page->text, "  ");
    page_left(page, phase->name, 28);
    page_right(page, duration_show(phase->duration_ns, lasted, sizeof(lasted)), 12);
    put_rate(page, per_second(phase->accepted, phase->duration_ns));
    put_rate(page, per_second(phase->delivered, phase->duration_ns));
    put_latency(page, &phase->publish, phase->publish.p99_ns);
    put_latency(page, &phase->deliver, phase->deliver.p99_ns);
    text_append_string(page->text, "\n");
}

static void put_phases(struct page *page, const struct result *result)
{
    static const char *const columns[] = {"lasted", "accepted", "delivered", "publish p99",
                                          "deliver p99"};
    if (result->phase_count == 0)
        return;
    put_head(page, "Parts of the run", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < result->phase_count; i++)
        put_phase(page, &result->phases[i]);
}

static void put_point(struct page *page, const struct result_point *point)
{
    char rate[32];
    text_append_string(page->text, "  ");
    page_left(page, rate_show(point->rate, rate, sizeof(rate)), 28);
    put_rate(page, point->achieved);
    put_latency(page, &point->publish, point->publish.p99_ns);
    put_latency(page, &point->deliver, point->deliver.p50_ns);
    put_latency(page, &point->deliver, point->deliver.p99_ns);
    page_right(page, point->holds ? "yes" : "no", 12);
    text_append_string(page->text, "\n");
}

static void put_points(struct page *page, const struct result *result)
{
    static const char *const columns[] = {"achieved", "publish p99", "deliver p50", "deliver p99",
                                          "holds"};
    char found[32], knee[32];
    if (result->point_count == 0)
        return;
    put_head(page, "Rates that were tried", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < result->point_count; i++)
        put_point(page, &result->points[i]);
    if (result->max_rate > 0)
        page_wrapf(page, "  ", "the highest that holds: %s; the knee of the curve: %s",
                   rate_show(result->max_rate, found, sizeof(found)),
                   rate_show(result->knee_rate, knee, sizeof(knee)));
}

void text_phases(struct page *page, const struct result *result)
{
    put_phases(page, result);
    put_points(page, result);
}
