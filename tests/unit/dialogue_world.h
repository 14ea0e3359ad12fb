/* dialogue_world.h - servers of a script, for the dialogues before TLS */
#ifndef TESTS_DIALOGUE_WORLD_H
#define TESTS_DIALOGUE_WORLD_H

#include "tests/unit/unit.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/buf.h"
#include "probes/starttls/dialect.h"

enum step_kind {
	SCRIPT_END, /* of the script: from here on the server is silent */
	SCRIPT_SAYS, /* the server */
	SCRIPT_HEARS, /* exactly this, from us */
	SCRIPT_HEARS_MORE, /* something that begins so */
	SCRIPT_HANGS_UP,
};

struct script_step {
	enum step_kind kind;
	const char *data;
	size_t n;
};

#define SAYS(text)                                                             \
	{                                                                      \
		SCRIPT_SAYS, text, sizeof(text) - 1                            \
	}
#define HEARS(text)                                                            \
	{                                                                      \
		SCRIPT_HEARS, text, sizeof(text) - 1                           \
	}
#define HEARS_MORE(text)                                                       \
	{                                                                      \
		SCRIPT_HEARS_MORE, text, sizeof(text) - 1                      \
	}
#define HANGS_UP                                                               \
	{                                                                      \
		SCRIPT_HANGS_UP, NULL, 0                                       \
	}

#define SILENCE                                                                \
	{                                                                      \
		SCRIPT_END, NULL, 0                                            \
	}

struct conversation_row {
	const char *scheme;
	const char *wants; /* in the error; NULL: TLS may begin */
	struct script_step script[16];
};

/* How a server's words come. */
enum delivery { IN_STEPS, BYTE_BY_BYTE };

/* Bytes in the clear that come behind a script's last words. */
enum injection { NOTHING, SAME_PACKET, NEXT_PACKET };

struct world {
	struct probe_io io; /* its first member, for the way back */
	int peer; /* the server's end; -1: closed */
	const struct script_step *step, *last_words;
	size_t said; /* of the step */
	enum delivery delivery;
	enum injection injection;
	char wrong[256]; /* what we said and should not have */
};

/* What the client has said so far is what the script wants to hear. */
static inline void
world_hear(struct world *w)
{
	char heard[4096];
	ssize_t n = recv(w->peer, heard, sizeof(heard), MSG_DONTWAIT);
	size_t have = n > 0 ? (size_t)n : 0, want = w->step->n;

	if (w->step->kind == SCRIPT_HEARS_MORE && have > want)
		have = want;
	if (have != want || memcmp(heard, w->step->data, want) != 0)
		(void)snprintf(w->wrong, sizeof(w->wrong),
			"want \"%.100s\", heard \"%.*s\"", w->step->data,
			(int)(have < 100 ? have : 100), heard);
}

static inline void
world_say(struct world *w)
{
	static const char extra[] = "*";
	BUF_CLEANUP struct buf data = { 0 };
	size_t n = w->step->n - w->said;
	bool ends;

	if (w->delivery == BYTE_BY_BYTE)
		n = 1;
	buf_add(&data, w->step->data + w->said, n);
	w->said += n;
	ends = w->said == w->step->n && w->step == w->last_words;
	if (ends && w->injection == SAME_PACKET)
		buf_puts(&data, extra);
	assert_int_equal(
		send(w->peer, data.s, data.len, MSG_NOSIGNAL), data.len);
	if (ends && w->injection == NEXT_PACKET)
		assert_int_equal(send(w->peer, extra, 1, MSG_NOSIGNAL), 1);
	if (w->said == w->step->n) {
		w->step++;
		w->said = 0;
	}
}

/* Play the script up to where we have something to read. */
static inline int
world_wait(struct probe_io *io, int fd, short events, int64_t deadline_ms)
{
	struct world *w = (struct world *)io;

	(void)fd;
	(void)deadline_ms;
	for (;; w->step++) {
		switch (w->step->kind) {
		case SCRIPT_HEARS:
		case SCRIPT_HEARS_MORE:
			world_hear(w);
			break;
		case SCRIPT_SAYS:
			world_say(w);
			return events;
		case SCRIPT_HANGS_UP:
			(void)close(w->peer);
			w->peer = -1;
			w->step++;
			return events;
		case SCRIPT_END:
			return 0;
		}
	}
}

