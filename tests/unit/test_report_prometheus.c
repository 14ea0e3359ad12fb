/* test_report_prometheus.c - series as Prometheus reads them, to the letter */
#include "tests/unit/prometheus_world.h"

static void
an_endpoint(void **state)
{
	struct target t = endpoint("www.example.com");
	const char *tags[] = { "production", "web" };
	struct result *r;
	cleanup(str_free) char *text = NULL;

	(void)state;
	t.owner = "web-team";
	t.tags = (struct words){ tags, 2 };
	r = result_of(&t);
	r->role = ROLE_SERVER;
	r->warning_at = NOW + 10;
	r->critical_at = NOW + 20;
	r->order_by = NOW - 5;
	r->client = "client.ok";
	add_cert(r, "CN=www.example.com", "CN=CA 1", "0a1b", 12 * DAY_S);
	add_finding(r, "expiry.soon", "0a1b");
	add_finding(r, "name.missing", "a.example");
	add_finding(r, "chain.surplus", "x"); /* a note */
	text = render_one(r, 0);
	assert_string_equal(text,
		"# HELP certvigil_build_info The program that wrote this.\n"
		"# TYPE certvigil_build_info gauge\n"
		"certvigil_build_info{version=\"" CERTVIGIL_VERSION "\"} 1\n"
		"# HELP certvigil_last_scan_timestamp_seconds When the targets "
		"were last looked at, as Unix time.\n"
		"# TYPE certvigil_last_scan_timestamp_seconds gauge\n"
		"certvigil_last_scan_timestamp_seconds 1795132800\n"
		"# HELP certvigil_scan_targets Targets by status.\n"
		"# TYPE certvigil_scan_targets gauge\n"
		"certvigil_scan_targets{status=\"ok\"} 0\n"
		"certvigil_scan_targets{status=\"warning\"} 0\n"
		"certvigil_scan_targets{status=\"critical\"} 1\n"
		"certvigil_scan_targets{status=\"unknown\"} 0\n"
		"# HELP certvigil_target_info Where the target is, what it is "
		"for, and its tags.\n"
		"# TYPE certvigil_target_info gauge\n"
		"certvigil_target_info{target=\"www.example.com\",kind="
		"\"endpoint\",owner=\"web-team\",address=\"https://"
		"www.example.com:443\",role=\"server\",tags=\",production,web,"
		"\"} 1\n"
		"# HELP certvigil_target_status The worst finding of the "
		"target: 0 ok, 1 warning, 2 critical, 3 unknown.\n"
		"# TYPE certvigil_target_status gauge\n"
		"certvigil_target_status{target=\"www.example.com\",kind="
		"\"endpoint\",owner=\"web-team\"} 2\n"
		"# HELP certvigil_target_up 1 if certificates were seen, 0 if "
		"it could not be reached or read.\n"
		"# TYPE certvigil_target_up gauge\n"
		"certvigil_target_up{target=\"www.example.com\",kind="
		"\"endpoint\",owner=\"web-team\"} 1\n"
		"# HELP certvigil_target_verified 1 if clients accept what was "
		"seen, 0 and the reason if they do not; nothing where nothing "
		"was seen, or no chain.\n"
		"# TYPE certvigil_target_verified gauge\n"
		"certvigil_target_verified{target=\"www.example.com\",kind="
		"\"endpoint\",owner=\"web-team\"} 1\n"
		"# HELP certvigil_target_observed_timestamp_seconds When it "
		"was looked at, as Unix time.\n"
		"# TYPE certvigil_target_observed_timestamp_seconds gauge\n"
		"certvigil_target_observed_timestamp_seconds{target="
		"\"www.example.com\",kind=\"endpoint\",owner=\"web-team\"} "
		"1795132800\n"
		"# HELP certvigil_probe_duration_seconds How long the look "
		"took.\n"
		"# TYPE certvigil_probe_duration_seconds gauge\n"
		"certvigil_probe_duration_seconds{target=\"www.example.com\","
		"kind=\"endpoint\",owner=\"web-team\"} 1.041\n"
		"# HELP certvigil_target_certificates Certificates that were "
		"seen.\n"
		"# TYPE certvigil_target_certificates gauge\n"
		"certvigil_target_certificates{target=\"www.example.com\","
		"kind=\"endpoint\",owner=\"web-team\"} 1\n"
		"# HELP certvigil_target_not_after_timestamp_seconds The end "
		"of what ends first of that which the target stands for, as "
		"Unix time.\n"
		"# TYPE certvigil_target_not_after_timestamp_seconds gauge\n"
		"certvigil_target_not_after_timestamp_seconds{target="
		"\"www.example.com\",kind=\"endpoint\",owner=\"web-team\"} "
		"1796169600\n"
		"# HELP certvigil_target_warning_timestamp_seconds From when "
		"on that end is a warning, as Unix time.\n"
		"# TYPE certvigil_target_warning_timestamp_seconds gauge\n"
		"certvigil_target_warning_timestamp_seconds{target="
		"\"www.example.com\",kind=\"endpoint\",owner=\"web-team\"} "
		"1795132810\n"
		"# HELP certvigil_target_critical_timestamp_seconds From when "
		"on that end is critical, as Unix time.\n"
		"# TYPE certvigil_target_critical_timestamp_seconds gauge\n"
		"certvigil_target_critical_timestamp_seconds{target="
		"\"www.example.com\",kind=\"endpoint\",owner=\"web-team\"} "
		"1795132820\n"
		"# HELP certvigil_target_order_by_timestamp_seconds By when a "
		"new certificate is to be ordered, as Unix time.\n"
		"# TYPE certvigil_target_order_by_timestamp_seconds gauge\n"
		"certvigil_target_order_by_timestamp_seconds{target="
		"\"www.example.com\",kind=\"endpoint\",owner=\"web-team\"} "
		"1795132795\n"
		"# HELP certvigil_finding A finding of warning or worse.\n"
		"# TYPE certvigil_finding gauge\n"
		"certvigil_finding{target=\"www.example.com\",kind="
		"\"endpoint\",owner=\"web-team\",finding=\"expiry.soon\","
		"severity=\"warning\",subject=\"0a1b\"} 1\n"
		"certvigil_finding{target=\"www.example.com\",kind="
		"\"endpoint\",owner=\"web-team\",finding=\"name.missing\","
		"severity=\"critical\",subject=\"a.example\"} 1\n"
		"# HELP certvigil_client_test What the test of client "
		"certificates has come to.\n"
		"# TYPE certvigil_client_test gauge\n"
		"certvigil_client_test{target=\"www.example.com\",kind="
		"\"endpoint\",owner=\"web-team\",verdict=\"ok\"} 1\n"
		"# HELP certvigil_certificate_not_after_timestamp_seconds The "
		"end of each certificate that was seen, as Unix time.\n"
		"# TYPE certvigil_certificate_not_after_timestamp_seconds "
		"gauge\n"
		"certvigil_certificate_not_after_timestamp_seconds{target="
		"\"www.example.com\",kind=\"endpoint\",owner=\"web-team\","
		"position=\"0\",subject=\"www.example.com\",issuer=\"CA 1\","
		"serial=\"0a1b\",sha256=\"010a1b\"} 1796169600\n"
		"# HELP certvigil_certificate_not_before_timestamp_seconds The "
		"beginning of each certificate that was seen, as Unix time.\n"
		"# TYPE certvigil_certificate_not_before_timestamp_seconds "
		"gauge\n"
		"certvigil_certificate_not_before_timestamp_seconds{target="
		"\"www.example.com\",kind=\"endpoint\",owner=\"web-team\","
		"position=\"0\",subject=\"www.example.com\",issuer=\"CA 1\","
		"serial=\"0a1b\",sha256=\"010a1b\"} 1788393600\n");
	assert_sound(text);
	result_free(r);
}

