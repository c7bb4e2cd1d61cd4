/* identity_row.h: the identities of payloads that arrive together, read side by side where they are
   alike: of one producer, of one size, with one body. */
#ifndef BASE_IDENTITY_ROW_H
#define BASE_IDENTITY_ROW_H

#include <stdbool.h>

#include "base/identity.h"

#define IDENTITY_ROW_MAX 32u

struct identity_row {
    size_t count;
    const char *payloads[IDENTITY_ROW_MAX]; /* those from `count` on may be overwritten */
    size_t sizes[IDENTITY_ROW_MAX];
    /* What was read of each. */
    struct identity identities[IDENTITY_ROW_MAX];
    uint8_t verdicts[IDENTITY_ROW_MAX]; /* enum identity_verdict */
    bool is_run; /* all are intact, of one track, and consecutive; false also when nobody looked */
};

/* Read the row as identity_read would read each of it.  The reader goes from row to row. */
void identity_row_read(struct identity_row *row, struct identity_reader *reader);

#endif
