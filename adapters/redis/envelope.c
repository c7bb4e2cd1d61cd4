/* envelope.c: ids of our own, and the array that carries them. */
#include "envelope.h"

#include <string.h>

#include "base/identity.h"
#include "base/json_members.h"
#include "base/json_scan.h"

static bool is_ours(const char *text, size_t size)
{
    static const char head[] = IDENTITY_HEAD;

    return size >= IDENTITY_SIZE_MIN && !memcmp(text, head, sizeof(head) - 1) &&
           text[size - 1] == '}';
}

bool redis_is_message(const char *text, size_t size)
{
    return is_ours(text, size) || (text && json_members_is_object(text, size, JSON_SCAN_PYTHON));
}

bool redis_may_be_published(const char *text, size_t size)
{
    return is_ours(text, size) || (text && json_members_is_message(text, size));
}

/* Spread 64 bits so that each depends on all (the finaliser of splitmix64). */
static uint64_t mix(uint64_t bits)
{
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
    return bits ^ (bits >> 31);
}

static void write_hexadecimal(char *at, uint64_t bits)
{
    for (int i = 15; i >= 0; i--, bits >>= 4)
        at[i] = "0123456789abcdef"[bits & 15];
}

void redis_uuid(struct redis_session *session, char uuid[REDIS_UUID_SIZE])
{
    uint64_t step = ++session->id_counter * 0x9E3779B97F4A7C15u;
    char digits[32];

    write_hexadecimal(digits, mix(session->id_seed[0] + step));
    write_hexadecimal(digits + 16, mix(session->id_seed[1] ^ step));
    digits[12] = '4';
    digits[16] = "89ab"[digits[16] & 3];
    memcpy(uuid, digits, 8);
    memcpy(uuid + 9, digits + 8, 4);
    memcpy(uuid + 14, digits + 12, 4);
    memcpy(uuid + 19, digits + 16, 4);
    memcpy(uuid + 24, digits + 20, 12);
    uuid[8] = uuid[13] = uuid[18] = uuid[23] = '-';
}

char *redis_envelope_write(char *at, const char uuid[REDIS_UUID_SIZE], struct adapter_text payload)
{
    memcpy(at, "[\"", 2);
    memcpy(at + 2, uuid, REDIS_UUID_SIZE);
    at += 2 + REDIS_UUID_SIZE;
    memcpy(at, "\", ", 3);
    memcpy(at + 3, payload.data, payload.size);
    at += 3 + payload.size;
    *at++ = ']';
    return at;
}

/* The form that we and Python write. */
static bool read_plain(const char *text, size_t size, struct adapter_text *ret_id,
                       struct adapter_text *ret_payload)
{
    if (size < REDIS_ENVELOPE_OVERHEAD || memcmp(text, "[\"", 2) != 0 ||
        memcmp(text + 2 + REDIS_UUID_SIZE, "\", ", 3) != 0 || text[size - 1] != ']')
        return false;
    if (memchr(text + 2, '"', REDIS_UUID_SIZE) || memchr(text + 2, '\\', REDIS_UUID_SIZE))
        return false;
    *ret_id = (struct adapter_text){text + 2, REDIS_UUID_SIZE};
    *ret_payload =
        (struct adapter_text){text + REDIS_ENVELOPE_OVERHEAD - 1, size - REDIS_ENVELOPE_OVERHEAD};
    return true;
}

static bool read_any(const char *text, size_t size, struct adapter_text *ret_id,
                     struct adapter_text *ret_payload)
{
    struct json_scan scan = {.at = text, .end = text + size, .rules = JSON_SCAN_PYTHON};
    struct json_member element = {0};

    if (!json_scan_value(&scan) || !json_elements_next(text, size, &element) ||
        *element.value != '"')
        return false;
    *ret_id = (struct adapter_text){element.value + 1, (size_t)(element.end - element.value) - 2};
    if (!json_elements_next(text, size, &element))
        return false;
    *ret_payload = (struct adapter_text){element.value, (size_t)(element.end - element.value)};
    return true;
}

bool redis_envelope_read(const char *text, size_t size, struct adapter_text *ret_id,
                         struct adapter_text *ret_payload)
{
    if (read_plain(text, size, ret_id, ret_payload) &&
        redis_is_message(ret_payload->data, ret_payload->size))
        return true;
    return read_any(text, size, ret_id, ret_payload) &&
           redis_is_message(ret_payload->data, ret_payload->size);
}
