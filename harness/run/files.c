/* files.c: thousands of connections need more open files than a process starts with. */
#include <sys/resource.h>

#include "run/stage.h"

#define FILES_OF_OUR_OWN 64u /* loops, reports, the control sessions of brokers */
#define FILES_OF_READER  2u  /* most adapters read and command on links of their own */

static bool is_in_process(const struct stage *stage, size_t stream)
{
    const struct broker *broker = &stage->brokers.items[stage->scenario->streams[stream].broker];

    return broker->endpoint.adapter->traits & ADAPTER_TRAIT_IN_PROCESS;
}

static uint64_t count_connections(const struct stage *stage)
{
    const struct scenario *scenario = stage->scenario;
    uint64_t count = 0;

    for (size_t i = 0; i < scenario->producer_count; i++)
        if (!is_in_process(stage, scenario->producers[i].streams[0]))
            count += scenario->producers[i].members;
    for (size_t i = 0; i < scenario->consumer_count; i++)
        if (!is_in_process(stage, scenario->consumers[i].streams[0]))
            count += scenario->consumers[i].members * scenario->consumers[i].stream_count *
                     FILES_OF_READER;
    return count;
}

int stage_allow_files(struct stage *stage, struct error *reterr)
{
    uint64_t connections = count_connections(stage);
    uint64_t needed = connections + connections / 8 + FILES_OF_OUR_OWN;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
        return 0;
    if (limit.rlim_max >= needed) {
        limit.rlim_cur = needed;
        if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
            return 0;
    }
    return error_set(reterr, ERROR_SYSTEM,
                     "%llu connections need %llu open files, and this system allows %llu: raise it "
                     "with 'ulimit -n %llu', or use fewer members",
                     (unsigned long long)connections, (unsigned long long)needed,
                     (unsigned long long)limit.rlim_max, (unsigned long long)needed);
}
