/* fuzz_stdio.c: a line of an adapter's process: as JSON, as a hello, and as the answer to each kind
   of request.  The first byte chooses the request. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/stdio/answer.h"
#include "adapters/stdio/hello.h"
#include "adapters/stdio/write.h"
#include "base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as_hello(const char *line, size_t size)
{
    struct stdio_json json = {0};
    struct stdio_hello hello;
    struct error error = {0};
    char *copy = memory_new(size + 1, 1);

    memcpy(copy, line, size);
    if (stdio_json_read(&json, copy, size) == 0 && stdio_hello_read(&json, &hello, &error) == 0)
        stdio_hello_release(&hello);
    stdio_json_release(&json);
    free(copy);
}

static void read_as_answer(uint8_t choice, const char *line, size_t size)
{
    struct stdio_answer *answer = memory_new(1, sizeof(*answer));
    const struct stdio_question question = {.operation = choice % ADAPTER_OP_COUNT,
                                            .item_count = choice % 3u};
    struct stdio_complaint complaint;

    stdio_answer_take(answer, line, size);
    answer->is_delivery = choice > 200;
    if (stdio_json_read(&answer->json, answer->bytes, size) == 0)
        (void)stdio_answer_read(answer, &question, &complaint);
    stdio_answer_free(answer);
}

/* What is written must be readable. */
static void write_and_read(const char *bytes, size_t size)
{
    struct stdio_json json = {0};
    struct text line = {0};

    stdio_write_bytes(&line, bytes, size);
    if (stdio_json_read(&json, line.data, line.size) != 0)
        abort();
    stdio_json_release(&json);
    text_release(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *line = (const char *)data + 1;

    if (size < 1)
        return 0;
    read_as_hello(line, size - 1);
    read_as_answer(data[0], line, size - 1);
    write_and_read(line, size - 1);
    return 0;
}
