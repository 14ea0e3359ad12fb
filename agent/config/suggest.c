/* suggest.c - the known word that somebody probably meant */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "config/suggest.h"

#define MAX_WORD 48

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Letters to insert, drop, change or swap with their neighbour to get from
 * `a` to `b`, whatever their case. Only three rows of the table are needed.
 */
static size_t
edit_distance(const char *a, const char *b)
{
	size_t rows[3][MAX_WORD + 1], na = strlen(a), nb = strlen(b);
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	if (na > MAX_WORD || nb > MAX_WORD)
		return MAX_WORD;
	for (size_t j = 0; j <= nb; j++)
		above[j] = j;
	for (size_t i = 1; i <= na; i++) {
		int c = tolower((unsigned char)a[i - 1]);
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			int d = tolower((unsigned char)b[j - 1]);

			row[j] = least(least(above[j], row[j - 1]) + 1,
				above[j - 1] + (c != d));
			if (i > 1 && j > 1 && c != d &&
				c == tolower((unsigned char)b[j - 2]) &&
				d == tolower((unsigned char)a[i - 2]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[nb];
}

void
suggest_try(struct suggestion *s, const char *word)
{
	size_t len = strlen(s->wrong), shorter = least(len, strlen(word));
	size_t distance = edit_distance(s->wrong, word);

	/* "warn" for "warning": far by letters, near to a reader. */
	if (distance > 1 && shorter >= 3 &&
		strncasecmp(s->wrong, word, shorter) == 0)
		distance = 1;
	if (distance > 1 + least(len, 10) / 5)
		return;
	if (s->best == NULL || distance < s->distance) {
		s->best = word;
		s->distance = distance;
	}
}

void
suggest_tell(struct buf *out, const struct suggestion *s)
{
	if (s->best != NULL)
		buf_printf(out, "; did you mean \"%s\"?", s->best);
}
