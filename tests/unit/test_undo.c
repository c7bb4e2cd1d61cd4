/* test_undo.c: what undoes a fault is on disk before it is done, and gone when it is healed. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/undo.h"

static char folder[200], file[230];

static int make_folder(void **state)
{
    char base[] = "/tmp/gauntlet-undo-XXXXXX";

    (void)state;
    if (!mkdtemp(base))
        return -1;
    (void)snprintf(folder, sizeof(folder), "%s/deep/er", base);
    (void)snprintf(file, sizeof(file), "%s/%s", folder, UNDO_FILE_NAME);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(file);
    for (int i = 0; i < 3; i++) {
        (void)rmdir(folder);
        *strrchr(folder, '/') = '\0';
    }
    return 0;
}

static struct undo_book *open_book(void)
{
    struct error error = {0};
    struct undo_book *book = undo_book_open(folder, false, "12345678", &error);

    assert_non_null(book);
    return book;
}

static const struct undo_entry CONFIG = {.broker = "default",
                                         .adapter = "redis",
                                         .uri = "redis://:${SECRET}@somewhere:6379/0",
                                         .fault = "out_of_memory",
                                         .undo = "{\"commands\": []}"};
static const struct undo_entry THAW = {
    .broker = "other", .adapter = "./nats.so", .fault = "pause", .command = "docker unpause nats"};

static void what_is_added_can_be_read_by_another(void **state)
{
    struct undo_book *book = open_book();
    struct undo_list list = {0};
    struct error error = {0};
    uint32_t first = 0, second = 0;

    (void)state;
    assert_int_equal(undo_book_add(book, &CONFIG, &first, &error), 0);
    assert_int_equal(undo_book_add(book, &THAW, &second, &error), 0);
    undo_book_close(book); /* as far as the file goes, this is a killed run */
    assert_int_equal(undo_list_read(folder, &list, &error), 0);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.entries[0].uri, CONFIG.uri);
    assert_string_equal(list.entries[0].undo, "{\"commands\":[]}");
    assert_null(list.entries[0].command);
    assert_string_equal(list.entries[1].command, THAW.command);
    assert_null(list.entries[1].undo);
    assert_null(list.entries[1].uri);
    undo_list_free(&list);
    assert_null(undo_book_open(folder, false, "another", &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_int_equal(undo_list_remove(folder, &error), 0);
}

static void what_is_healed_is_struck_and_the_last_takes_the_file_along(void **state)
{
    struct undo_book *book = open_book();
    struct undo_list list = {0};
    struct error error = {0};
    uint32_t first = 0, second = 0;

    (void)state;
    assert_int_equal(access(file, F_OK), -1);
    assert_int_equal(undo_book_add(book, &CONFIG, &first, &error), 0);
    assert_int_equal(undo_book_add(book, &THAW, &second, &error), 0);
    undo_book_strike(book, first);
    assert_int_equal(undo_list_read(folder, &list, &error), 0);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.entries[0].fault, "pause");
    undo_list_free(&list);
    undo_book_strike(book, second);
    assert_int_equal(access(file, F_OK), -1);
    undo_book_close(book);
}

static void says_what_is_wrong_with_a_file(void **state)
{
    static const char *const texts[] = {"[]", "{", "{\"version\": 2, \"undos\": []}",
                                        "{\"version\": 1, \"undos\": [{\"broker\": \"x\"}]}"};
    struct undo_book *book = open_book();
    struct error error = {0};
    uint32_t number = 0;

    (void)state;
    assert_int_equal(undo_book_add(book, &THAW, &number, &error), 0); /* makes the folder */
    undo_book_close(book);
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct undo_list list = {0};
        FILE *out = fopen(file, "w");

        assert_non_null(out);
        assert_true(fputs(texts[i], out) >= 0);
        assert_int_equal(fclose(out), 0);
        error = (struct error){0};
        assert_int_equal(undo_list_read(folder, &list, &error), -1);
        assert_int_equal(error.kind, ERROR_USAGE);
        assert_non_null(strstr(error.message, UNDO_FILE_NAME));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_added_can_be_read_by_another),
        cmocka_unit_test(what_is_healed_is_struck_and_the_last_takes_the_file_along),
        cmocka_unit_test(says_what_is_wrong_with_a_file),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
