/* proxied.c: the dialer that dials proxies, one for each name and address on each loop. */
#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "link/kind.h"
#include "link/proxy.h"

#include <string.h>

struct entry {
    struct entry *next;
    struct loop *loop;
    char *name, *address;
    struct link_proxy *proxy; /* NULL: none could be opened */
};

struct proxied_dialer {
    struct link_dialer dialer; /* first member */
    struct link_dialer *beneath;
    struct link_faults *faults;
    pthread_mutex_t mutex; /* guards the entries */
    struct entry *entries;
};

static struct entry *find(const struct proxied_dialer *dialer, const struct loop *loop,
                          const char *name, const char *address)
{
    struct entry *entry = dialer->entries;

    while (entry && !(entry->loop == loop && strcmp(entry->name, name) == 0 &&
                      strcmp(entry->address, address) == 0))
        entry = entry->next;
    return entry;
}

static struct entry *add(struct proxied_dialer *dialer, struct loop *loop, const char *name,
                         const char *address)
{
    struct entry *entry = memory_new(1, sizeof(*entry));
    const struct link_proxy_plan plan = {.faults = dialer->faults,
                                         .beneath = dialer->beneath,
                                         .loop = loop,
                                         .target = address,
                                         .name = name};

    *entry = (struct entry){.next = dialer->entries,
                            .loop = loop,
                            .name = memory_string(name),
                            .address = memory_string(address),
                            .proxy = link_proxy_open(&plan, NULL)};
    dialer->entries = entry;
    return entry;
}

/* Without a port for a proxy the dial fails where nobody can listen. */
static const char *address_of(struct proxied_dialer *dialer, struct loop *loop, const char *name,
                              const char *address)
{
    struct entry *entry;

    pthread_mutex_lock(&dialer->mutex);
    entry = find(dialer, loop, name, address);
    if (!entry)
        entry = add(dialer, loop, name, address);
    pthread_mutex_unlock(&dialer->mutex);
    return entry->proxy ? link_proxy_address(entry->proxy) : "tcp://127.0.0.1:0";
}

static struct link *dial(struct link_dialer *base, struct loop *loop, const char *address,
                         const char *name, const struct link_events *events, void *context)
{
    struct proxied_dialer *dialer = (struct proxied_dialer *)base;
    const char *proxy = address_of(dialer, loop, name ? name : "", address);

    return link_dial(dialer->beneath, loop, proxy, name, events, context);
}

static void free_dialer(struct link_dialer *base)
{
    struct proxied_dialer *dialer = (struct proxied_dialer *)base;

    while (dialer->entries) {
        struct entry *entry = dialer->entries;

        dialer->entries = entry->next;
        link_proxy_close(entry->proxy);
        free(entry->name);
        free(entry->address);
        free(entry);
    }
    link_dialer_free(dialer->beneath);
    pthread_mutex_destroy(&dialer->mutex);
    free(dialer);
}

static const struct link_dialer_kind proxied_dialer_kind = {
    .dial = dial,
    .free = free_dialer,
};

struct link_dialer *link_dialer_proxied_new(struct link_dialer *beneath, struct link_faults *faults)
{
    struct proxied_dialer *dialer = memory_new(1, sizeof(*dialer));

    dialer->dialer.kind = &proxied_dialer_kind;
    dialer->beneath = beneath;
    dialer->faults = faults;
    pthread_mutex_init(&dialer->mutex, NULL);
    return &dialer->dialer;
}