/* What other tools leave out: the dates, when all else is wrong. */
static void
dates_whatever_fails(void **state)
{
	struct target t = endpoint("a");
	struct result *r = result_of(&t);
	cleanup(str_free) char *text = NULL;

	(void)state;
	add_cert(r, "CN=a", "CN=b", "1", -3 * DAY_S);
	add_finding(r, "chain.untrusted", "");
	add_finding(r, "expiry.expired", "1");
	add_finding(r, "name.mismatch", "a");
	text = render_one(r, ALL);
	assert_family(text, "certvigil_target_verified",
		"certvigil_target_verified{target=\"a\",kind=\"endpoint\","
		"reason=\"chain.untrusted\"} 0\n");
	assert_family(text, "certvigil_target_not_after_timestamp_seconds",
		"certvigil_target_not_after_timestamp_seconds{target=\"a\","
		"kind=\"endpoint\"} 1794873600\n");
	assert_family(text, "ssl_cert_not_after",
		"ssl_cert_not_after{instance=\"a\",serial_no=\"1\",issuer_cn="
		"\"b\",cn=\"a\"} 1794873600\n");
	assert_family(text, "probe_ssl_earliest_cert_expiry",
		"probe_ssl_earliest_cert_expiry{instance=\"a\"} 1794873600\n");
	assert_family(
		text, "probe_success", "probe_success{instance=\"a\"} 0\n");
	assert_family(text, "ssl_verified_cert_not_after", "");
	assert_family(
		text, "probe_ssl_last_chain_expiry_timestamp_seconds", "");
	assert_sound(text);
	result_free(r);
}

