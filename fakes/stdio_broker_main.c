/* stdio_broker_main.c: the reference broker as a program of its own that speaks the stdio protocol.
 */
#include <stdio.h>

#include "registry.h"
#include "run/serve.h"

int main(void)
{
    struct error error = {0};
    const struct broker_adapter *adapter = registry_find("inline", &error);

    if (adapter && serve_run(adapter, &error) == 0)
        return 0;
    (void)fprintf(stderr, "stdio_broker: %s\n", error.message);
    return 3;
}
