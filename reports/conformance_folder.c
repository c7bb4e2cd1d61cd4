/* conformance_folder.c: the files of a conformance run. */
#include "reports/conformance.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reports/report.h"

static const struct {
    const char *name;
    conformance_format *write;
} FILES[] = {
    {"conformance.json", conformance_json},
    {"conformance.md", conformance_markdown},
    {"junit.xml", conformance_junit},
    {"summary.txt", conformance_text},
};

/* Lines behind "# ": a comment. */
static void put_comment(struct text *text, const char *lead, const char *string)
{
    text_appendf(text, "# %s", lead);
    for (; *string; string++)
        text_append(text, (unsigned char)*string < ' ' ? " " : string, 1);
    text_append_string(text, "\n");
}

static void put_failure(struct text *text, const struct conformance *conformance,
                        const struct conformance_clause *clause)
{
    put_comment(text, "It failed: ", clause->reason ? clause->reason : "no reason given");
    put_comment(text, "at ", clause->place);
    for (size_t i = 0; i < clause->evidence_count; i++)
        put_comment(text, "| ", clause->evidence[i]);
    put_comment(text, "Adapter: ", conformance->adapter);
    for (size_t i = 0; i < conformance->setting_count; i++)
        put_comment(text, "Option: ", conformance->settings[i]);
    put_comment(text, "Again: ", clause->command);
    put_comment(text, "This file alone: the same command with --clauses and the path of this file",
                "");
    text_append_string(text, clause->document);
}

static int write_failure(const char *folder, const struct conformance *conformance,
                         const struct conformance_clause *clause, struct error *reterr)
{
    char *name = memory_format("failure-%s.yaml", clause->id);
    struct text text = {0};
    int result;

    put_failure(&text, conformance, clause);
    result = report_write_file(folder, name, &text, reterr);
    text_release(&text);
    free(name);
    return result;
}

int conformance_write(const char *folder, const struct conformance *conformance,
                      struct error *reterr)
{
    const struct conformance_input input = {.conformance = conformance};

    for (size_t i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++) {
        struct text text = {0};
        int result;

        FILES[i].write(&input, &text);
        result = report_write_file(folder, FILES[i].name, &text, reterr);
        text_release(&text);
        if (result != 0)
            return -1;
    }
    for (size_t i = 0; i < conformance->clause_count; i++)
        if (conformance->clauses[i].verdict == CONFORMANCE_FAIL &&
            write_failure(folder, conformance, &conformance->clauses[i], reterr) != 0)
            return -1;
    return 0;
}
