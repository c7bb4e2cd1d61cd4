/* sample_conformance.h: a conformance result with one of everything, for tests of reports. */
#ifndef SUPPORT_SAMPLE_CONFORMANCE_H
#define SUPPORT_SAMPLE_CONFORMANCE_H

#include "base/memory.h"
#include "run/conformance.h"

static inline void sample_clause(struct conformance_clause *clause, const char *id, char level,
                                 enum conformance_verdict verdict, const char *reason)
{
    *clause = (struct conformance_clause){
        .id = memory_string(id),
        .family = memory_format("%.3s", id),
        .says = memory_format("What %s says, with <brackets> | and \"quotes\".", id),
        .level = level,
        .is_core = level == 'R',
        .capability = memory_string("ACK_NACK"),
        .needs = memory_string("ACK_NACK, BLOCKING_READ"),
        .verdict = verdict,
        .reason = memory_string(reason),
        .place = memory_format("scenarios/conformance/%.3s.yaml:34", id),
        .round_count = 1,
        .call_count = 4,
        .check_count = 3,
        .attempt_count = 1,
        .elapsed_ns = 1500000,
        .is_virtual = true,
        .command = memory_format("gauntlet conform inline --clause %s --seed 7", id),
        .document = memory_format("clause: %s\nsteps: [{ping: {}}]\n", id)};
    if (verdict != CONFORMANCE_FAIL)
        return;
    clause->evidence = memory_new(2, sizeof(*clause->evidence));
    clause->evidence[0] = memory_string("publish(stream s) answered \"1-0\"");
    clause->evidence[1] = memory_string("ack(stream s, id 1-0) answered false");
    clause->evidence_count = 2;
}

static inline void sample_capability(struct conformance *sample)
{
    static const struct conformance_tally tally = {{1, 1, 1, 1, 1}}, other = {{0, 1, 0, 0, 0}};

    sample->capabilities = memory_new(1, sizeof(*sample->capabilities));
    sample->capability_count = 1;
    sample->capabilities[0] =
        (struct conformance_capability){.name = memory_string("ACK_NACK"),
                                        .is_declared = true,
                                        .standing = CONFORMANCE_REFUTED,
                                        .required = tally,
                                        .other = other,
                                        .difference = memory_string("declared, and not kept")};
    sample->tiers = memory_new(1, sizeof(*sample->tiers));
    sample->tier_count = 1;
    sample->tiers[0] = (struct conformance_tier){
        .name = memory_string("RELIABLE_MESSAGING"),
        .is_declared = true,
        .required = tally,
        .sentence = memory_string("RELIABLE_MESSAGING not demonstrated; passed by 1 of 4 clauses")};
}

/* Gives (conformance_free). */
static inline struct conformance *sample_conformance(void)
{
    struct conformance *sample = memory_new(1, sizeof(*sample));

    *sample = (struct conformance){.adapter = memory_string("redis"),
                                   .uri = memory_string("redis://u:secret@h:6379/0"),
                                   .command_line = memory_string("gauntlet conform redis"),
                                   .run_id = memory_string("1a2b3c4d"),
                                   .seed = 7,
                                   .declared = 0xF,
                                   .demonstrated = 0x7,
                                   .declared_tier = memory_string("RELIABLE_MESSAGING"),
                                   .shown_tier = memory_string("SIMPLE_QUEUING"),
                                   .difference = memory_string("declares more than it shows"),
                                   .version = memory_string("0.1.0"),
                                   .started = memory_string("2024-01-02T03:04:05Z"),
                                   .elapsed_ns = 2500000000u};
    sample->settings = memory_new(1, sizeof(*sample->settings));
    sample->settings[sample->setting_count++] = memory_string("max_retries=2");
    sample->clauses = memory_new(6, sizeof(*sample->clauses));
    sample->clause_count = 6;
    sample_clause(&sample->clauses[0], "ACK-01", 'R', CONFORMANCE_PASS, NULL);
    sample_clause(&sample->clauses[1], "ACK-02", 'R', CONFORMANCE_FAIL, "expected true, got false");
    sample_clause(&sample->clauses[2], "ACK-03", 'R', CONFORMANCE_INCONCLUSIVE, "nothing to see");
    sample_clause(&sample->clauses[3], "DLV-01", 'R', CONFORMANCE_NOT_RUN, "needs the link");
    sample_clause(&sample->clauses[4], "DLV-02", 'R', CONFORMANCE_NOT_APPLICABLE,
                  "REPLAY is not declared");
    sample_clause(&sample->clauses[5], "DLV-03", 'O', CONFORMANCE_FAIL, "too late");
    sample_capability(sample);
    conformance_note(sample, "a note");
    conformance_judge(sample);
    return sample;
}

#endif
