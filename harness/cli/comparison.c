/* comparison.c: the text and the files of a comparison. */
#include "cli/comparison.h"

#include <stdio.h>

#include "cli/command.h"
#include "reports/report.h"

void comparison_print(const struct comparison *comparison)
{
    struct text text = {0};
    compare_text(comparison, &text);
    report_scrub(&text);
    fputs(text_string(&text), stdout);
    text_release(&text);
}

int comparison_write(const struct comparison *comparison, const char *folder)
{
    struct text page = {0}, json = {0};
    struct error error = {0};
    compare_html(comparison, &page);
    compare_json(comparison, &json);
    int failed = report_write_file(folder, "compare.html", &page, &error) ||
                 report_write_file(folder, "compare.json", &json, &error);
    text_release(&page);
    text_release(&json);
    return failed ? command_fail(&error) : EXIT_PASS;
}
