/* fuzz_kept.c - any bytes at all where a judged file was kept */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/hash.h"
#include "model/kept.h"
#include "report/reports.h"

#define NOW ((time_t)1800000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(holds)                                                            \
	do {                                                                   \
		if (!(holds))                                                  \
			__builtin_trap();                                      \
	} while (0)

/* As whoever can write to the state would: with the right sum in front. */
static void
put_sum(struct buf *bytes, const uint8_t *data, size_t size)
{
	uint64_t sum = hash_bytes(data, size);

	buf_add(bytes, &sum, sizeof(sum));
	buf_add(bytes, data, size);
}

/* What can be read is written again, and is then the same. */
static void
check(struct result *r, struct target *t, const struct kept_target *kept,
	struct shelf *shelf)
{
	BUF_CLEANUP struct buf first = { 0 }, second = { 0 }, out = { 0 };
	struct results rs = { .v = &r, .n = 1, .time = NOW };
	struct kept_target same;
	struct result *again;

	t->kind = kept->kind;
	t->role = kept->role;
	t->tags = kept->tags;
	t->client.expects = kept->client_wanted;
	r->target = t;
	for (size_t i = 0; report_table[i] != NULL; i++)
		report_table[i]->render(
			&out, &rs, &(struct report_options){ .verbose = 3 });
	kept_write(r, &first);
	again = kept_read(first.s, first.len, NOW, shelf, &same);
	MUST(again != NULL);
	again->target = t;
	kept_write(again, &second);
	MUST(first.len == second.len &&
		memcmp(first.s, second.s, first.len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct target t = { .name = "a.pem", .address = "a.pem" };
	cleanup(shelf_free) struct shelf *shelf = shelf_new();
	BUF_CLEANUP struct buf bytes = { 0 };
	struct kept_target kept;
	struct result *r;

	settings_init(&t.set);
	(void)kept_read(data, size, NOW, shelf, &kept);
	put_sum(&bytes, data, size);
	r = kept_read(bytes.s, bytes.len, NOW, shelf, &kept);
	if (r != NULL)
		check(r, &t, &kept, shelf);
	return 0;
}
