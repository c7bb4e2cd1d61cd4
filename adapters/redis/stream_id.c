/* stream_id.c: ids of stream entries, parsed strictly: what is no id never reaches the server. */
#include "stream_id.h"

#include "resp.h"

#define SAFE_DIGITS 19 /* so many never overflow */

static const char *parse_digits(const char *at, const char *end, uint64_t *ret_number)
{
    const char *start = at;
    uint64_t number = 0;

    for (; at < end && *at >= '0' && *at <= '9'; at++) {
        uint64_t digit = (uint64_t)(*at - '0');

        if (at - start >= SAFE_DIGITS && number > (UINT64_MAX - digit) / 10)
            return NULL;
        number = number * 10 + digit;
    }
    *ret_number = number;
    return at == start ? NULL : at;
}

bool redis_id_parse(const char *text, size_t size, struct redis_id *ret_id)
{
    const char *end = text + size;
    struct redis_id id = {0};
    const char *at;

    if (!size)
        return false;
    at = parse_digits(text, end, &id.ms);
    if (!at || at == end || *at != '-')
        return false;
    at = parse_digits(at + 1, end, &id.seq);
    if (at != end)
        return false;
    *ret_id = id;
    return true;
}

static size_t count_digits(const char *at, const char *end)
{
    const char *start = at;

    while (at < end && (unsigned char)(*at - '0') < 10)
        at++;
    return (size_t)(at - start);
}

bool redis_id_is_valid(const char *text, size_t size)
{
    const char *end = text + size;
    size_t ms_size = count_digits(text, end), seq_size;
    struct redis_id id;

    if (ms_size == 0 || ms_size + 2 > size || text[ms_size] != '-')
        return false;
    seq_size = count_digits(text + ms_size + 1, end);
    if (seq_size == 0 || ms_size + 1 + seq_size != size)
        return false;
    return (ms_size <= SAFE_DIGITS && seq_size <= SAFE_DIGITS) || redis_id_parse(text, size, &id);
}

size_t redis_id_write(char buffer[REDIS_ID_SIZE], struct redis_id id)
{
    char *at = redis_write_number(buffer, id.ms);

    *at++ = '-';
    at = redis_write_number(at, id.seq);
    *at = '\0';
    return (size_t)(at - buffer);
}

int redis_id_compare(struct redis_id a, struct redis_id b)
{
    if (a.ms != b.ms)
        return a.ms < b.ms ? -1 : 1;
    return a.seq < b.seq ? -1 : a.seq > b.seq;
}

struct redis_id redis_id_next(struct redis_id id)
{
    if (++id.seq == 0)
        id.ms++;
    return id;
}
