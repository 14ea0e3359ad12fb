/* test_proxy.c - which proxies are taken, and whom credentials are shown to */
#include "model/proxy.h"
#include "tests/unit/config_world.h"

static void
proxies_are_read(void **state)
{
	static const struct {
		const char *text, *url; /* NULL: refused */
		enum proxy_kind kind;
		bool resolves;
	} rows[] = {
		{ "http://proxy.test:3128", "http://proxy.test:3128",
			PROXY_HTTP, true },
		{ "HTTP://Proxy.Test.:3128/", "http://proxy.test:3128",
			PROXY_HTTP, true },
		{ "socks5://proxy.test", "socks5://proxy.test:1080",
			PROXY_SOCKS5, false },
		{ "socks5h://[2001:db8::1]:9050",
			"socks5h://[2001:db8::1]:9050", PROXY_SOCKS5, true },
		{ "http://b\xc3\xbc"
		  "cher.test:1",
			"http://xn--bcher-kva.test:1", PROXY_HTTP, true },
		{ "http://proxy.test", NULL, 0, false }, /* no port */
		{ "proxy.test:3128", NULL, 0, false },
		{ "https://proxy.test:443", NULL, 0, false },
		{ "socks4://proxy.test", NULL, 0, false },
		{ "http://proxy.test:3128/x", NULL, 0, false },
		{ "http://proxy.test:0", NULL, 0, false },
		{ "http://", NULL, 0, false },
		{ "", NULL, 0, false },
	};
	cleanup(arena_free) struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { 0 };
		const struct proxy *p = proxy_parse(a, rows[i].text, &err);

		if (rows[i].url == NULL) {
			assert_null(p);
			assert_memory_equal("want ", err.text, 5);
			continue;
		}
		assert_non_null(p);
		assert_string_equal(rows[i].url, p->url);
		assert_int_equal(rows[i].kind, p->kind);
		assert_int_equal(rows[i].resolves, p->resolves);
	}
}

static void
secrets_in_a_url_are_not_repeated(void **state)
{
	static const char *const rows[] = {
		"http://anna:geheim@proxy.test:3128",
		"http://geheim@proxy.test:3128",
		"https://anna:geheim@proxy.test:3128",
		"geheim@proxy.test",
		"http://proxy.test:3128/?geheim@",
	};
	cleanup(arena_free) struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err;

		assert_null(proxy_parse(a, rows[i], &err));
		assert_null(strstr(err.text, "geheim"));
		assert_non_null(strstr(err.text, "without user and password"));
	}
}

static void
credentials_have_bounds(void **state)
{
	char longest[PROXY_MAX_CREDENTIAL + 1], longer[sizeof(longest) + 1];
	const struct {
		const char *user, *password;
		bool good;
	} rows[] = {
		{ NULL, NULL, true },
		{ "anna", "geheim", true },
		{ longest, longest, true },
		{ "anna", NULL, false },
		{ NULL, "geheim", false },
		{ "an:na", "geheim", false },
		{ "", "geheim", false },
		{ longer, "geheim", false },
		{ "anna", longer, false },
	};

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { 0 };

		assert_int_equal(rows[i].good ? 0 : -1,
			proxy_check_credentials(
				rows[i].user, rows[i].password, &err));
		assert_null(strstr(err.text, "geheim"));
	}
}

static void
targets_inherit_a_proxy(void **state)
{
	cleanup(config_free) struct config *c = NULL;
	const struct settings *set;

	(void)state;
	c = world_load_good(
		"defaults:\n"
		"  addresses: all\n"
		"  proxy: http://proxy.test:3128\n"
		"  proxy_user: anna\n"
		"  proxy_password: geheim\n"
		"targets:\n"
		"  - endpoint: a.test\n"
		"  - {endpoint: b.test, addresses: first,\n"
		"     proxy: none}\n"
		"  - {endpoint: c.test,\n"
		"     proxy: 'socks5://other.test'}\n"
		"  - {endpoint: d.test, proxy: 'socks5://other.test',\n"
		"     proxy_user: otto, proxy_password: anders}\n"
		"  - {endpoint: e.test, proxy_user: otto,\n"
		"     proxy_password: anders}\n"
		"  - file: a.pem\n");
	set = &c->targets.v[0].set;
	assert_int_equal(ADDRESSES_ALL, set->addresses);
	assert_string_equal("http://proxy.test:3128", set->proxy->url);
	assert_string_equal("anna", set->proxy_user);
	assert_string_equal("geheim", set->proxy_password);
	set = &c->targets.v[1].set;
	assert_int_equal(ADDRESSES_FIRST, set->addresses);
	assert_null(set->proxy);
	assert_null(set->proxy_user);
	/* They were meant for the proxy of the defaults. */
	set = &c->targets.v[2].set;
	assert_string_equal("socks5://other.test:1080", set->proxy->url);
	assert_null(set->proxy_user);
	assert_null(set->proxy_password);
	set = &c->targets.v[3].set;
	assert_string_equal("otto", set->proxy_user);
	assert_string_equal("anders", set->proxy_password);
	set = &c->targets.v[4].set;
	assert_string_equal("http://proxy.test:3128", set->proxy->url);
	assert_string_equal("otto", set->proxy_user);
}

