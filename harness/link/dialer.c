/* dialer.c: the dialer of real sockets. */
#include "link/dialer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/memory.h"

struct socket_dialer {
    struct link_dialer dialer; /* first member */
    pthread_mutex_t mutex;     /* guards all below */
    struct read_buffer *buffers;
    struct map resolved; /* address -> struct address_list */
};

static struct read_buffer *find_buffer(struct socket_dialer *dialer, const struct loop *loop)
{
    struct read_buffer *buffer = dialer->buffers;

    while (buffer && buffer->loop != loop)
        buffer = buffer->next;
    return buffer;
}

static struct read_buffer *add_buffer(struct socket_dialer *dialer, const struct loop *loop)
{
    struct read_buffer *buffer = memory_new(1, sizeof(*buffer));

    buffer->loop = loop;
    buffer->next = dialer->buffers;
    dialer->buffers = buffer;
    return buffer;
}

struct read_buffer *dialer_buffer(struct socket_dialer *dialer, const struct loop *loop)
{
    pthread_mutex_lock(&dialer->mutex);
    struct read_buffer *buffer = find_buffer(dialer, loop);
    if (!buffer)
        buffer = add_buffer(dialer, loop);
    pthread_mutex_unlock(&dialer->mutex);
    return buffer;
}

/* Asking the name server happens outside the mutex: another loop should not wait for it. */
int dialer_resolve(struct socket_dialer *dialer, const char *address, struct address_list *ret_list,
                   struct error *reterr)
{
    size_t size = strlen(address);

    pthread_mutex_lock(&dialer->mutex);
    const struct address_list *known = map_get(&dialer->resolved, address, size);
    if (known)
        *ret_list = *known;
    pthread_mutex_unlock(&dialer->mutex);
    if (known)
        return 0;
    if (address_resolve(address, ret_list, reterr) < 0)
        return -1;
    struct address_list *kept = memory_new(1, sizeof(*kept));
    *kept = *ret_list;
    pthread_mutex_lock(&dialer->mutex);
    free(map_remove(&dialer->resolved, address, size)); /* another loop may have been faster */
    map_set(&dialer->resolved, address, size, kept);
    pthread_mutex_unlock(&dialer->mutex);
    return 0;
}

void dialer_forget(struct socket_dialer *dialer, const char *address)
{
    pthread_mutex_lock(&dialer->mutex);
    free(map_remove(&dialer->resolved, address, strlen(address)));
    pthread_mutex_unlock(&dialer->mutex);
}

static void free_dialer(struct link_dialer *base)
{
    struct socket_dialer *dialer = (struct socket_dialer *)base;

    while (dialer->buffers) {
        struct read_buffer *buffer = dialer->buffers;

        dialer->buffers = buffer->next;
        free(buffer);
    }
    for (size_t i = 0; i < dialer->resolved.count; i++)
        free(dialer->resolved.entries[i].value);
    map_release(&dialer->resolved);
    pthread_mutex_destroy(&dialer->mutex);
    free(dialer);
}

static const struct link_dialer_kind socket_dialer_kind = {
    .dial = socket_dial,
    .free = free_dialer,
};

struct link_dialer *link_dialer_real_new(void)
{
    struct socket_dialer *dialer = memory_new(1, sizeof(*dialer));

    dialer->dialer.kind = &socket_dialer_kind;
    pthread_mutex_init(&dialer->mutex, NULL);
    return &dialer->dialer;
}
