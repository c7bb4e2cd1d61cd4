/* lies_partitions.c: the index, leases, fences, takeover and reaping. */
#include <stdio.h>
#include <string.h>

#include "fakes/liar.h"

/* --- Leases ------------------------------------------------------------------------------------
 */

static bool is_read(const struct lie_call *call)
{
    return call->original->operation == ADAPTER_OP_READ_PARTITION_FENCED;
}

static void grant(struct lie_call *call, struct adapter_result *result)
{
    if (result->outcome == ADAPTER_EMPTY)
        lie_set_number(call, result, ++call->liar->number);
    else
        call->liar->number = result->number;
}

static void set_duration(struct lie_call *call)
{
    call->call.duration_ms = call->lie->number;
}

/* --- Fences ------------------------------------------------------------------------------------
 */

/* The token of whoever holds the lease, whoever asks. */
static void note_holder(struct lie_call *call, struct adapter_result *result)
{
    char *token;

    if (call->original->operation != ADAPTER_OP_ACQUIRE_PARTITION_LEASE ||
        result->outcome != ADAPTER_DONE)
        return;
    token = lie_memory(call, strlen(call->call.token) + 32);
    (void)snprintf(token, strlen(call->call.token) + 32, "%s:%lld", call->call.token,
                   (long long)result->number);
    call->call.stream = call->call.key;
    lie_remember(call, token, NULL);
}

static const char *holder_of(struct lie_call *call)
{
    struct liar *liar = call->liar;

    return liar->note_count ? liar->notes[liar->note_count - 1].id : NULL;
}

static void lift_fence(struct lie_call *call)
{
    const char *token = holder_of(call);

    if (call->call.operation != ADAPTER_OP_ACQUIRE_PARTITION_LEASE && token)
        call->call.token = token;
}

/* --- Taking over -------------------------------------------------------------------------------
 */

static void cut_page(struct lie_call *call, struct adapter_result *result)
{
    if (call->call.count > 0 && result->entry_count > (size_t)call->call.count)
        result->entry_count = (size_t)call->call.count;
}

static void take_all(struct lie_call *call)
{
    call->call.duration_ms = 0;
}

static void stop_at_holes(struct lie_call *call)
{
    if (call->call.operation == ADAPTER_OP_TAMPER)
        lie_remember(call, NULL, NULL);
    else if (lie_recall(call->liar, 0, call->call.stream, NULL, NULL))
        lie_tell(call, ADAPTER_EMPTY, 0);
}

static void take_for_the_stale(struct lie_call *call)
{
    const char *token = holder_of(call);

    if (call->call.operation != ADAPTER_OP_RECLAIM_PARTITION_PENDING || !token ||
        strcmp(token, call->call.consumer) == 0)
        return;
    call->call.operation = ADAPTER_OP_READ_PARTITION_FENCED;
    call->call.flags |= ADAPTER_CALL_OWN_PENDING;
    call->call.key = call->liar->notes[call->liar->note_count - 1].stream;
    call->call.token = call->call.consumer = token;
}

static void serve_everybody(struct lie_call *call)
{
    call->call.flags &= ~(uint32_t)ADAPTER_CALL_OWN_PENDING;
}

static void hide_pending(struct lie_call *call, struct adapter_result *result)
{
    if (is_read(call) && call->original->flags & ADAPTER_CALL_OWN_PENDING)
        lie_answer_empty(call, result);
}

/* --- Reaping -----------------------------------------------------------------------------------
 */

static void reap_anyway(struct lie_call *call)
{
    size_t size = strlen(call->call.stream) + strlen(call->call.key) + 2;
    char *stream = lie_memory(call, size);

    (void)snprintf(stream, size, "%s:%s", call->call.stream, call->call.key);
    lie_first(call, ADAPTER_OP_TAMPER, stream, NULL, NULL)->verb = ADAPTER_TAMPER_WIPE;
    call->call.duration_ms = 0;
    call->call.target = NULL;
}

