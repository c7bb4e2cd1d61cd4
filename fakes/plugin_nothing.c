/* plugin_nothing.c: refused: it forgot to export its adapter. */
#include "plugin_null.h"

static const struct broker_adapter adapter = {
    NULL_HEAD,
    NULL_LIFE,
    NULL_OPERATIONS,
    .name = "nothing",
};

extern const char *nothing_name(void);
const char *nothing_name(void)
{
    return adapter.name;
}
