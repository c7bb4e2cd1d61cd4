/* wire_words.c: what people are told about an adapter; the mutex is held. */
#include "adapters/stdio/wire_parts.h"

#include <stdarg.h>
#include <stdio.h>

#include "adapters/stdio/request.h"

enum { COMPLAINTS_MAX = 20 /* shown whole */ };

void wire_log(const struct stdio_wire *wire, uint32_t level, const char *format, ...)
{
    char line[900];
    va_list arguments;

    if (!wire->log)
        return;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    wire->log->log(wire->log, level, line);
}

static void render_request(const struct stdio_call *asked, struct text *line)
{
    if (!asked || !asked->call || !asked->mailbox) {
        text_append_string(line, "(nobody waits for it any more)\n");
        return;
    }
    struct adapter_call call = *asked->call;
    call.deadline_ns = 0;
    stdio_request_write(line, asked->id, asked->mailbox->session, &call, 0);
}

static int cut_at(struct adapter_text text, size_t size)
{
    return (int)(text.size < size ? text.size : size);
}

/* A wrong answer is shown beside what was asked and what would be right. */
void wire_complain(struct stdio_wire *wire, const struct stdio_call *asked,
                   struct adapter_text came, const struct stdio_complaint *complaint)
{
    struct text request = {0};

    wire->complaint_count++;
    if (wire->complaint_count == COMPLAINTS_MAX + 1)
        wire_log(wire, ADAPTER_LOG_ERROR, "more wrong answers are not shown");
    if (wire->complaint_count > COMPLAINTS_MAX)
        return;
    render_request(asked, &request);
    wire_log(wire, ADAPTER_LOG_ERROR, "an answer is against the protocol");
    wire_log(wire, ADAPTER_LOG_ERROR, "  request   %.*s%s",
             (int)(request.size > 500 ? 500 : request.size - 1), text_string(&request),
             request.size > 500 ? "..." : "");
    wire_log(wire, ADAPTER_LOG_ERROR, "  expected  %s", complaint->expected);
    wire_log(wire, ADAPTER_LOG_ERROR, "  came      %.*s%s", cut_at(came, 500), came.data,
             came.size > 500 ? "..." : "");
    wire_log(wire, ADAPTER_LOG_ERROR, "  why       %s", complaint->why);
    text_release(&request);
}

/* What cannot be told apart cannot be trusted. */
void wire_condemn(struct stdio_wire *wire, const char *why, struct adapter_text came)
{
    char line[400];

    (void)snprintf(line, sizeof(line), "%s: '%.*s%s'", why, cut_at(came, 120), came.data,
                   came.size > 120 ? "..." : "");
    wire_log(wire, ADAPTER_LOG_ERROR, "%s", line);
    stdio_process_condemn(wire->process, line);
    wire->is_dead = true; /* what else it says is not heard */
    (void)snprintf(wire->reason, sizeof(wire->reason), "%s", line);
}
