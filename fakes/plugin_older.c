/* plugin_older.c: refused: it says nothing of the port it was built for. */
#include "plugin_null.h"

const struct broker_adapter broker_adapter = {
    .struct_size = sizeof(struct broker_adapter),
    NULL_LIFE,
    NULL_OPERATIONS,
    .name = "older",
};
