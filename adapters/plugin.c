/* plugin.c: dlopen, and no trust in what it finds. */
#include "plugin.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "port_note.h"

static const char SYMBOL[] = "broker_adapter";
static const char ADVICE[] =
    "it runs inside this process: --isolate gives it one of its own, a debugger shows where it was";

/* dlerror begins with the path, which the message has already. */
static const char *why_not(const char *path)
{
    const char *reason = dlerror();
    size_t size = strlen(path);

    if (!reason)
        return "no reason given";
    return strncmp(reason, path, size) == 0 && strncmp(reason + size, ": ", 2) == 0
               ? reason + size + 2
               : reason;
}

/* What was meant, where the reason of the dynamic linker does not tell. */
static const char *way_out(const char *path)
{
    const char *ending = strrchr(path, '.');

    if (access(path, F_OK) != 0 && strchr(path, ' '))
        return ": is it a command? then say 'exec:COMMAND', in quotes";
    if (access(path, F_OK) != 0 || (ending && strcmp(ending, ".so") == 0))
        return "";
    if (ending &&
        (strcmp(ending, ".c") == 0 || strcmp(ending, ".cc") == 0 || strcmp(ending, ".cpp") == 0))
        return ": that is the source: build it, and name the .so";
    return ": a plugin is a shared object; a program is named 'exec:COMMAND', as in "
           "'exec:python3 my_adapter.py'";
}

/* A function of that name, or a pointer to the struct, would be read as the struct itself. */
static int check_symbol(const char *path, const void *found, struct error *reterr)
{
    Dl_info info;
    void *entry = NULL;

    if (!dladdr1(found, &info, &entry, RTLD_DL_SYMENT) || !entry)
        return 0;
    const ElfW(Sym) *symbol = entry;
    if (ELF64_ST_TYPE(symbol->st_info) == STT_FUNC)
        return error_set(reterr, ERROR_USAGE,
                         "%s: '%s' is a function there: it must be the object itself, as in "
                         "'const struct broker_adapter %s = {...}'",
                         path, SYMBOL, SYMBOL);
    if (symbol->st_size < offsetof(struct broker_adapter, create))
        return error_set(reterr, ERROR_USAGE,
                         "%s: '%s' has %zu bytes there, too few to be a struct broker_adapter: is "
                         "it a pointer to one?",
                         path, SYMBOL, (size_t)symbol->st_size);
    return 0;
}

const struct broker_adapter *plugin_load(const char *path, struct error *reterr)
{
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);

    if (!object) {
        error_set(reterr, ERROR_USAGE, "%s cannot be loaded: %s%s", path, why_not(path),
                  way_out(path));
        return NULL;
    }
    const void *found = dlsym(object, SYMBOL);
    if (!found) {
        error_set(reterr, ERROR_USAGE,
                  "%s exports no '%s': define 'const struct broker_adapter %s' in it, and do not "
                  "build it with hidden visibility",
                  path, SYMBOL, SYMBOL);
    } else if (check_symbol(path, found, reterr) == 0 && plugin_check(found, path, reterr) == 0) {
        port_note_guard(ADVICE);
        return found;
    }
    dlclose(object);
    return NULL;
}