static inline const struct dialect *
world_dialect(const char *scheme)
{
	for (size_t i = 0; dialect_table[i].scheme.name != NULL; i++) {
		if (strcmp(dialect_table[i].scheme.name, scheme) == 0)
			return &dialect_table[i];
	}
	fail_msg("no scheme %s", scheme);
	return NULL;
}

/*
 * Hold the dialogue of a row with the server of its script, over a socket
 * that keeps packets apart where `injection` is to be one of its own. Returns
 * what dialect_agree() does.
 */
static inline int
world_talk(const struct conversation_row *row, const char *host,
	enum delivery delivery, enum injection injection, struct error *err)
{
	struct world w = { .io.wait = world_wait,
		.step = row->script,
		.delivery = delivery,
		.injection = injection };
	struct target t = { .host = host };
	struct stream *s = mem_alloc(sizeof(*s));
	int type = injection == NEXT_PACKET ? SOCK_SEQPACKET : SOCK_STREAM;
	int fds[2], rc;

	for (const struct script_step *p = row->script; p->kind != SCRIPT_END;
		p++) {
		if (p->kind == SCRIPT_SAYS)
			w.last_words = p;
	}
	assert_int_equal(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, fds), 0);
	w.peer = fds[0];
	s->io = &w.io;
	s->fd = fds[1];
	rc = dialect_agree(world_dialect(row->scheme), s, &t, err);
	/* The last request has no answer in the clear. */
	if (rc == 0 && w.step->kind == SCRIPT_HEARS) {
		world_hear(&w);
		w.step++;
	}
	stream_close(s);
	free(s);
	if (w.peer != -1)
		(void)close(w.peer);
	if (*w.wrong != '\0')
		fail_msg("%s: %s", row->scheme, w.wrong);
	if (rc == 0 && w.step->kind != SCRIPT_END)
		fail_msg("%s: agreed before the script's end", row->scheme);
	return rc;
}

/* The outcome that the row wants, however its words come. */
static inline void
world_hold(const struct conversation_row *row)
{
	static const enum delivery deliveries[] = { IN_STEPS, BYTE_BY_BYTE };

	for (size_t i = 0; i < COUNT(deliveries); i++) {
		struct error err = { 0 };
		int rc = world_talk(
			row, "www.example.com", deliveries[i], NOTHING, &err);

		if (row->wants == NULL && rc == -1)
			fail_msg("%s: %s", row->scheme, err.text);
		if (row->wants == NULL)
			continue;
		if (rc == 0)
			fail_msg("%s: agreed, want \"%s\"", row->scheme,
				row->wants);
		if (strstr(err.text, row->wants) == NULL)
			fail_msg("%s: want \"%s\", have \"%s\"", row->scheme,
				row->wants, err.text);
	}
}

/* Whoever agrees must not let through what came behind the go-ahead. */
static inline void
world_hold_injected(const struct conversation_row *row)
{
	static const enum injection injections[] = { SAME_PACKET, NEXT_PACKET };

	for (size_t i = 0; row->wants == NULL && i < COUNT(injections); i++) {
		struct error err = { 0 };

		if (world_talk(row, "www.example.com", IN_STEPS, injections[i],
			    &err) == 0)
			fail_msg("%s: let bytes in the clear through (%d)",
				row->scheme, (int)injections[i]);
		if (strstr(err.text, "have 1 bytes in the clear") == NULL)
			fail_msg("%s: have \"%s\"", row->scheme, err.text);
	}
}

static inline void
world_hold_all(const struct conversation_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		world_hold(&rows[i]);
		world_hold_injected(&rows[i]);
	}
}

/* A test of the table of this name. */
#define HOLD(rows)                                                             \
	static void rows##_is_held(void **state)                               \
	{                                                                      \
		(void)state;                                                   \
		world_hold_all(rows, COUNT(rows));                             \
	}

#endif
