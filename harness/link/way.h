/* way.h: the two directions of a channel, and what filters say about a piece of bytes.  Private to
   this room. */
#ifndef LINK_WAY_H
#define LINK_WAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct channel;
struct command;
struct filter;

enum way { WAY_UP /* to the broker */, WAY_DOWN /* from it */, WAY_COUNT };

enum channel_end { CHANNEL_RST, CHANNEL_FIN, CHANNEL_SILENT, CHANNEL_GOES_ON };

/* A request, a reply, or just bytes.  Borrowed. */
struct frame {
    enum way way;
    bool is_whole; /* one request or one reply; else bytes that nobody has looked at */
    const char *bytes;
    size_t size;
    const struct command *command; /* NULL: the protocol is not understood */
    const char *word;              /* the command as it was sent, or NULL */
    uint64_t operations;           /* what it may be part of: bits */
    uint64_t index;                /* of the exchange; 0: none */
    uint64_t number, turn;         /* of its command (tally.h); 0: none */
    bool delivers;                 /* a reply that brings something */
    const char *request;           /* of a reply, when it was kept */
    size_t request_size;
};

/* What shall become of the bytes of a frame.  Filters change it, each after the other. */
struct piece {
    const struct frame *frame;
    const char *bytes;
    size_t size;
    char *changed; /* `bytes` when a filter replaced them; freed by the channel */
    bool is_dropped;
    bool is_doubled;       /* sent twice, the second reply swallowed */
    const char *forged;    /* not sent; this is the reply */
    struct filter *holder; /* waits until that one has ended */
    uint64_t due_ns;       /* not before */
    size_t slice;          /* at most so many bytes at a time; 0: all */
    uint64_t gap_ns;       /* between slices */
    enum channel_end cut;  /* CHANNEL_GOES_ON: no cut */
    size_t cut_after;      /* bytes that still pass */
};

#endif
