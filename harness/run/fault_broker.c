/* fault_broker.c: faults that brokers are given by their own commands, as adapters offer them. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "run/fault_parts.h"
#include "run/fault_words.h"

const struct fault_word *fault_broker_word_at(size_t index)
{
    (void)index;
    return NULL;
}
