/* junit.c: junit.xml: a suite for each scenario, a case for the scenario itself and for each of its
   expectations.  Inconclusive is an error, apart from failures. */
#include "reports/report.h"
#include "reports/xml.h"

/* --- Cases -------------------------------------------------------------------------------------
 */

struct tally {
    size_t tests, failures, errors, skipped;
};

/* What failed as known is skipped, as other tools count an expected failure. */
static void tally_verdict(struct tally *tally, enum verdict verdict, bool is_known)
{
    tally->tests++;
    tally->skipped += is_known;
    if (is_known)
        return;
    tally->failures += verdict == VERDICT_FAIL;
    tally->errors += verdict == VERDICT_INCONCLUSIVE;
}

static struct tally tally_result(const struct result *result)
{
    struct tally tally = {0};
    tally_verdict(&tally, result->verdict, result->has_failed_as_known);
    for (size_t i = 0; i < result->expectation_count; i++)
        tally_verdict(&tally, result->expectations[i].verdict, result->expectations[i].is_known);
    return tally;
}

static void put_tally(struct text *text, const struct tally *tally)
{
    text_appendf(text, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
                 tally->tests, tally->failures, tally->errors, tally->skipped);
}

static void open_case(struct text *text, const struct result *result, const char *name)
{
    text_append_string(text, "    <testcase");
    xml_put_attribute(text, "classname", result->scenario_name);
    xml_put_attribute(text, "name", name);
}

/* The element that says why a case did not pass. */
static void put_outcome(struct text *text, enum verdict verdict, const char *message)
{
    const char *element = verdict == VERDICT_FAIL ? "failure" : "error";
    text_appendf(text, "      <%s", element);
    xml_put_attribute(text, "type", verdict_name(verdict));
    xml_put_attribute(text, "message", message);
    text_append_string(text, ">");
    xml_put_escaped(text, message);
    text_appendf(text, "</%s>\n", element);
}

static void put_known(struct text *text, const struct result *result)
{
    struct text message = {0};
    text_appendf(&message, "failed as known: %s", result->known_because);
    text_append_string(text, "      <skipped");
    xml_put_attribute(text, "message", text_string(&message));
    text_append_string(text, "/>\n");
    text_release(&message);
}

static void put_scenario_case(struct text *text, const struct result *result)
{
    struct text reasons = {0};
    for (size_t i = 0; i < result->reason_count; i++)
        text_appendf(&reasons, "%s%s", i ? "\n" : "", result->reasons[i].text);
    open_case(text, result, result->scenario_name ? result->scenario_name : "scenario");
    text_appendf(text, " time=\"%.6f\">\n", (double)result->elapsed_ns / 1e9);
    if (result->has_failed_as_known)
        put_known(text, result);
    if (result->verdict != VERDICT_PASS)
        put_outcome(text, result->verdict,
                    reasons.size ? text_string(&reasons) : verdict_name(result->verdict));
    text_append_string(text, "    </testcase>\n");
    text_release(&reasons);
}

static void put_expectation_case(struct text *text, const struct result *result,
                                 const struct result_expectation *expectation)
{
    struct text message = {0};
    open_case(text, result, expectation->text);
    text_append_string(text, " time=\"0\">\n");
    text_append_string(&message, expectation->reason ? expectation->reason : "not met");
    if (expectation->measured)
        text_appendf(&message, " (measured: %s)", expectation->measured);
    if (expectation->is_known)
        put_known(text, result);
    else if (expectation->verdict != VERDICT_PASS)
        put_outcome(text, expectation->verdict, text_string(&message));
    text_append_string(text, "    </testcase>\n");
    text_release(&message);
}

static void put_suite(struct text *text, const struct result *result)
{
    struct tally tally = tally_result(result);
    text_append_string(text, "  <testsuite");
    xml_put_attribute(text, "name", result->scenario_name);
    if (result->scenario_path)
        xml_put_attribute(text, "file", result->scenario_path);
    put_tally(text, &tally);
    text_appendf(text, " time=\"%.6f\"", (double)result->elapsed_ns / 1e9);
    if (result->environment.started)
        xml_put_attribute(text, "timestamp", result->environment.started);
    if (result->environment.host)
        xml_put_attribute(text, "hostname", result->environment.host);
    text_append_string(text, ">\n");
    put_scenario_case(text, result);
    for (size_t i = 0; i < result->expectation_count; i++)
        put_expectation_case(text, result, &result->expectations[i]);
    text_append_string(text, "  </testsuite>\n");
}

void report_junit(const struct report_input *input, struct text *text)
{
    struct tally sum = {0};
    uint64_t elapsed_ns = 0;
    for (size_t i = 0; i < input->count; i++) {
        struct tally tally = tally_result(input->results[i]);
        sum.tests += tally.tests;
        sum.failures += tally.failures;
        sum.errors += tally.errors;
        sum.skipped += tally.skipped;
        elapsed_ns += input->results[i]->elapsed_ns;
    }
    text_append_string(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                             "<testsuites name=\"gauntlet\"");
    put_tally(text, &sum);
    text_appendf(text, " time=\"%.6f\">\n", (double)elapsed_ns / 1e9);
    for (size_t i = 0; i < input->count; i++)
        put_suite(text, input->results[i]);
    text_append_string(text, "</testsuites>\n");
}
