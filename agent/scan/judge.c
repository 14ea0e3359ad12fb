/* judge.c - one target to one result */
#include "scan/judge.h"
#include "checks/account.h"
#include "checks/check.h"
#include "checks/client/client.h"
#include "checks/deploy/deploy.h"
#include "checks/role.h"
#include "probes/probe.h"
#include "scan/io.h"

/* Between two tries; long enough for a listener that is being restarted. */
#define RETRY_PAUSE_MS 250

/* Might a second look see what the first did not? */
static bool
worth_a_retry(const struct observation *ob)
{
	if (ob->n_certs > 0)
		return false;
	for (size_t i = 0; i < ob->n_faults; i++) {
		if (ob->faults[i].kind == FAULT_UNREACHABLE ||
			ob->faults[i].kind == FAULT_HANDSHAKE)
			return true;
	}
	return false;
}

/* 0 and *out, or -1 and *err. One deadline for all tries. */
static int
look(const struct target *t, const struct looker *by, struct observation **out,
	struct error *err)
{
	const struct probe *probe = probe_for(t);
	struct probe_io io = { .tls = library_tls(by->library),
		.libctx = library_context(by->library),
		.cas = library_cas(by->library),
		.stopwatch = by->stopwatch };

	io_init(&io);
	if (t->kind == TARGET_FILE)
		probe_enter(&io, PHASE_READ);
	io.deadline_ms = probe_now_ms() + t->set.timeout_ms;
	for (int64_t left = t->set.retries;; left--) {
		struct observation *ob;
		int64_t again = probe_now_ms() + RETRY_PAUSE_MS;

		if (probe->run(t, &io, &ob, err) == -1)
			return -1;
		if (left <= 0 || !worth_a_retry(ob) ||
			again >= io.deadline_ms) {
			*out = ob;
			return 0;
		}
		observation_free(ob);
		(void)io.wait(&io, -1, 0, again);
	}
}

/* The file that an endpoint should be serving, beside what it serves. */
static int
look_at_deployed(const struct target *t, const struct looker *by,
	struct observation *ob, struct error *err)
{
	const char *path = target_deployed(t);
	struct target file = {
		.kind = TARGET_FILE,
		.name = path,
		.address = path,
		.file = path,
		.set = t->set,
	};

	if (path == NULL)
		return 0;
	if (look(&file, by, &ob->deployed, err) == -1)
		return -1;
	if (deploy_differs(ob))
		ob->listener = library_listener(by->library, t, ob);
	return 0;
}

/* What the operator wants judged as though it had been presented as well. */
static int
look_at_intermediates(const struct target *t, const struct looker *by,
	struct observation *ob, struct error *err)
{
	cleanup(observation_free) struct observation *more = NULL;
	struct target file = {
		.kind = TARGET_FILE,
		.name = t->intermediates,
		.address = t->intermediates,
		.file = t->intermediates,
		.set = t->set,
	};

	/* Alone they are nothing to be judged. */
	if (ob->n_certs == 0)
		return 0;
	if (look(&file, by, &more, err) == -1)
		return -1;
	if (more->n_certs == 0)
		return error_set(err, ERROR_PARSE, "%s: %s", t->intermediates,
			more->n_faults > 0 ? more->faults[0].text
					   : "want certificates, have none");
	observation_lend(ob, more, t->intermediates);
	for (size_t i = 0; i < ob->n_others; i++) {
		if (ob->others[i]->n_certs > 0)
			observation_lend(ob->others[i], more, t->intermediates);
	}
	return 0;
}

int
judge_look(const struct target *t, const struct looker *by,
	struct observation **seen, struct error *err)
{
	if (look(t, by, seen, err) == -1)
		return -1;
	if (look_at_deployed(t, by, *seen, err) == -1)
		return -1;
	return t->intermediates == NULL
		? 0
		: look_at_intermediates(t, by, *seen, err);
}

static void
judge(struct result *r, const struct policy *policy, time_t now)
{
	checks_run(r->seen, policy, now, &r->findings);
	r->client = client_verdict(r->seen, policy, now);
	r->looked = r->seen->n_certs > 0;
	if (r->looked) {
		r->role = role_of(r->seen, policy->target);
		r->store = role_is_store(r->seen, policy->target);
	}
	r->status = findings_worst(&r->findings);
	result_set_moments(r);
}

/* Were there keys that a passphrase has opened? It may be another by now. */
static bool
has_secrets(const struct observation *ob)
{
	for (size_t i = 0; i < ob->n_keys; i++) {
		if (ob->keys[i].encrypted)
			return true;
	}
	return false;
}

struct result *
judge_target(const struct target *t, const struct looker *by, time_t now,
	bool account, time_t *until)
{
	struct result *r = mem_alloc(sizeof(*r));
	struct horizon horizon = { .until = HORIZON_OPEN };
	struct policy policy = { .target = t,
		.horizon = until != NULL ? &horizon : NULL };
	int64_t begin = probe_now_ms();
	struct error err;

	r->target = t;
	r->deployed = target_deployed(t);
	r->observed_at = now;
	if (until != NULL)
		*until = now;
	if (judge_look(t, by, &r->seen, &err) == -1) {
		findings_add(&r->findings, "agent.failed", t->address, "%s",
			err.text);
		r->status = SEV_UNKNOWN;
		return r;
	}
	stopwatch_enter(by->stopwatch, PHASE_JUDGE);
	policy.trust = library_trust(by->library, t->set.trust, &err);
	if (policy.trust == NULL)
		policy.trust_problem = err.text;
	judge(r, &policy, now);
	if (account)
		r->account = checks_account(r->seen, &policy, now);
	if (until != NULL && !has_secrets(r->seen))
		*until = horizon.until;
	observation_forget_x509(r->seen);
	r->duration_ms = probe_now_ms() - begin;
	return r;
}

struct result *
judge_nothing(const struct target *origin, time_t now)
{
	struct result *r = mem_alloc(sizeof(*r));
	const struct policy policy = { .target = origin };

	r->target = origin;
	r->observed_at = now;
	r->seen = observation_new();
	observation_add_fault(r->seen, FAULT_FILE_NO_CERTIFICATE, 0,
		"want certificates, have none in any file of it");
	judge(r, &policy, now);
	return r;
}
