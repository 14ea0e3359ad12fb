/* test_report_compat.c - series by the names of other tools, to the letter */
#include "tests/unit/prometheus_world.h"

/* Labels and numbers as each of them has it. */
static void
names_of_others(void **state)
{
	struct target t = endpoint("www.example.com");
	struct result *r = result_of(&t);
	struct cert *c;
	cleanup(str_free) char *text = NULL;

	(void)state;
	add_cert(r, "CN=www.example.com,OU=two\\, 2,OU=one,O=Ex\\2bample,C=DE",
		"CN=CA 1,O=Trust", "0ab1c2", 60 * DAY_S);
	add_cert(r, "CN=CA 1,O=Trust", "CN=Root,O=Trust", "02", 40 * DAY_S);
	/* of another path */
	add_cert(r, "CN=Other", "CN=Root,O=Trust", "03", 10 * DAY_S);
	c = &r->seen->certs[0];
	strlist_add(&c->names, "www.example.com");
	strlist_add(&c->names, "192.0.2.1");
	strlist_add(&c->names, "example.com");
	strlist_add(&c->names, "::1");
	r->seen->handshake->version = TLS1_3_VERSION;
	r->seen->handshake->peer = str_dup("[::1]:443");
	text = render_one(r, ALL);
	assert_sound(text);
	assert_family(text, "ssl_cert_not_before",
		"ssl_cert_not_before{instance=\"www.example.com\",serial_no="
		"\"2\",issuer_cn=\"Root\",cn=\"CA 1\"} 1790812800\n"
		"ssl_cert_not_before{instance=\"www.example.com\",serial_no="
		"\"3\",issuer_cn=\"Root\",cn=\"Other\"} 1788220800\n"
		"ssl_cert_not_before{instance=\"www.example.com\",serial_no="
		"\"700866\",issuer_cn=\"CA 1\",cn=\"www.example.com\","
		"dnsnames=\",www.example.com,example.com,\",ips=\",192.0.2.1,"
		"::1,\",ou=\",one,two, 2,\"} 1792540800\n");
	assert_family(text, "ssl_verified_cert_not_after",
		"ssl_verified_cert_not_after{instance=\"www.example.com\","
		"chain_no=\"0\",serial_no=\"700866\",issuer_cn=\"CA 1\",cn="
		"\"www.example.com\",dnsnames=\",www.example.com,example.com,"
		"\",ips=\",192.0.2.1,::1,\",ou=\",one,two, 2,\"} 1800316800\n"
		"ssl_verified_cert_not_after{instance=\"www.example.com\","
		"chain_no=\"0\",serial_no=\"2\",issuer_cn=\"Root\",cn=\"CA "
		"1\"} 1798588800\n");
	assert_family(text, "ssl_prober",
		"ssl_prober{instance=\"www.example.com\",prober=\"https\"} "
		"1\n");
	assert_family(text, "ssl_tls_version_info",
		"ssl_tls_version_info{instance=\"www.example.com\",version="
		"\"TLS 1.3\"} 1\n");
	assert_family(text, "probe_ip_protocol",
		"probe_ip_protocol{instance=\"www.example.com\"} 6\n");
	assert_family(text, "probe_ssl_earliest_cert_expiry",
		"probe_ssl_earliest_cert_expiry{instance=\"www.example.com\"} "
		"1795996800\n");
	assert_family(text, "probe_ssl_last_chain_expiry_timestamp_seconds",
		"probe_ssl_last_chain_expiry_timestamp_seconds{instance="
		"\"www.example.com\"} 1798588800\n");
	assert_family(text, "probe_ssl_last_chain_info",
		"probe_ssl_last_chain_info{instance=\"www.example.com\","
		"fingerprint_sha256=\"010ab1c2\",subject=\"CN=www.example.com,"
		"OU=two\\\\, 2,OU=one,O=Ex\\\\2bample,C=DE\",issuer=\"CN=CA "
		"1,O=Trust\",subjectalternative=\"www.example.com,"
		"example.com\",serialnumber=\"0ab1c2\"} 1\n");
	assert_family(text, "probe_duration_seconds",
		"probe_duration_seconds{instance=\"www.example.com\"} "
		"1.041\n");
	assert_family(text, "x509_cert_not_after", "");
	result_free(r);
}

static void
files_of_others(void **state)
{
	struct target t = file("/etc/ssl/x.pem");
	struct result *r = result_of(&t);
	cleanup(str_free) char *text = NULL;

	(void)state;
	add_cert(r, "CN=x,OU=two,OU=one+O=Org,L=Here,ST=There,C=DE", "CN=CA",
		"-0a", -1);
	text = render_one(r, ALL);
	assert_sound(text);
	assert_family(text, "x509_cert_expired",
		"x509_cert_expired{target=\"/etc/ssl/x.pem\",filename="
		"\"x.pem\",filepath=\"/etc/ssl/x.pem\",serial_number=\"-10\","
		"issuer_CN=\"CA\",subject_C=\"DE\",subject_ST=\"There\","
		"subject_L=\"Here\",subject_O=\"Org\",subject_OU=\"one\","
		"subject_CN=\"x\"} 1\n");
	assert_family(text, "ssl_file_cert_not_after",
		"ssl_file_cert_not_after{instance=\"/etc/ssl/x.pem\",file="
		"\"/etc/ssl/x.pem\",serial_no=\"-10\",issuer_cn=\"CA\",cn="
		"\"x\",ou=\",one,two,\"} 1795132799\n");
	assert_family(text, "ssl_cert_not_after", "");
	assert_null(strstr(text, "\nprobe_"));
	r->seen->certs[0].not_after = NOW; /* itself still valid */
	str_free(text);
	text = render_one(r, COMPAT_X509_EXPORTER);
	assert_non_null(strstr(text, "x509_cert_expired{"));
	assert_null(strstr(text, "subject_CN=\"x\"} 1\n"));
	assert_null(strstr(text, "ssl_"));
	result_free(r);
}

/* A kubeconfig's users and clusters. */
static void
parts_of_a_file(void **state)
{
	struct target t = file("/root/.kube/config");
	struct result *r = result_of(&t);
	struct part *parts = mem_grow(NULL, 2, sizeof(*parts));
	cleanup(str_free) char *text = NULL;

	(void)state;
	parts[0] = (struct part){ str_dup("cluster 'c 1'"), ROLE_CA, 1, 0 };
	parts[1] = (struct part){ str_dup("user 'admin'"), ROLE_CLIENT, 1, 0 };
	r->seen->parts = parts;
	r->seen->n_parts = 2;
	add_cert(r, "CN=kubernetes", "CN=kubernetes", "1", DAY_S);
	add_cert(r, "CN=admin", "CN=kubernetes", "2", DAY_S);
	text = render_one(r, COMPAT_X509_EXPORTER);
	assert_non_null(strstr(text,
		"filepath=\"/root/.kube/config\",embedded_kind=\"cluster\","
		"embedded_key=\"c 1\",serial_number=\"1\""));
	assert_non_null(strstr(text,
		"embedded_kind=\"user\",embedded_key=\"admin\",serial_number="
		"\"2\""));
	result_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_others),
		cmocka_unit_test(files_of_others),
		cmocka_unit_test(parts_of_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
