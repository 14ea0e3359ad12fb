/* client.c - the test of a client certificate: what is wanted, what was seen */
#include <stdlib.h>

#include <openssl/ssl.h>

#include "model/client.h"
#include "model/observation.h"

struct client_test *
client_test_new(void)
{
	struct client_test *test = mem_alloc(sizeof(*test));

	for (size_t i = 0; i < CLIENT_TRIES; i++)
		handshake_init(&test->attempts[i].handshake);
	return test;
}

void
client_test_free(struct client_test *test)
{
	if (test == NULL)
		return;
	for (size_t i = 0; i < CLIENT_TRIES; i++)
		handshake_release(&test->attempts[i].handshake);
	observation_free(test->own);
	observation_free(test->ca);
	free(test->problem);
	free(test);
}

void
client_test_forget(struct client_test *test)
{
	for (size_t i = 0; i < CLIENT_TRIES; i++)
		reply_forget(&test->attempts[i].handshake.reply);
	if (test->own != NULL)
		observation_forget_x509(test->own);
	if (test->ca != NULL)
		observation_forget_x509(test->ca);
}

bool
client_is_asked_for(const struct client_settings *s)
{
	return s->certificate != NULL || s->expects;
}

/* Of one who needs say nothing: the most that was said. */
static void
describe_quiet(struct buf *out, const struct handshake *hs)
{
	if (hs->n_data > 0)
		buf_puts(out, "an answer that is no HTTP");
	else if (hs->n_tickets > 0)
		buf_puts(out, "a session ticket");
	else if (hs->version == TLS1_3_VERSION)
		buf_puts(out, "no word after the handshake");
	else
		buf_puts(out, "a finished handshake");
}

void
client_describe(struct buf *out, const struct handshake *hs)
{
	if (hs->reply.status > 0) {
		buf_printf(out, "HTTP %d", hs->reply.status);
		return;
	}
	switch (hs->ending) {
	case ENDING_ALERT:
		buf_printf(
			out, "alert %d %s", hs->alert, alert_name(hs->alert));
		break;
	case ENDING_CLOSED:
		buf_puts(out, "connection closed without an answer");
		break;
	case ENDING_RESET:
		buf_puts(out, "connection reset without an answer");
		break;
	case ENDING_TIMEOUT:
		if (hs->complete)
			buf_puts(out, "no answer in time");
		else
			buf_puts(out, "a handshake that did not end in time");
		break;
	case ENDING_NONE:
		if (hs->complete) {
			describe_quiet(out, hs);
			break;
		}
		/* fall through */
	default:
		buf_printf(out, "no connection (%s, %s)", step_name(hs->step),
			ending_name(hs->ending));
		break;
	}
}
