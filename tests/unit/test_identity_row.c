/* test_identity_row.c: payloads read side by side say what each of them says alone. */
#include "base/identity_row.h"

#include <stdbool.h>
#include <string.h>

#include "base/random.h"
#include "support/unit.h"

#define PAYLOAD_SIZE_MAX 256u
#define ROUNDS           6000u

/* Payloads that came together, and what became of some of them on their way. */
struct arrived {
    char payloads[IDENTITY_ROW_MAX][PAYLOAD_SIZE_MAX];
    struct identity_row row;
    uint64_t bits;
};

static uint64_t draw(struct arrived *arrived, uint64_t bound)
{
    arrived->bits = random_next(arrived->bits);
    return random_below(arrived->bits, bound);
}

static void put(struct arrived *arrived, size_t at, const struct identity *identity,
                const char *body)
{
    char *payload = arrived->payloads[at];
    size_t size = strlen(body);

    memcpy(payload + IDENTITY_BODY_OFFSET, body, size);
    payload[IDENTITY_BODY_OFFSET + size] = '}';
    identity_write(payload, identity, identity_body_digest(body, size));
    arrived->row.payloads[at] = payload;
    arrived->row.sizes[at] = IDENTITY_BODY_OFFSET + size + 1;
}

static void damage(struct arrived *arrived, size_t at)
{
    size_t place = (size_t)draw(arrived, arrived->row.sizes[at]);
    char *byte = &arrived->payloads[at][place];

    if (draw(arrived, 4) == 0)
        arrived->row.sizes[at] = place; /* cut short */
    else
        *byte = (char)(*byte ^ (1 << draw(arrived, 8)));
}

/* The next message; `odd` of a hundred are not like those before, or damaged. */
static void send(struct arrived *arrived, size_t at, struct identity *next, uint64_t odd)
{
    static const char *const bodies[] = {"\"a body of some letters\"", "\"\"", "\"a body\"",
                                         "\"a body of some lettets\""};
    bool is_odd = draw(arrived, 100) < odd;

    next->sequence += 1;
    next->intended_ns += draw(arrived, 2) << draw(arrived, 40);
    if (is_odd && draw(arrived, 2))
        next->sequence = draw(arrived, IDENTITY_SEQUENCE_MAX);
    if (is_odd && draw(arrived, 2))
        next->track = (uint32_t)draw(arrived, 3);
    if (is_odd && draw(arrived, 4) == 0)
        next->run = (uint32_t)draw(arrived, 3);
    put(arrived, at, next, bodies[is_odd ? draw(arrived, ARRAY_SIZE(bodies)) : 0]);
    if (is_odd && draw(arrived, 3) == 0)
        damage(arrived, at);
}

static void assert_read_alone(const struct arrived *arrived, const size_t *sizes)
{
    for (size_t i = 0; i < arrived->row.count; i++) {
        struct identity alone = {0};
        enum identity_verdict verdict = identity_read(arrived->payloads[i], sizes[i], &alone);

        if (arrived->row.verdicts[i] != verdict)
            fail_msg("%.*s: %d, not %d", (int)sizes[i], arrived->payloads[i],
                     arrived->row.verdicts[i], verdict);
        assert_memory_equal(&arrived->row.identities[i], &alone, sizeof(alone));
    }
}

static bool is_run(const struct identity_row *row)
{
    const struct identity *first = &row->identities[0];

    for (size_t i = 0; i < row->count; i++)
        if (row->verdicts[i] != IDENTITY_INTACT || row->identities[i].run != first->run ||
            row->identities[i].track != first->track ||
            row->identities[i].sequence != first->sequence + i)
            return false;
    return true;
}

static void read_row(struct arrived *arrived, struct identity_reader *reader)
{
    size_t sizes[IDENTITY_ROW_MAX];

    memcpy(sizes, arrived->row.sizes, sizeof(sizes));
    identity_row_read(&arrived->row, reader);
    assert_read_alone(arrived, sizes);
    assert_true(!arrived->row.is_run || is_run(&arrived->row));
}

static bool is_of_row(const struct identity_reader *reader, const struct arrived *arrived)
{
    for (size_t i = 0; i < IDENTITY_ROW_MAX; i++)
        if (reader->payload == arrived->payloads[i])
            return true;
    return false;
}

/* Rows of all lengths, from none to a third of them odd.  The reader looks back at the row before.
 */
static void whatever_is_in_a_row_is_read_as_it_would_be_alone(void **state)
{
    static struct arrived both[2];
    struct identity_reader reader = {0};
    struct identity next = {.run = 1, .intended_ns = 0xFFFFFF00u};

    (void)state;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct arrived *arrived = &both[round % 2];
        uint64_t odd = round % 3 == 0 ? 0 : round % 33;

        arrived->bits = random_keyed(5, 0, 0, round);
        arrived->row.count =
            round % 2 ? IDENTITY_ROW_MAX : (size_t)draw(arrived, IDENTITY_ROW_MAX + 1);
        for (size_t i = 0; i < arrived->row.count; i++)
            send(arrived, i, &next, odd);
        read_row(arrived, &reader);
        if (!is_of_row(&reader, arrived)) /* the row before is about to be written over */
            reader = (struct identity_reader){0};
    }
}

/* Each bit of one among many that are alike; whichever it is, the first one too. */
static void no_changed_bit_goes_unnoticed(void **state)
{
    static struct arrived arrived;
    const struct identity first = {0xdeadbeef, 0x1234, 0xabcdef0123, 0x0123456789abcdef};

    (void)state;
    arrived.row.count = IDENTITY_ROW_MAX;
    for (size_t bit = 0; bit < 8 * (IDENTITY_BODY_OFFSET + 25u); bit++) {
        size_t changed = bit % IDENTITY_ROW_MAX;
        struct identity_reader reader = {0};
        struct identity next = first;
        char *byte = &arrived.payloads[changed][bit / 8];

        for (size_t i = 0; i < arrived.row.count; i++, next.sequence++)
            put(&arrived, i, &next, "\"a body of some letters\"");
        *byte = (char)(*byte ^ (1 << bit % 8));
        read_row(&arrived, &reader);
        assert_int_not_equal(arrived.row.verdicts[changed], IDENTITY_INTACT);
    }
}

/* Nothing is read beyond the shortest of them. */
static void rows_of_the_smallest_payloads_are_read(void **state)
{
    static struct arrived arrived;
    struct identity next = {.run = 1};

    (void)state;
    for (size_t letters = 0; letters < 20; letters++) {
        struct identity_reader reader = {0};
        char body[24] = "\"";

        memset(body + 1, 'x', letters);
        body[letters + 1] = '"';
        arrived.row.count = IDENTITY_ROW_MAX;
        for (size_t i = 0; i < arrived.row.count; i++, next.sequence++)
            put(&arrived, i, &next, body);
        read_row(&arrived, &reader);
        assert_int_equal(arrived.row.verdicts[0], IDENTITY_INTACT);
        assert_int_equal(arrived.row.identities[9].sequence, next.sequence - IDENTITY_ROW_MAX + 9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_in_a_row_is_read_as_it_would_be_alone),
        cmocka_unit_test(no_changed_bit_goes_unnoticed),
        cmocka_unit_test(rows_of_the_smallest_payloads_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
