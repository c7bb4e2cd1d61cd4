/* judgement.h: a report in the making. */
#ifndef LEDGER_JUDGEMENT_H
#define LEDGER_JUDGEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/books.h"
#include "ledger/docket.h"
#include "ledger/report.h"

struct judgement {
    struct ledger *ledger;
    bool is_drained;
    struct ledger_report *report;
    struct docket *dockets; /* by group */
    /* Copies that live in the report. */
    const char **streams, **groups, **producers, **members; /* members by receiver index */
};

/* report.c: an empty report, with the names copied into it. */
void report_begin(struct judgement *judgement);
/* witness.c: the kept offences, with their histories. */
void witnesses_tell(struct judgement *judgement);

#endif
