/* result.c: building and freeing what a run found. */
#include "run/result.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "port.h"

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_PASS] = "pass",
        [VERDICT_INCONCLUSIVE] = "inconclusive",
        [VERDICT_FAIL] = "fail",
    };
    return names[verdict];
}

const char *result_capability_name(unsigned bit)
{
    static const unsigned bit_count = 10; /* of enum adapter_capability */
    return bit < bit_count ? port_capability_name(1u << bit) : NULL;
}

static char *format_line(const char *format, va_list arguments)
    __attribute__((format(printf, 1, 0)));

static char *format_line(const char *format, va_list arguments)
{
    struct text text = {0};
    text_appendv(&text, format, arguments);
    char *line = memory_string(text_string(&text));
    text_release(&text);
    return line;
}

/* Puts a message where the first less important one stands. */
static void insert_message(struct result_message **messages, size_t *count,
                           struct result_message message)
{
    size_t at = 0;
    while (at < *count && (*messages)[at].verdict >= message.verdict)
        at++;
    *messages = memory_grow(*messages, *count + 1, sizeof(**messages));
    memmove(*messages + at + 1, *messages + at, (*count - at) * sizeof(**messages));
    (*messages)[at] = message;
    *count += 1;
}

void result_note(struct result *result, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct result_message note = {.text = format_line(format, arguments)};
    va_end(arguments);
    insert_message(&result->notes, &result->note_count, note);
}

void result_judge(struct result *result, enum verdict verdict, const char *format, ...)
{
    if (verdict == VERDICT_PASS)
        return; /* what went well needs no reason */
    va_list arguments;
    va_start(arguments, format);
    struct result_message reason = {.text = format_line(format, arguments), .verdict = verdict};
    va_end(arguments);
    insert_message(&result->reasons, &result->reason_count, reason);
    if (result->verdict < verdict)
        result->verdict = verdict;
}

static void free_messages(struct result_message *messages, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(messages[i].text);
    free(messages);
}

static void free_expectations(struct result *result)
{
    for (size_t i = 0; i < result->expectation_count; i++) {
        free(result->expectations[i].text);
        free(result->expectations[i].measured);
        free(result->expectations[i].reason);
    }
    free(result->expectations);
}

static void free_brokers(struct result *result)
{
    for (size_t i = 0; i < result->broker_count; i++) {
        free(result->brokers[i].name);
        free(result->brokers[i].adapter);
        free(result->brokers[i].uri);
        free(result->brokers[i].tier);
        free(result->brokers[i].health);
        free(result->brokers[i].health_before);
        free(result->brokers[i].log);
    }
    free(result->brokers);
}

static void free_actors(struct result *result)
{
    for (size_t i = 0; i < result->actor_count; i++) {
        free(result->actors[i].name);
        free(result->actors[i].kind);
        free(result->actors[i].group);
        free(result->actors[i].last_error);
    }
    free(result->actors);
}

static void free_operations(struct result *result)
{
    for (size_t i = 0; i < result->operation_count; i++)
        free(result->operations[i].name);
    free(result->operations);
}

static void free_latencies(struct result *result)
{
    for (size_t i = 0; i < result->latency_count; i++) {
        free(result->latencies[i].metric);
        histogram_release(&result->latencies[i].histogram);
    }
    free(result->latencies);
}

static void free_faults(struct result *result)
{
    for (size_t i = 0; i < result->fault_count; i++) {
        struct result_fault *fault = &result->faults[i];

        for (size_t w = 0; w < fault->window_count; w++)
            free(fault->windows[w].hit);
        free(fault->windows);
        free(fault->name);
        free(fault->text);
    }
    free(result->faults);
}

void result_cuts_free(struct result_cut *cuts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(cuts[i].link);
        free(cuts[i].command);
        free(cuts[i].message);
        free(cuts[i].edge_name);
        free(cuts[i].reason);
    }
    free(cuts);
}

static void free_phases(struct result *result)
{
    for (size_t i = 0; i < result->phase_count; i++)
        free(result->phases[i].name);
    free(result->phases);
}

void result_free(struct result *result)
{
    if (!result)
        return;
    char *const texts[] = {
        result->scenario_name,       result->scenario_path,    result->scenario_text,
        result->description,         result->command_line,     result->run_id,
        result->stop_reason,         result->removal,          result->known_because,
        result->environment.version, result->environment.host, result->environment.kernel,
        result->environment.started,
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
    for (size_t i = 0; i < result->failed_count; i++)
        free(result->failed[i]);
    free(result->failed);
    free_messages(result->reasons, result->reason_count);
    free_messages(result->notes, result->note_count);
    free_expectations(result);
    free_brokers(result);
    free_actors(result);
    free_operations(result);
    free_latencies(result);
    free_faults(result);
    result_cuts_free(result->cuts, result->cut_count);
    free_phases(result);
    free(result->windows);
    free(result->points);
    ledger_report_free(result->ledger);
    free(result);
}
