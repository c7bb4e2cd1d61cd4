/* formats.c: which report formats there are. */
#include "reports/report.h"

static const struct report_format formats[] = {
    {.name = "json", .file_name = "result.json", .is_source = true, .write = report_json},
    {.name = "text", .file_name = "summary.txt", .write = report_text},
    {.name = "csv", .file_name = "series.csv", .write = report_csv},
    {.name = "hlog", .file_name = "latency.hlog", .write = report_hlog},
    {.name = "hgrm", .file_name = "*.hgrm", .write_part = report_hgrm},
    /* Last of a run's own: drawing takes a moment, and the others are safe by then. */
    {.name = "html", .file_name = "report.html", .write = report_html},
    {.name = "junit", .file_name = "junit.xml", .is_joint = true, .write = report_junit},
};

const struct report_format *report_format_at(size_t index)
{
    return index < sizeof(formats) / sizeof(formats[0]) ? &formats[index] : NULL;
}
