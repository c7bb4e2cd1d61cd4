/* fickle.c: publishes pass through, and in some runs a question goes before them. */
#include "fickle.h"

#include <stdlib.h>

#include "base/memory.h"

static const struct broker_adapter *honest;
static struct broker_adapter fickle;
static uint64_t asking_runs, run_count;

/* The question that nobody asked. */
struct question {
    struct adapter_call call; /* first member */
    char *stream;
};

static void on_answered(struct adapter_call *call, const struct adapter_result *result)
{
    struct question *question = (struct question *)call;

    (void)result;
    free(question->stream);
    free(question);
}

static void ask(struct adapter_session *session, const struct adapter_call *publish)
{
    struct question *question = memory_new(1, sizeof(*question));

    question->stream = memory_string(publish->stream);
    question->call = (struct adapter_call){.struct_size = sizeof(question->call),
                                           .operation = ADAPTER_OP_STREAM_DEPTH,
                                           .stream = question->stream,
                                           .deadline_ns = publish->deadline_ns,
                                           .done = on_answered};
    honest->stream_depth(session, &question->call);
}

static void start_publish(struct adapter_session *session, struct adapter_call *call)
{
    if (run_count <= 64 && (asking_runs >> (run_count - 1)) & 1)
        ask(session, call);
    honest->publish(session, call);
}

void fickle_begin(uint64_t runs)
{
    asking_runs = runs;
    run_count = 0;
}

void fickle_wrap(const struct broker_adapter **adapter)
{
    run_count++;
    honest = *adapter == &fickle ? honest : *adapter;
    fickle = *honest;
    fickle.publish = start_publish;
    *adapter = &fickle;
}
