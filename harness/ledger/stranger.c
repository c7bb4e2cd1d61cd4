/* stranger.c: delivered entries that are none of the messages that were sent to their stream. */
#include "ledger/arrival.h"

static enum anomaly name_stranger(const struct ledger *ledger, const struct batch *batch,
                                  enum identity_verdict verdict, const struct identity *identity)
{
    bool is_private = ledger->streams[batch->stream].is_private;

    if (verdict == IDENTITY_FOREIGN)
        return is_private ? ANOMALY_PHANTOM : ANOMALY_FOREIGN;
    if (verdict == IDENTITY_CORRUPT && (is_private || identity->run == ledger->run))
        return ANOMALY_CORRUPTED;
    if (identity->run != ledger->run)
        return ANOMALY_LEFTOVER;
    if (identity->track >= ledger->track_count ||
        ledger->tracks[identity->track].stream != batch->stream)
        return ANOMALY_MISROUTED;
    return ANOMALY_PHANTOM;
}

static enum ledger_arrival arrival_of(enum anomaly anomaly, enum identity_verdict verdict)
{
    if (verdict == IDENTITY_FOREIGN)
        return LEDGER_FOREIGN;
    return anomaly == ANOMALY_LEFTOVER ? LEDGER_LEFTOVER : LEDGER_BROKEN;
}

void arrival_of_stranger(struct ledger_receiver *receiver, const struct batch *batch,
                         enum identity_verdict verdict, const struct identity *identity,
                         struct ledger_delivery *ret)
{
    const struct ledger *ledger = receiver->ledger;
    enum anomaly anomaly = name_stranger(ledger, batch, verdict, identity);
    bool has_identity = verdict != IDENTITY_FOREIGN;
    bool is_known =
        has_identity && identity->run == ledger->run && identity->track < ledger->track_count;
    struct offence offence = {.anomaly = (uint8_t)anomaly,
                              .group = receiver->group,
                              .stream = batch->stream,
                              .track = is_known ? identity->track : OFFENCE_NO_TRACK,
                              .sequence = has_identity ? identity->sequence : 0,
                              .time_ns = batch->now_ns,
                              .receiver = receiver};

    if (anomaly == ANOMALY_PHANTOM)
        offence.note = has_identity ? NOTE_NEVER_SENT : NOTE_NO_IDENTITY;
    ledger_bump(&receiver->odd, 1);
    docket_note(&receiver->docket, ledger->streams[batch->stream].capabilities, &offence);
    *ret = (struct ledger_delivery){.stream = (uint16_t)batch->stream,
                                    .arrival = (uint8_t)arrival_of(anomaly, verdict)};
    if (has_identity) {
        ret->sequence = identity->sequence;
        ret->intended_ns = identity->intended_ns;
        ret->track = identity->track;
    }
}