const struct lie lies_about_partitions[] = {
    {.name = "records_nothing",
     .says = "record_partition is answered and forgotten",
     .proves = "PRT-01 PRT-02 PRT-03 RPR-05",
     .on = LIE_ON(RECORD_PARTITION),
     .ask = lie_say_number},
    {.name = "grants_what_is_held",
     .says = "a lease that is held is granted to another",
     .proves = "LSE-01 LSE-03 LSE-04 LSE-07 LSE-08",
     .on = LIE_ON(ACQUIRE_PARTITION_LEASE),
     .answer = grant},
    {.name = "begins_generations_anew",
     .says = "every lease has the generation 1",
     .proves = "LSE-01 LSE-02 RPR-04",
     .on = LIE_ON(ACQUIRE_PARTITION_LEASE),
     .number = 1,
     .answer = lie_answer_number},
    {.name = "leases_for_ever",
     .says = "a lease lasts an hour, whatever was asked for",
     .proves = "LSE-02 LSE-03 LSE-05 LSE-06 LSE-09 FEN-02 FEN-04",
     .on = LIE_ON(ACQUIRE_PARTITION_LEASE),
     .number = 3600000,
     .ask = set_duration},
    {.name = "renews_for_anybody",
     .says = "every renewal of a lease is answered with yes",
     .proves = "LSE-04 LSE-05",
     .on = LIE_ON(RENEW_PARTITION_LEASE),
     .number = 1,
     .answer = lie_answer_number},
    {.name = "releases_for_anybody",
     .says = "every release of a lease is answered with yes",
     .proves = "LSE-06",
     .on = LIE_ON(RELEASE_PARTITION_LEASE),
     .number = 1,
     .answer = lie_answer_number},
    {.name = "lets_the_stale_read",
     .says = "a fenced read does not look at the token",
     .proves = "FEN-02 FEN-04 FEN-07",
     .on = LIE_ON(READ_PARTITION_FENCED) | LIE_ON(ACQUIRE_PARTITION_LEASE),
     .ask = lift_fence,
     .answer = note_holder},
    {.name = "lets_the_stale_ack",
     .says = "a fenced ack does not look at the token",
     .proves = "FEN-03 FEN-04",
     .on = LIE_ON(ACK_PARTITION_FENCED) | LIE_ON(ACQUIRE_PARTITION_LEASE),
     .ask = lift_fence,
     .answer = note_holder},
    {.name = "forgets_what_the_holder_has",
     .says = "a fenced read for what is pending answers nothing",
     .proves = "FEN-01 FEN-03 FEN-04 RCL-01",
     .on = LIE_ON(READ_PARTITION_FENCED),
     .answer = hide_pending},
    {.name = "gives_new_for_pending",
     .says = "a fenced read for what is pending answers what is new",
     .proves = "FEN-01 FEN-03",
     .on = LIE_ON(READ_PARTITION_FENCED),
     .ask = serve_everybody},
    {.name = "reclaims_one_page",
     .says = "reclaim answers one page and calls it all",
     .proves = "RCL-01 RCL-04",
     .on = LIE_ON(RECLAIM_PARTITION_PENDING),
     .answer = cut_page},
    {.name = "reclaims_the_busy",
     .says = "reclaim takes what is not idle for long enough",
     .proves = "RCL-02 RCL-04",
     .on = LIE_ON(RECLAIM_PARTITION_PENDING),
     .ask = take_all},
    {.name = "stops_at_holes",
     .says = "reclaim ends at a message whose content is gone",
     .proves = "RCL-03",
     .on = LIE_ON(RECLAIM_PARTITION_PENDING) | LIE_ON(TAMPER),
     .ask = stop_at_holes},
    {.name = "lets_the_stale_reclaim",
     .says = "a stale owner can take over from the live one",
     .proves = "RCL-05",
     .on = LIE_ON(RECLAIM_PARTITION_PENDING) | LIE_ON(ACQUIRE_PARTITION_LEASE),
     .ask = take_for_the_stale,
     .answer = note_holder},
    {.name = "reaps_what_has_work",
     .says = "a partition is reaped whatever is in it",
     .proves = "RPR-01 RPR-02 RPR-03 RPR-07",
     .on = LIE_ON(REAP_PARTITION),
     .ask = reap_anyway},
    {.name = "reaps_at_once",
     .says = "a partition is reaped without waiting until it is idle",
     .proves = "RPR-02 RPR-06",
     .on = LIE_ON(REAP_PARTITION),
     .ask = take_all},
    {0},
};
