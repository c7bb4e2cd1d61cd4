/* bytes.h: a table of bytes that grows without moving: one byte per message.  Readers on other
   threads keep what they found. */
#ifndef LEDGER_BYTES_H
#define LEDGER_BYTES_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define BYTES_FIRST_BITS 10u /* a small run pays for 1024 bytes only */
#define BYTES_PAGE_BITS  16u
#define BYTES_INDEX_BITS 40u /* as many as an identity can number */
#define BYTES_STAMP_BITS 8u  /* beside every 256 bytes stands a stamp of the caller's */

#define BYTES_SMALL_PAGES (BYTES_PAGE_BITS - BYTES_FIRST_BITS + 1u)
#define BYTES_ROWS        (BYTES_INDEX_BITS - BYTES_PAGE_BITS)

/* Pages of 1024, 1024, 2048, ... 32768 bytes, and from 65536 on pages of 65536, found through rows
   of 1, 2, 4, ... page pointers.  Every pointer is set once. */
struct bytes {
    _Atomic(void *) small[BYTES_SMALL_PAGES];
    _Atomic(void *) rows[BYTES_ROWS];
    _Atomic size_t held; /* bytes allocated */
};

/* The bytes of [first, first + size). */
struct bytes_page {
    _Atomic uint8_t *bytes; /* NULL: no such page yet */
    char *memory;           /* the same, for tables that one thread has to itself */
    _Atomic uint32_t *stamps;
    uint64_t first, size;
};

/* The page with the byte at `index`; all NULL and 0 when nothing was ever written near it. */
struct bytes_page bytes_find(struct bytes *bytes, uint64_t index);
/* The same; made when it is missing. */
struct bytes_page bytes_reach(struct bytes *bytes, uint64_t index);
void bytes_release(struct bytes *bytes);

static inline int bytes_page_holds(const struct bytes_page *page, uint64_t index)
{
    return index - page->first < page->size;
}

#endif
