/* hands.c - threads for calls that block, such as those of a resolver */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "model/alloc.h"
#include "scan/hands.h"

/*
 * A thread that hangs in a resolver is lost for as long as that pleases, so
 * there may be as many as there are probes. One that has nothing to do goes
 * after a moment.
 */
#define MAX_HANDS 1024
#define IDLE_S 2

struct call {
	struct call *next;
	void (*run)(void *arg);
	void *arg;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	struct call *first, **last;
	size_t n_calls; /* that nobody has taken yet */
	size_t n_threads, n_idle;
} hands = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.wanted = PTHREAD_COND_INITIALIZER,
	.last = &hands.first,
};

/* With the lock held. NULL: there was nothing to do for a while. */
static struct call *
take(void)
{
	struct call *c;
	struct timespec until;
	int rc = 0;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += IDLE_S;
	hands.n_idle++;
	while (hands.first == NULL && rc == 0)
		rc = pthread_cond_timedwait(&hands.wanted, &hands.lock, &until);
	hands.n_idle--;
	c = hands.first;
	if (c == NULL)
		return NULL;
	hands.first = c->next;
	if (hands.first == NULL)
		hands.last = &hands.first;
	hands.n_calls--;
	return c;
}

static void *
hand_main(void *arg)
{
	struct call *c;

	(void)arg;
	pthread_mutex_lock(&hands.lock);
	while ((c = take()) != NULL) {
		pthread_mutex_unlock(&hands.lock);
		c->run(c->arg);
		free(c);
		pthread_mutex_lock(&hands.lock);
	}
	hands.n_threads--;
	pthread_mutex_unlock(&hands.lock);
	return NULL;
}

/* With the lock held. Nobody waits for the end of one. */
static bool
add_thread(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	bool ok;

	if (hands.n_threads == MAX_HANDS)
		return false;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	ok = pthread_create(&thread, &attr, hand_main, NULL) == 0;
	pthread_attr_destroy(&attr);
	hands.n_threads += ok;
	return ok;
}

int
hands_run(void (*run)(void *arg), void *arg)
{
	struct call *c = mem_alloc(sizeof(*c));
	int rc = -1;

	*c = (struct call){ .run = run, .arg = arg };
	pthread_mutex_lock(&hands.lock);
	if (hands.n_calls < hands.n_idle || add_thread() ||
		hands.n_threads > 0) {
		*hands.last = c;
		hands.last = &c->next;
		hands.n_calls++;
		pthread_cond_signal(&hands.wanted);
		rc = 0;
	}
	pthread_mutex_unlock(&hands.lock);
	if (rc == -1)
		free(c);
	return rc;
}
