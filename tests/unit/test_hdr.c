/* test_hdr.c: histograms in HdrHistogram's own form, against what its project has written. */
#include "reports/hdr.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "reports/base64.h"
#include "support/unit.h"

static void letters_stand_for_bytes(void **state)
{
    static const struct {
        const char *bytes, *code; /* RFC 4648, section 10 */
    } cases[] = {{"", ""},
                 {"f", "Zg=="},
                 {"fo", "Zm8="},
                 {"foo", "Zm9v"},
                 {"foob", "Zm9vYg=="},
                 {"fooba", "Zm9vYmE="},
                 {"foobar", "Zm9vYmFy"}};
    static const char *const wrong[] = {
        "Z", "Zg=", "Zg", "Z===", "=Zg=", "Zm9v\n", "Zm-_", "Zg==Zg=="};
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct text code = {0}, bytes = {0};
        base64_encode(cases[i].bytes, strlen(cases[i].bytes), &code);
        assert_string_equal(text_string(&code), cases[i].code);
        assert_int_equal(base64_decode(cases[i].code, &bytes), 0);
        assert_string_equal(text_string(&bytes), cases[i].bytes);
        text_release(&code);
        text_release(&bytes);
    }
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        struct text bytes = {0};
        assert_int_equal(base64_decode(wrong[i], &bytes), -1);
        text_release(&bytes);
    }
}

/* Written by hdr-histogram-js 3.0.1: 1, twice 1000, 70 000 times 1500, 123 456 789 and three times
   5 000 000 000. */
static void reads_what_another_has_written(void **state)
{
    static const char code[] = "HISTFAAAADN4nJNpmSzMwMAgyMDAwMjAwMDMAAGMDAzs/0EAzmc6zc/ylP3BUY7f"
                               "rUxM00PZAAv9DE8=";
    struct histogram histogram;
    struct error error = {0};
    (void)state;
    histogram_init(&histogram);
    if (hdr_decode(code, &histogram, &error))
        fail_msg("%s", error.message);
    assert_int_equal(histogram.count, 70007);
    assert_int_equal(histogram.counts[1], 1);
    assert_int_equal(histogram.counts[1000], 2);
    assert_int_equal(histogram.counts[1500], 70000);
    assert_int_equal(histogram.counts[histogram_bucket(123456789)], 1);
    assert_int_equal(histogram.counts[histogram_bucket(5000000000)], 3);
    assert_int_equal(histogram_bucket_end(histogram_bucket(histogram.maximum)), 5003804671);
    histogram_release(&histogram);
}

static void fill(struct histogram *histogram, uint64_t seed, unsigned values)
{
    for (unsigned i = 0; i < values; i++) {
        uint64_t bits = random_keyed(seed, 1, 2, i);
        histogram_record_many(histogram, bits >> (20 + bits % 44), 1 + (bits >> 50) % 3);
    }
}

static void what_is_encoded_is_decoded(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct histogram histogram, decoded;
        struct text code = {0};
        struct error error = {0};
        histogram_init(&histogram);
        histogram_init(&decoded);
        fill(&histogram, seed, (unsigned)seed * 50);
        if (seed % 5 == 0)
            histogram_record_many(&histogram, UINT64_MAX, 1ull << (seed + 10));
        hdr_encode(&histogram, &code);
        if (hdr_decode(text_string(&code), &decoded, &error))
            fail_msg("%s", error.message);
        assert_int_equal(decoded.count, histogram.count);
        assert_memory_equal(decoded.counts, histogram.counts, HISTOGRAM_BUCKETS * sizeof(uint64_t));
        text_release(&code);
        histogram_release(&histogram);
        histogram_release(&decoded);
    }
}

static void what_is_no_histogram_is_refused(void **state)
{
    static const struct {
        const char *code, *expected;
    } cases[] = {
        {"", "begins with something else"},
        {"?", "no base64"},
        /* Of two digits, from the logs that the HdrHistogram project tests itself with. */
        {"HISTFAAAAEV42pNpmSzMwMCgyAABTBDKT4GBgdnNYMcCBvsPEBEJISEuATEZMQ4uASkhIR4nrxg9v2lMaxhvMekI"
         "LGZkKmcCAEf2CsI=",
         "buckets are others"},
        {"AAAA", "begins with something else"},
        {"HISTFAAAAEV42pNpmSzM", "damaged"},
        {"HISTFAAAAAB42pNpmSzM", "damaged"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct histogram histogram;
        struct error error = {0};
        histogram_init(&histogram);
        assert_int_equal(hdr_decode(cases[i].code, &histogram, &error), -1);
        if (!strstr(error.message, cases[i].expected))
            fail_msg("'%s' does not say '%s'", error.message, cases[i].expected);
        histogram_release(&histogram);
    }
}

/* One byte of the code changed: refused or read, never more than the buckets hold. */
static void damage_does_no_harm(void **state)
{
    struct histogram histogram;
    struct text code = {0};
    (void)state;
    histogram_init(&histogram);
    fill(&histogram, 7, 300);
    hdr_encode(&histogram, &code);
    for (size_t i = 0; i < code.size; i++) {
        struct histogram decoded;
        char kept = code.data[i];
        histogram_init(&decoded);
        code.data[i] = kept == 'Q' ? 'x' : 'Q';
        (void)hdr_decode(code.data, &decoded, NULL);
        code.data[i] = kept;
        histogram_release(&decoded);
    }
    text_release(&code);
    histogram_release(&histogram);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_stand_for_bytes),
        cmocka_unit_test(reads_what_another_has_written),
        cmocka_unit_test(what_is_encoded_is_decoded),
        cmocka_unit_test(what_is_no_histogram_is_refused),
        cmocka_unit_test(damage_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