static void
what_is_verified(void **state)
{
	static const struct {
		const char *id;
		enum severity severity;
		const char *reason; /* NULL: verified */
	} rows[] = {
		{ "chain.incomplete", SEV_CRITICAL, "chain.incomplete" },
		{ "chain.incomplete", SEV_WARNING, "chain.incomplete" },
		{ "chain.incomplete", SEV_OK, NULL }, /* as configured */
		{ "chain.self-signed", SEV_CRITICAL, "chain.self-signed" },
		{ "chain.invalid", SEV_CRITICAL, "chain.invalid" },
		{ "chain.distrusted", SEV_CRITICAL, "chain.distrusted" },
		{ "chain.distrusted", SEV_WARNING, NULL }, /* one day */
		{ "expiry.expired", SEV_CRITICAL, "expiry.expired" },
		{ "expiry.expired", SEV_OK, NULL }, /* of what is not needed */
		{ "expiry.soon", SEV_CRITICAL, NULL },
		{ "name.mismatch", SEV_CRITICAL, "name.mismatch" },
		{ "name.missing", SEV_CRITICAL, NULL },
		{ "client.rejected", SEV_CRITICAL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct target t = endpoint("a");
		struct result *r = result_of(&t);
		cleanup(str_free) char *text = NULL, *want = NULL;

		add_cert(r, "CN=a", "CN=b", "1", DAY_S);
		add_finding(r, rows[i].id, "s");
		r->findings.v[0].severity = rows[i].severity;
		text = render_one(r, 0);
		want = rows[i].reason == NULL
			? str_dup("certvigil_target_verified{target=\"a\","
				  "kind=\"endpoint\"} 1\n")
			: str_fmt("certvigil_target_verified{target=\"a\","
				  "kind=\"endpoint\",reason=\"%s\"} 0\n",
				  rows[i].reason);
		assert_family(text, "certvigil_target_verified", want);
		result_free(r);
	}
}

static void
nothing_was_seen(void **state)
{
	struct target t = endpoint("a"), f = file("/etc/x.pem");
	struct result *v[] = { result_of(&t), result_of(&f) };
	const struct report_options opt = { .compat = ALL };
	cleanup(str_free) char *text = NULL;

	(void)state;
	v[0]->looked = v[1]->looked = false;
	v[0]->duration_ms = -1; /* not known any more */
	add_finding(v[0], "endpoint.unreachable", "a");
	observation_free(v[1]->seen);
	v[1]->seen = NULL;
	text = render(v, 2, &opt);
	assert_family(text, "certvigil_target_up",
		"certvigil_target_up{target=\"a\",kind=\"endpoint\"} 0\n"
		"certvigil_target_up{target=\"/etc/x.pem\",kind=\"file\"} "
		"0\n");
	assert_family(text, "certvigil_target_verified", "");
	assert_family(text, "certvigil_probe_duration_seconds",
		"certvigil_probe_duration_seconds{target=\"/etc/x.pem\",kind="
		"\"file\"} 1.041\n");
	assert_family(text, "probe_duration_seconds", "");
	assert_family(text, "ssl_probe_success",
		"ssl_probe_success{instance=\"a\"} 0\n"
		"ssl_probe_success{instance=\"/etc/x.pem\"} 0\n");
	assert_family(text, "x509_cert_error",
		"x509_cert_error{target=\"/etc/x.pem\",filename=\"x.pem\","
		"filepath=\"/etc/x.pem\"} 1\n");
	assert_family(text, "x509_read_errors", "x509_read_errors 1\n");
	assert_sound(text);
	result_free(v[0]);
	result_free(v[1]);
}

/* Nobody minds the ends of the distribution's roots. */
static void
a_store(void **state)
{
	struct target t = file("/etc/ssl/certs");
	struct result *r = result_of(&t);
	cleanup(str_free) char *text = NULL;

	(void)state;
	r->store = true;
	add_cert(r, "CN=Root", "CN=Root", "1", -DAY_S);
	text = render_one(r, ALL);
	assert_family(text, "certvigil_target_certificates",
		"certvigil_target_certificates{target=\"/etc/ssl/certs\",kind="
		"\"file\"} 1\n");
	assert_null(strstr(text, "not_after"));
	assert_null(strstr(text, "not_before"));
	result_free(r);
}

static void
no_series_twice(void **state)
{
	static const char long_a[] = "CN=a";
	struct target t = endpoint("a"), again = endpoint("a"),
		      f = file("/x.pem"), raw = file("\xff"),
		      same = file("\\xff");
	struct result *v[] = { result_of(&t), result_of(&again), result_of(&f),
		result_of(&raw), result_of(&same) };
	const struct report_options opt = { .compat = ALL };
	cleanup(str_free) char *text = NULL, *path = NULL;
	char subject[600];

	(void)state;
	memset(subject, 'a', sizeof(subject) - 1);
	subject[sizeof(subject) - 1] = '\0';
	for (size_t i = 0; i < COUNT(v); i++) {
		/* the same twice, and one that differs in its end alone */
		add_cert(v[i], long_a, "CN=b", "1", DAY_S);
		add_cert(v[i], long_a, "CN=b", "1", DAY_S);
		add_cert(v[i], long_a, "CN=b", "1", DAY_S - 1);
		add_finding(v[i], "name.missing", "x");
		add_finding(v[i], "name.missing", "x");
		add_finding(v[i], "name.www", "x");
		/* beyond where labels are cut */
		subject[400] = 'b';
		add_finding(v[i], "name.missing", subject);
		subject[400] = 'c';
		add_finding(v[i], "name.missing", subject);
	}
	text = render(v, COUNT(v), &opt);
	assert_sound(text);
	path = family(text, "x509_cert_not_after");
	assert_string_equal(path,
		"x509_cert_not_after{target=\"/x.pem\",filename=\"x.pem\","
		"filepath=\"/x.pem\",serial_number=\"1\",issuer_CN=\"b\","
		"subject_CN=\"a\"} 1795219199\n"
		"x509_cert_not_after{target=\"\\\\xff\",filename=\"\\\\xff\","
		"filepath=\"\\\\xff\",serial_number=\"1\",issuer_CN=\"b\","
		"subject_CN=\"a\"} 1795219199\n"
		"x509_cert_not_after{target=\"\\\\x5cxff\",filename="
		"\"\\\\x5cxff\",filepath=\"\\\\x5cxff\",serial_number=\"1\","
		"issuer_CN=\"b\",subject_CN=\"a\"} 1795219199\n");
	for (size_t i = 0; i < COUNT(v); i++)
		result_free(v[i]);
}

static void
hostile_labels(void **state)
{
	static const char evil[] = "CN=\"} 1\n# HELP x y\nx{y=\"\\\xff\x1b[m"
				   "\xe2\x80\xae";
	struct target t = endpoint("a\"b\\c\nd");
	const char *tags[] = { "e\"vil\n" };
	struct result *r;
	cleanup(str_free) char *text = NULL;

	(void)state;
	t.owner = evil;
	t.tags = (struct words){ tags, 1 };
	r = result_of(&t);
	add_cert(r, evil, evil, "0a", DAY_S);
	strlist_add(&r->seen->certs[0].names, evil);
	add_finding(r, "name.missing", evil);
	text = render_one(r, ALL);
	assert_sound(text);
	assert_null(strstr(text, "\n# HELP x y"));
	assert_family(text, "probe_success",
		"probe_success{instance=\"a\\\"b\\\\c\\\\x0ad\"} 1\n");
	result_free(r);
}

static void
several_addresses(void **state)
{
	struct target t = endpoint("a");
	struct result *r = result_of(&t), other = { 0 };
	struct observation *same = observation_new();
	cleanup(str_free) char *text = NULL;

	(void)state;
	add_cert(r, "CN=a", "CN=b", "1", DAY_S);
	r->seen->address = str_dup("192.0.2.1:443");
	other.seen = observation_new();
	other.seen->address = str_dup("192.0.2.2:443");
	add_cert(&other, "CN=a", "CN=b", "2", 2 * DAY_S);
	same->address = str_dup("192.0.2.3:443");
	same->same = r->seen;
	r->seen->others = mem_grow(NULL, 2, sizeof(struct observation *));
	r->seen->others[0] = other.seen;
	r->seen->others[1] = same;
	r->seen->n_others = 2;
	text = render_one(r, 0);
	assert_sound(text);
	assert_family(text, "certvigil_certificate_not_after_timestamp_seconds",
		"certvigil_certificate_not_after_timestamp_seconds{target="
		"\"a\",kind=\"endpoint\",peer=\"192.0.2.1:443\",position="
		"\"0\",subject=\"a\",issuer=\"b\",serial=\"1\",sha256="
		"\"011\"} 1795219200\n"
		"certvigil_certificate_not_after_timestamp_seconds{target="
		"\"a\",kind=\"endpoint\",peer=\"192.0.2.2:443\",position="
		"\"0\",subject=\"a\",issuer=\"b\",serial=\"2\",sha256="
		"\"012\"} 1795305600\n"
		"certvigil_certificate_not_after_timestamp_seconds{target="
		"\"a\",kind=\"endpoint\",peer=\"192.0.2.3:443\",position="
		"\"0\",subject=\"a\",issuer=\"b\",serial=\"1\",sha256="
		"\"011\"} 1795219200\n");
	result_free(r);
}

static void
what_is_known_beside(void **state)
{
	struct known_incident v[] = {
		{ .id = LENT("inc_1"),
			.target = LENT("a"),
			.finding = LENT("expiry.expired"),
			.subject = LENT("s\n"),
			.owner = LENT("web"),
			.severity = SEV_CRITICAL,
			.opened_at = 5 },
		{ .id = LENT("inc_2"),
			.target = LENT("a"),
			.finding = LENT("expiry.soon"),
			.subject = LENT(""),
			.severity = SEV_WARNING,
			.opened_at = 6,
			.silenced = true },
	};
	const struct known_incidents incidents = { v, 2, NULL };
	const struct standing standing = { .now = NOW,
		.last_scan = NOW - 60,
		.incidents = &incidents,
		.n_waiting = 3,
		.n_given_up = 1 };
	struct report_options opt = { .standing = &standing };
	cleanup(str_free) char *text = render(NULL, 0, &opt);
	cleanup(str_free) char *without = NULL;

	(void)state;
	assert_sound(text);
	assert_family(text, "certvigil_last_scan_timestamp_seconds",
		"certvigil_last_scan_timestamp_seconds 1795132740\n");
	assert_family(text, "certvigil_incidents",
		"certvigil_incidents{severity=\"warning\",silenced=\"false\"} "
		"0\n"
		"certvigil_incidents{severity=\"warning\",silenced=\"true\"} "
		"1\n"
		"certvigil_incidents{severity=\"critical\",silenced=\"false\"} "
		"1\n"
		"certvigil_incidents{severity=\"critical\",silenced=\"true\"} "
		"0\n");
	assert_family(text, "certvigil_incident_opened_timestamp_seconds",
		"certvigil_incident_opened_timestamp_seconds{target=\"a\","
		"owner=\"web\",finding=\"expiry.expired\",severity="
		"\"critical\",subject=\"s\\\\x0a\",silenced=\"false\","
		"incident=\"inc_1\"} 5\n"
		"certvigil_incident_opened_timestamp_seconds{target=\"a\","
		"finding=\"expiry.soon\",severity=\"warning\",silenced="
		"\"true\",incident=\"inc_2\"} 6\n");
	assert_family(text, "certvigil_notifications_pending",
		"certvigil_notifications_pending 3\n");
	assert_family(text, "certvigil_notifications_given_up",
		"certvigil_notifications_given_up 1\n");
	opt.standing = NULL;
	without = render(NULL, 0, &opt);
	assert_null(strstr(without, "incident"));
	assert_null(strstr(without, "notifications"));
}

/* What is told of many targets is never whole in memory. */
static void
it_streams(void **state)
{
	struct target t[2000];
	struct result *v[2000];
	struct results rs = { .v = v, .n = COUNT(v), .time = NOW };
	struct report_options opt = { 0 };
	struct buf out = { 0 };
	char *written = NULL;
	size_t n = 0;

	(void)state;
	opt.to = open_memstream(&written, &n);
	assert_non_null(opt.to);
	for (size_t i = 0; i < COUNT(v); i++) {
		t[i] = endpoint(str_fmt("host-%zu", i));
		v[i] = result_of(&t[i]);
		add_cert(v[i], "CN=a", "CN=b", "1", DAY_S);
	}
	report_find("prometheus")->render(&out, &rs, &opt);
	assert_true(out.cap < 256 * 1024);
	assert_int_equal(fwrite(out.s, 1, out.len, opt.to), out.len);
	assert_int_equal(fclose(opt.to), 0);
	assert_true(n > 1024 * 1024);
	assert_sound(written);
	for (size_t i = 0; i < COUNT(v); i++) {
		free((char *)t[i].name);
		result_free(v[i]);
	}
	free(written);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_endpoint),
		cmocka_unit_test(dates_whatever_fails),
		cmocka_unit_test(what_is_verified),
		cmocka_unit_test(nothing_was_seen),
		cmocka_unit_test(a_store),
		cmocka_unit_test(no_series_twice),
		cmocka_unit_test(hostile_labels),
		cmocka_unit_test(several_addresses),
		cmocka_unit_test(what_is_known_beside),
		cmocka_unit_test(it_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