static void
mistakes_are_told(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "targets: [{endpoint: a, proxy: 'https://p:1'}]\n",
			"c.yaml:1:32: targets.proxy: want http://HOST:PORT, "
			"socks5://HOST[:PORT] or socks5h://HOST[:PORT]; a "
			"proxy that is itself spoken to over TLS is not "
			"supported\n" },
		{ "targets: [{endpoint: a, proxy: 'http://u:geheim@p:1'}]\n",
			"c.yaml:1:32: targets.proxy: want a proxy without user "
			"and password, which have settings of their own\n" },
		{ "targets: [{endpoint: a, proxy: 'http://p:1', "
		  "proxy_user: anna}]\n",
			"c.yaml:1:58: targets.proxy_user: want a user and a "
			"password for the proxy, have no password\n" },
		{ "targets: [{endpoint: a, proxy_user: anna, "
		  "proxy_password: geheim}]\n",
			"c.yaml:1:37: targets.proxy_user: want a proxy to show "
			"it to, have none\n" },
		{ "defaults: {proxy: 'http://p:1', proxy_user: 'a:b', "
		  "proxy_password: geheim}\n",
			"c.yaml:1:45: defaults.proxy_user: want a user of the "
			"proxy without a colon, have \"a:b\"\n" },
		{ "defaults: {addresses: some}\n",
			"c.yaml:1:23: defaults.addresses: want first or all, "
			"have \"some\"\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(config_free) struct config *c = NULL;
		BUF_CLEANUP struct buf why = { 0 };

		world_write("c.yaml", rows[i].text);
		c = world_load("c.yaml", 0, &why);
		assert_null(c);
		assert_string_equal(rows[i].want, buf_str(&why));
	}
}

/* A password that is not there is told once, or let pass with the others. */
static void
secret_may_be_missing(void **state)
{
	cleanup(config_free) struct config *c = NULL;
	BUF_CLEANUP struct buf why = { 0 };

	(void)state;
	world_write("c.yaml",
		"defaults: {proxy: 'http://p:1', proxy_user: anna, "
		"proxy_password_file: gone}\n");
	assert_null(world_load("c.yaml", 0, &why));
	assert_non_null(strstr(why.s, "defaults.proxy_password_file: "));
	assert_ptr_equal(strchr(why.s, '\n'), why.s + why.len - 1);
	buf_reset(&why);
	c = world_load("c.yaml", 1, &why);
	assert_string_equal("", buf_str(&why));
	assert_non_null(c);
}

static void
shown_and_loaded_again(void **state)
{
	cleanup(config_free) struct config *c = NULL;
	BUF_CLEANUP struct buf shown = { 0 };

	(void)state;
	c = world_load_good("defaults:\n"
			    "  proxy: socks5h://proxy.test\n"
			    "  proxy_user: anna\n"
			    "  proxy_password: geheim\n"
			    "targets: [{endpoint: a.test, proxy: none}]\n");
	config_show(&shown, c, &world_rooms);
	assert_non_null(
		strstr(shown.s, "  proxy: socks5h://proxy.test:1080\n"));
	assert_non_null(strstr(shown.s, "    proxy: none\n"));
	assert_null(strstr(shown.s, "geheim"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(proxies_are_read),
		cmocka_unit_test(secrets_in_a_url_are_not_repeated),
		cmocka_unit_test(credentials_have_bounds),
		cmocka_unit_test_setup_teardown(
			targets_inherit_a_proxy, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(
			mistakes_are_told, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(
			secret_may_be_missing, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(
			shown_and_loaded_again, world_setup, world_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
