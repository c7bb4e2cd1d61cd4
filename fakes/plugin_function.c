/* plugin_function.c: refused: a function stands where the adapter should. */
extern const void *get_adapter(void) __asm__("broker_adapter");

const void *get_adapter(void)
{
    return 0;
}
