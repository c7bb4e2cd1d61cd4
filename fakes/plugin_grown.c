/* plugin_grown.c: accepted: built against a later header, whose struct has members that this
   harness does not know. */
#include "plugin_null.h"

struct grown_adapter {
    struct broker_adapter known;
    adapter_start *later[3];
};

extern const struct grown_adapter grown_adapter __asm__("broker_adapter");

const struct grown_adapter grown_adapter = {
    .known = {.abi = BROKER_ADAPTER_ABI,
              .struct_size = sizeof(struct grown_adapter),
              .name = "grown",
              NULL_LIFE,
              NULL_OPERATIONS,
              .traits = ADAPTER_TRAIT_IN_PROCESS | ADAPTER_TRAIT_BLOCKS},
    .later = {null_start, null_start, null_start},
};
