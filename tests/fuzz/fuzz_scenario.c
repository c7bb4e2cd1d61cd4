/* fuzz_scenario.c: any bytes as a scenario: either a scenario, or an error with words. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/load.h"
#include "support/scenario_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void); /* NOLINT: the sanitizer's own name */

/* libfyaml 0.7.12 loses a buffer of its own when it meets some bad quoted texts.  What we allocate
   never passes through it, so our own leaks are still found. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

static void load(const char *text, size_t size, const struct scenario_overrides *overrides)
{
    struct scenario_text source = {"fuzz/input.yaml", text, size};
    struct scenario *scenario = NULL;
    struct error error = {0};

    if (scenario_load_text(&source, overrides, &TEST_RULES, &scenario, &error) != 0) {
        if (scenario || !error.message[0] || error.kind == ERROR_NONE)
            abort();
        return;
    }
    if (scenario->broker_count == 0 || !scenario->name)
        abort();
    scenario_free(scenario);
}

/* The first line, when it has a '=', is a setting; the rest is the document. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = memory_new(size + 1, 1);
    char *end;

    memcpy(text, data, size);
    load(text, size, NULL);
    end = memchr(text, '\n', size);
    if (end && memchr(text, '=', (size_t)(end - text))) {
        const char *setting = text;
        struct scenario_overrides overrides = {.settings = &setting, .setting_count = 1};

        *end = '\0';
        load(end + 1, size - (size_t)(end + 1 - text), &overrides);
    }
    free(text);
    return 0;
}
