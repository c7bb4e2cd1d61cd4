/* plugin_short.c: refused: its struct ends before the required members. */
#include "plugin_null.h"

const struct broker_adapter broker_adapter = {
    .abi = BROKER_ADAPTER_ABI,
    .struct_size = 64,
    NULL_LIFE,
    NULL_OPERATIONS,
    .name = "short",
};
