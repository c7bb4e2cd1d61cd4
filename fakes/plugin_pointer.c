/* plugin_pointer.c: refused: a pointer to the adapter stands where the adapter should. */
#include "plugin_null.h"

static const struct broker_adapter adapter = {
    NULL_HEAD,
    NULL_LIFE,
    NULL_OPERATIONS,
    .name = "pointer",
};

extern const struct broker_adapter *const adapter_pointer __asm__("broker_adapter");
const struct broker_adapter *const adapter_pointer = &adapter;
