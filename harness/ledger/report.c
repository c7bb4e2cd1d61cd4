/* report.c: the report's memory.  The copied names stand behind the array of groups, in one block.
 */
#include "ledger/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ledger/check.h"
#include "ledger/judgement.h"

const char *anomaly_name(enum anomaly anomaly)
{
    return checks[anomaly]->name;
}

static size_t names_size(const struct ledger *ledger)
{
    const struct ledger_receiver *receiver = ledger_first_receiver(ledger);
    size_t size = 1;

    for (size_t i = 0; i < ledger->stream_count; i++)
        size += strlen(ledger->streams[i].name) + 1;
    for (size_t i = 0; i < ledger->group_count; i++)
        size += strlen(ledger->groups[i].name) + 1;
    for (size_t i = 0; i < ledger->track_count; i++)
        size += strlen(ledger->tracks[i].producer) + 1;
    for (; receiver; receiver = receiver->next)
        size += strlen(receiver->member) + 1;
    return size;
}

static const char *copy_name(char **place, const char *name)
{
    size_t size = strlen(name) + 1;
    char *copy = memcpy(*place, name, size);

    *place += size;
    return copy;
}

static void copy_names(struct judgement *judgement, char *place)
{
    const struct ledger *ledger = judgement->ledger;
    const struct ledger_receiver *receiver = ledger_first_receiver(ledger);

    for (size_t i = 0; i < ledger->stream_count; i++)
        judgement->streams[i] = copy_name(&place, ledger->streams[i].name);
    for (size_t i = 0; i < ledger->group_count; i++)
        judgement->groups[i] = copy_name(&place, ledger->groups[i].name);
    for (size_t i = 0; i < ledger->track_count; i++)
        judgement->producers[i] = copy_name(&place, ledger->tracks[i].producer);
    for (; receiver; receiver = receiver->next)
        judgement->members[receiver->index] = copy_name(&place, receiver->member);
}

void report_begin(struct judgement *judgement)
{
    const struct ledger *ledger = judgement->ledger;
    struct ledger_report *report = memory_new(1, sizeof(*report));
    size_t groups_size = ledger->group_count * sizeof(*report->groups);
    size_t receivers = atomic_load_explicit(&ledger->receiver_count, memory_order_relaxed);
    char *block = memory_new(groups_size + names_size(ledger), 1);

    judgement->report = report;
    judgement->streams = memory_new(ledger->stream_count, sizeof(char *));
    judgement->groups = memory_new(ledger->group_count, sizeof(char *));
    judgement->producers = memory_new(ledger->track_count, sizeof(char *));
    judgement->members = memory_new(receivers, sizeof(char *));
    copy_names(judgement, block + groups_size);
    report->is_drained = judgement->is_drained;
    report->group_count = ledger->group_count;
    report->groups = (void *)block;
    for (size_t i = 0; i < ledger->group_count; i++)
        report->groups[i].name = judgement->groups[i];
}

void ledger_report_free(struct ledger_report *report)
{
    if (!report)
        return;
    for (size_t i = 0; i < report->witness_count; i++)
        free(report->witnesses[i].events);
    free(report->witnesses);
    free(report->groups);
    free(report);
}
