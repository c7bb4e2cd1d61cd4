/* test_uri.c: addresses taken apart, and secrets kept. */
#include "base/uri.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

static void takes_addresses_apart(void **state)
{
    static const struct {
        const char *text;
        struct uri uri;
    } CASES[] = {
        {"redis://127.0.0.1:6379/0", {"redis", "", "", "127.0.0.1", "/0", 6379, 0}},
        {"redis://localhost", {"redis", "", "", "localhost", "", 0, 0}},
        {"rediss://bob:secret@h:1/", {"rediss", "bob", "secret", "h", "/", 1, 1}},
        {"redis://:secret@h", {"redis", "", "secret", "h", "", 0, 1}},
        {"redis://bob@h", {"redis", "bob", "", "h", "", 0, 0}},
        {"redis://b%40b:p%3a%2F%25@h/a%20b", {"redis", "b@b", "p:/%", "h", "/a b", 0, 1}},
        {"redis://bob:p@ss:word@h:7", {"redis", "bob", "p@ss:word", "h", "", 7, 1}},
        {"redis://[::1]:6379/2", {"redis", "", "", "::1", "/2", 6379, 0}},
        {"redis://[fe80::1]", {"redis", "", "", "fe80::1", "", 0, 0}},
        {"redis://h?db=3", {"redis", "", "", "h", "?db=3", 0, 0}},
        {"unix:///run/redis.sock", {"unix", "", "", "", "/run/redis.sock", 0, 0}},
        {"unix://relative.sock", {"unix", "", "", "", "relative.sock", 0, 0}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        struct uri uri;
        struct error error = {0};

        if (uri_parse(CASES[i].text, &uri, &error) != 0)
            fail_msg("%s: %s", CASES[i].text, error.message);
        assert_string_equal(uri.scheme, CASES[i].uri.scheme);
        assert_string_equal(uri.user, CASES[i].uri.user);
        assert_string_equal(uri.password, CASES[i].uri.password);
        assert_string_equal(uri.host, CASES[i].uri.host);
        assert_string_equal(uri.path, CASES[i].uri.path);
        assert_int_equal(uri.port, CASES[i].uri.port);
        assert_int_equal(uri.has_password, CASES[i].uri.has_password);
    }
}

static void says_what_is_wrong_and_never_the_password(void **state)
{
    static const struct {
        const char *text, *complaint;
    } CASES[] = {
        {"localhost:6379", "has no scheme: say scheme://"},
        {"", "has no scheme"},
        {"://h", "scheme that is no word"},
        {"a b://h", "scheme that is no word"},
        {"redis://", "has no host"},
        {"redis://u:secret@", "has no host"},
        {"redis://u:secret@:6379", "has no host"},
        {"redis://u:secret@h:99999", "port that is not a number from 1 to 65535"},
        {"redis://u:secret@h:0", "port that is not"},
        {"redis://u:secret@h:", "port that is not"},
        {"redis://u:secret@h:6379x", "port that is not"},
        {"redis://u:secr/et@h:6379", "port that is not"},
        {"redis://u:secret%2@h", "password that is too long or wrongly encoded"},
        {"redis://u:secret%00@h", "password that is too long or wrongly encoded"},
        {"redis://u:secret@[::1", "port that is not"},
        {"redis://u:secret@[::1]x:5", "between ']' and the port"},
        {"redis://u:secret@h/%zz", "path that is too long or wrongly encoded"},
        {"unix://", "has no path"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        struct uri uri = {.port = 77};
        struct error error = {0};

        assert_int_equal(uri_parse(CASES[i].text, &uri, &error), -1);
        if (!strstr(error.message, CASES[i].complaint))
            fail_msg("'%s' gave \"%s\"", CASES[i].text, error.message);
        assert_null(strstr(error.message, "secr"));
        assert_int_equal(uri.port, 77);
    }
}

static void parts_that_are_too_long_are_refused(void **state)
{
    char text[1200], part[1000];
    struct uri uri;

    (void)state;
    memset(part, 'x', sizeof(part) - 1);
    part[sizeof(part) - 1] = '\0';
    (void)snprintf(text, sizeof(text), "%s://h", part);
    assert_int_equal(uri_parse(text, &uri, NULL), -1);
    (void)snprintf(text, sizeof(text), "redis://%s@h", part);
    assert_int_equal(uri_parse(text, &uri, NULL), -1);
    (void)snprintf(text, sizeof(text), "redis://%s", part);
    assert_int_equal(uri_parse(text, &uri, NULL), -1);
    (void)snprintf(text, sizeof(text), "unix:///%s", part);
    assert_int_equal(uri_parse(text, &uri, NULL), -1);
}

static void hides_the_password_and_nothing_else(void **state)
{
    static const struct {
        const char *text, *shown;
    } CASES[] = {
        {"redis://bob:secret@h:6379/0", "redis://bob:***@h:6379/0"},
        {"redis://:secret@h", "redis://:***@h"},
        {"redis://bob:se@cr:et@h", "redis://bob:***@h"},
        {"redis://bob:se/cret@h", "redis://bob:***@h"},
        {"bob:secret@h", "bob:***@h"},
        {"redis://h:6379/0", "redis://h:6379/0"},
        {"redis://bob@h", "redis://bob@h"},
        {"unix:///run/x.sock", "unix:///run/x.sock"},
        {"", ""},
    };
    char shown[64], small[8];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        uri_redact(CASES[i].text, shown, sizeof(shown));
        assert_string_equal(shown, CASES[i].shown);
    }
    uri_redact("redis://bob:secret@h", small, sizeof(small));
    assert_string_equal(small, "redis:/");
}

static void addresses_move_to_another_host_and_port(void **state)
{
    static const struct {
        const char *text, *moved;
    } CASES[] = {
        {"redis://10.0.0.5:6379/1", "redis://127.0.0.1:7/1"},
        {"nats://bob:p@ss@h", "nats://bob:p@ss@127.0.0.1:7"},
        {"redis://[::1]:6379?db=3", "redis://127.0.0.1:7?db=3"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        char *moved = uri_relocate(CASES[i].text, "127.0.0.1", 7);

        assert_string_equal(moved, CASES[i].moved);
        free(moved);
    }
    assert_null(uri_relocate("unix:///run/redis.sock", "127.0.0.1", 7));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_move_to_another_host_and_port),
        cmocka_unit_test(takes_addresses_apart),
        cmocka_unit_test(says_what_is_wrong_and_never_the_password),
        cmocka_unit_test(parts_that_are_too_long_are_refused),
        cmocka_unit_test(hides_the_password_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
