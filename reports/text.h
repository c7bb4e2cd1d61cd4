/* text.h: the parts of the terminal summary. */
#ifndef REPORTS_TEXT_H
#define REPORTS_TEXT_H

#include "reports/page.h"
#include "run/result.h"

/* Messages, groups, rates, latencies: text_counts.c. */
void text_counts(struct page *page, const struct result *result);
/* Parts of the run, and the rates of a search: text_phases.c. */
void text_phases(struct page *page, const struct result *result);
/* Anomalies and their witnesses: text_anomalies.c. */
void text_anomalies(struct page *page, const struct result *result);
/* What was broken on purpose: text_faults.c. */
void text_faults(struct page *page, const struct result *result);
/* The cuts of a sweep: text_sweep.c. */
void text_sweep(struct page *page, const struct result *result);
/* Brokers, actors in trouble and notes: text_brokers.c. */
void text_brokers(struct page *page, const struct result *result);

#endif
