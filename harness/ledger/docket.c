/* docket.c: counting offences, and keeping some. */
#include "ledger/docket.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ledger/check.h"

#define FIRST_CAPACITY 8u

static void keep(struct docket *docket, const struct offence *offence)
{
    uint8_t *kept = &docket->kept[offence->anomaly][offence->is_forbidden];

    if (*kept == LEDGER_WITNESSES_MAX)
        return;
    ++*kept;
    if (docket->offence_count == docket->offence_capacity) {
        docket->offence_capacity =
            docket->offence_capacity > 0 ? docket->offence_capacity * 2 : FIRST_CAPACITY;
        docket->offences =
            memory_grow(docket->offences, docket->offence_capacity, sizeof(*docket->offences));
    }
    docket->offences[docket->offence_count++] = *offence;
}

void docket_note(struct docket *docket, uint32_t capabilities, const struct offence *offence)
{
    struct anomaly_count *count = &docket->counts[offence->anomaly];
    struct offence copy = *offence;

    copy.is_forbidden = checks[offence->anomaly]->is_forbidden(capabilities, offence->cause);
    count->observed++;
    count->caused += offence->cause != CAUSE_NONE;
    count->disallowed += copy.is_forbidden;
    if (offence->anomaly == ANOMALY_DUPLICATED && offence->cause != CAUSE_NONE)
        docket->duplicates_by_cause[offence->cause - CAUSE_NACK]++;
    keep(docket, &copy);
}

void docket_add(struct docket *into, const struct docket *from)
{
    for (int i = 0; i < ANOMALY_FAMILIES; i++) {
        into->counts[i].observed += from->counts[i].observed;
        into->counts[i].disallowed += from->counts[i].disallowed;
        into->counts[i].caused += from->counts[i].caused;
    }
    for (size_t i = 0; i < DUPLICATE_CAUSES; i++)
        into->duplicates_by_cause[i] += from->duplicates_by_cause[i];
    for (size_t i = 0; i < from->offence_count; i++)
        keep(into, &from->offences[i]);
}

const struct offence *docket_find(const struct docket *docket, enum anomaly anomaly, uint32_t track,
                                  uint64_t sequence)
{
    for (size_t i = 0; i < docket->offence_count; i++) {
        const struct offence *offence = &docket->offences[i];

        if (offence->anomaly == anomaly && offence->track == track && offence->sequence == sequence)
            return offence;
    }
    return NULL;
}

void docket_release(struct docket *docket)
{
    free(docket->offences);
    *docket = (struct docket){0};
}
