/* shell.h - scripts by which shells complete our lines, one row a shell */
#ifndef COMMANDS_SHELL_SHELL_H
#define COMMANDS_SHELL_SHELL_H

#include "commands/command.h"
#include "model/buf.h"

#define SHELL_MAX_LISTS 64

/* The lists of words that values may be, each once; its place is its number. */
struct shell_lists {
	const struct value *v[SHELL_MAX_LISTS];
	size_t n;
};

struct shell {
	const char *name;
	/* The script, from the table of commands alone. */
	void (*put)(struct buf *out, const struct shell_lists *lists);
};

extern const struct shell shell_bash;
extern const struct shell shell_zsh;
extern const struct shell shell_fish;

extern const struct shell *const shell_table[]; /* NULL-terminated */
void shell_put(struct buf *out, const struct shell *shell);

/* What the shells' files share. */

size_t shell_list_of(const struct shell_lists *lists, const struct value *v);

/* The i-th scheme and "://", in `out`; false past the last. */
bool shell_scheme(struct buf *out, size_t i);

/* 'text', as bash and zsh read it. */
void shell_quote(struct buf *out, const char *text);

/* The words of a list, in lines that begin with tabs. */
void shell_put_words(struct buf *out, const struct value *v, size_t tabs);

/* Words of a NULL-terminated list, with blanks between. */
void shell_put_all(struct buf *out, const char *const *words);

/* The command that prints names as of enum completes, or NULL. */
const char *shell_names(enum completes completes);

#endif
