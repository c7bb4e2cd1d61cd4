/* usage.c: /proc/PID/stat. */
#include "run/usage.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/uri.h"

struct usage_source usage_source(const char *health)
{
    json_t *document = health ? json_loads(health, 0, NULL) : NULL;
    const json_t *resources = json_object_get(json_object_get(document, "details"), "resources");
    const char *program = json_string_value(json_object_get(resources, "program"));
    struct usage_source source = {
        .process_id = json_integer_value(json_object_get(resources, "process_id")),
        .memory_bytes = (uint64_t)json_integer_value(json_object_get(resources, "memory_bytes")),
        .memory_limit_bytes =
            (uint64_t)json_integer_value(json_object_get(resources, "memory_limit_bytes")),
    };

    if (program)
        text_copy(source.program, sizeof(source.program), program);
    json_decref(document);
    return source;
}

/* Fields behind the name, by proc(5) less 2: user and system time in ticks, resident pages. */
enum { STAT_USER = 12, STAT_SYSTEM = 13, STAT_PAGES = 22 };

static uint64_t field_of(const char *behind_name, int index)
{
    const char *at = behind_name;

    while (at && index-- > 0)
        at = strchr(at + 1, ' ');
    return at ? strtoull(at + 1, NULL, 10) : 0;
}

/* "1234 (redis-server) S ...": the name may hold blanks and brackets itself. */
static bool parse_stat(const char *line, const char *program, struct usage *ret_usage)
{
    const char *open = strchr(line, '('), *close = strrchr(line, ')');
    uint64_t tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);

    if (!open || !close || strlen(program) != (size_t)(close - open - 1) ||
        strncmp(open + 1, program, strlen(program)) != 0)
        return false;
    ret_usage->cpu_ns = (field_of(close, STAT_USER) + field_of(close, STAT_SYSTEM)) * tick_ns;
    ret_usage->rss_bytes = field_of(close, STAT_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    return true;
}

bool usage_read(const struct usage_source *source, struct usage *ret_usage)
{
    char path[48], line[1024] = "";
    FILE *file;
    bool is_read;

    if (source->process_id <= 1)
        return false;
    (void)snprintf(path, sizeof(path), "/proc/%" PRId64 "/stat", source->process_id);
    file = fopen(path, "re");
    if (!file)
        return false;
    is_read = fgets(line, sizeof(line), file) && parse_stat(line, source->program, ret_usage);
    (void)fclose(file);
    return is_read;
}

/* "cpu  user nice system idle iowait irq softirq steal ...", in ticks. */
uint64_t usage_machine_ns(void)
{
    uint64_t tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK), ticks = 0;
    char line[512] = "";
    FILE *file = fopen("/proc/stat", "re");
    char *at = line + strlen("cpu ");

    if (!file)
        return 0;
    if (!fgets(line, sizeof(line), file) || strncmp(line, "cpu ", 4) != 0)
        at = NULL;
    (void)fclose(file);
    for (int i = 0; at && i < 8; i++) {
        uint64_t value = strtoull(at, &at, 10);

        if (i != 3 && i != 4) /* idle, and waiting for disks */
            ticks += value;
    }
    return ticks * tick_ns;
}

bool usage_is_local(const struct scenario_broker *broker)
{
    struct uri uri;

    if (!broker->uri || uri_parse(broker->uri, &uri, NULL) < 0)
        return true;
    return strcmp(uri.scheme, "unix") == 0 || strcmp(uri.host, "localhost") == 0 ||
           strncmp(uri.host, "127.", 4) == 0 || strcmp(uri.host, "::1") == 0;
}
