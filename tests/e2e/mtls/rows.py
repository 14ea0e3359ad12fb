"""rows.py - the matrix itself"""
from servers.server import TLS12, TLS13

from .matrix import NGINX_ERROR, Row
from .setting import IGNORE_ALL, IGNORE_EXPIRED, Setting

REQUIRE = Setting()

# The server takes our chain, and would not take our certificate alone.
LACKS = "client.server-ca-incomplete"
SHORT = ["client.ok", LACKS]

ROWS = (
    # R67, R80: each row in both versions of TLS, near and far
    Row("a", "a good one", REQUIRE, "good", "200"),
    Row("b", "none", REQUIRE, None, "none"),
    Row("c", "expired", REQUIRE, "expired", "45",
        also=("expiry.expired",), cause="expired"),
    Row("c'", "not valid yet", REQUIRE, "early", "42",
        also=("expiry.not-yet-valid",), cause="not (yet )?valid"),

    Row("d", "another CA", REQUIRE, "other", "48",
        cause="issuer '(CN=)?Other CA'"),
    Row("d", "self-signed", REQUIRE, "self-signed", "48",
        cause="self-signed"),
    Row("d", "same name, other key", REQUIRE, "twin", "48",
        cause="same name|name .* whose key"),
    Row("d'", "same name, no key ids", Setting(cas="v1"), "of-v1-second",
        "51", cause="same name|name .* whose key"),

    Row("e", "no EKU", REQUIRE, "no-eku", "200"),
    Row("e", "may only agree", REQUIRE, "agreeing", "200"),
    Row("e'", "EKU of a server", REQUIRE, "server-eku", "43",
        also=("key.purpose",), cause="clientAuth"),
    Row("e'", "may not sign", REQUIRE, "no-signing", "43",
        also=("key.purpose",), cause="digitalSignature"),

    # R69, R71, R13
    Row("f", "root, leaf alone", Setting(cas="top"), "middle", "48",
        cause="append .* to the client certificate's file"),
    Row("f", "root, leaf alone, more known", Setting(cas="top"), "middle",
        "48", finds={"apache": ["client.rejected"],
                     "node": ["client.empty-reply", LACKS],
                     "all": ["client.rejected", LACKS]},
        trust="issuing", cause="'(CN=)?Issuing CA' is sent along|"
        "set SSLVerifyDepth to 2 or more .*append 'Issuing CA'"),
    Row("f", "root, leaf and intermediate", Setting(cas="top"),
        "middle+chain", "200", {"apache": "80"},
        finds={"apache": ["client.rejected"], "all": SHORT},
        cause="SSLVerifyDepth|lacks|does not know"),
    Row("f", "root, both, depth 2", Setting(cas="top", depth=2),
        "middle+chain", "200", finds={"all": SHORT}),
    Row("f", "intermediate+root, leaf alone", Setting(cas="middle+top"),
        "middle", "200", {"apache": "80"},
        cause="SSLVerifyDepth|accepted"),
    Row("f", "the same, depth 2", Setting(cas="middle+top", depth=2),
        "middle", "200"),
    Row("f", "two intermediates", Setting(cas="deep"), "deep", "200",
        {"apache": "80", "nginx": NGINX_ERROR},
        cause="SSLVerifyDepth|ssl_verify_depth|accepted"),
    Row("f", "two, depth 3", Setting(cas="deep", depth=3), "deep", "200"),
    Row("f", "intermediate only", Setting(cas="middle"), "middle+chain",
        "48", cause="root"),

    Row("g", "wrong order", Setting(cas="top+middle"), "middle", "200",
        {"apache": "80"}, cause="SSLVerifyDepth|accepted"),
    Row("g'", "two CAs, one name: first", Setting(cas="v1-both"),
        "of-v1-first", "200"),
    Row("g'", "two CAs, one name: second", Setting(cas="v1-both"),
        "of-v1-second", "51", cause="same name|name .* whose key"),
    # R84
    Row("h", "the CA expired", Setting(cas="old"), "of-old-ca", "45",
        cause="(?i)CA.*expired|expired CA"),

    # R9, R20
    Row("i", "optional, none", Setting("optional"), None, "200"),
    Row("i", "optional, good", Setting("optional"), "good", "200"),
    Row("i", "optional, as meant", Setting("optional"), "good", "200",
        finds={"all": ["client.ok"]}, expect="optional"),
    Row("i", "optional, expired", Setting("optional"), "expired", "45",
        also=("expiry.expired",), cause="expired"),
    Row("i", "optional is meant, required", REQUIRE, "good", "200",
        finds={"all": ["client.required"]}, expect="optional"),
    Row("i", "not asked, none", Setting("none"), None, "200"),
    Row("i", "not asked, good", Setting("none"), "good", "200"),
    Row("i", "not asked, as meant", Setting("none"), "good", "200",
        finds={"all": ["client.ok"]}, expect="none"),
    Row("i", "any, none", Setting("any"), None, "200",
        {"openssl": "none"}),
    Row("i", "any, another CA", Setting("any"), "other", "200",
        also=("client.ca-list",)),
    Row("i", "any, expired", Setting("any"), "expired", "200",
        {"apache": "45", "nginx": NGINX_ERROR}, also=("expiry.expired",)),

    Row("j", "CRL, good", Setting(crl="fresh"), "good", "200"),
    Row("j", "revoked", Setting(crl="fresh"), "revoked", "44",
        cause="revoked"),
    # R83
    Row("j", "CRL expired", Setting(crl="old"), "good", "45",
        {"apache": "46"}, cause="CRL"),

    Row("k", "SHA-1", REQUIRE, "sha1", "42", also=("key.signature",),
        cause="SHA-?1"),
    Row("k", "RSA 1024", REQUIRE, "rsa1024", "42", {"node": "200"},
        also=("key.weak",), cause="too short|1024"),

    # R88
    Row("l", "expired is ignored", Setting(ignore=IGNORE_EXPIRED), "expired",
        "200", also=("expiry.expired",)),
    Row("l", "only that", Setting(ignore=IGNORE_EXPIRED), "other", "48"),
    Row("l", "all is ignored", Setting(ignore=IGNORE_ALL), "good", "200"),
    Row("l", "all is ignored, none", Setting(ignore=IGNORE_ALL), None,
        "none"),
    Row("l", "all is ignored, another CA", Setting(ignore=IGNORE_ALL),
        "other", "200", also=("client.ca-list",)),

    # R82
    Row("m", "late, good", Setting(late=True), "good", "200"),
    Row("m", "late, none", Setting(late=True), None, "none"),
    Row("m", "late, expired", Setting(late=True), "expired", "45",
        also=("expiry.expired",), cause="expired"),
    Row("m", "late, another path", Setting(late=True), "good", "200",
        finds={"all": ["client.not-requested"]}, path="/hello.txt"),
    Row("m", "late, depth", Setting(late=True, cas="middle+top"), "middle",
        "80", cause="SSLVerifyDepth"),

    # R81: what is said in place of an alert.
    Row("n", "403, good", Setting("optional", answer="403"), "good", "200"),
    # It could be for any reason, with nothing to compare it with.
    Row("n", "403, none", Setting("optional", answer="403"), None, "403",
        finds={"all": []}),
    Row("n", "403, another CA", Setting("any", answer="403"), "other",
        "403"),
    Row("n", "closed, good", Setting("optional", answer="444"), "good",
        "200"),
    Row("n", "closed, none", Setting("optional", answer="444"), None,
        "empty"),
    Row("n", "closed, another CA", Setting("any", answer="444"), "other",
        "empty"),
    Row("n", "error_page closed, good", Setting(answer="error-page 444"),
        "good", "200"),
    Row("n", "error_page closed, expired", Setting(answer="error-page 444"),
        "expired", "empty", also=("expiry.expired",), cause="expired"),
    Row("n", "error_page 302, good", Setting(answer="error-page 302"),
        "good", "200"),
    Row("n", "error_page 302, expired", Setting(answer="error-page 302"),
        "expired", "302", also=("expiry.expired",), cause="expired"),
    Row("n", "error_page 200, good", Setting(answer="error-page 200"),
        "good", "200"),
    Row("n", "error_page 200, expired", Setting(answer="error-page 200"),
        "expired", "200", finds={"all": ["client.not-enforced"]},
        also=("expiry.expired",), cause="is a refusal itself"),
    Row("n", "silence, good", Setting("optional", answer="silence"), "good",
        "200"),
    Row("n", "silence, another CA", Setting("any", answer="silence"),
        "other", "timeout"),

    Row("n", "reset, good", Setting("optional", answer="reset"), "good",
        "200"),
    Row("n", "reset, none", Setting("optional", answer="reset"), None,
        "empty"),

    # What the server names and what it trusts are two things.
    Row("o", "it names others", Setting(names="other"), "good", "200",
        also=("client.ca-list",), cause="names none of its issuers"),
    # R87: an alert before it asks has nothing to do with client certificates.
    Row("o", "no handshake at all", Setting(answer="no handshake"), "good",
        "112", finds={"all": []}, also=("endpoint.handshake",)),

    # R85: one host of several asks.
    Row("o", "named host", Setting(sni="mtls.example.net"), "good", "200"),
    Row("o", "host not named", Setting(sni="mtls.example.net"), "good",
        "200", finds={"all": ["client.not-requested"]}, unnamed=True),

    # R68: both halves.
    Row("p", "server expired, good", Setting(served="expired"), "good",
        "200", also=("expiry.expired",)),
    Row("p", "server expired, refused", Setting(served="expired"), "other",
        "48", also=("expiry.expired",)),
    Row("p", "server's chain, refused", Setting(served="leaf-alone"),
        "other", "48", also=("chain.incomplete",)),

    # No HTTP.
    Row("q", "tickets, good", Setting(talk="tickets"), "good", "timeout",
        finds={"all": ["client.ok"]}),
    Row("q", "tickets, none", Setting(talk="tickets"), None, "none"),
    Row("q", "tickets, another CA", Setting(talk="tickets"), "other", "48"),
    Row("q", "no tickets, good", Setting(talk="silent"), "good", "timeout",
        finds={TLS12: ["client.ok"], TLS13: ["client.unproven"]}),
    Row("q", "no tickets, another CA", Setting(talk="silent"), "other",
        "48"),

    # The server's file of client CAs is at hand.
    Row("r", "file at hand", REQUIRE, "good", "200", client_ca="ca",
        also=("client.ca-list",), cause="covers the client certificate"),
    Row("r", "it lacks ours", Setting(cas="other"), "good", "48",
        client_ca="other", also=("client.ca-list",),
        cause="no way leads from the client certificate"),
    Row("r", "it expired", Setting(cas="old"), "of-old-ca", "45",
        client_ca="old", also=("expiry.expired",),
        cause="'Expired CA' in the server's file of client CAs expired"),
    Row("r", "it has more than is loaded", Setting(cas="ca"), "good", "200",
        client_ca="all", also=("client.ca-list",),
        cause="(?i)reload|2 CAs"),
    Row("r", "in wrong order", Setting(cas="top+middle"), "middle", "200",
        {"apache": "80"}, client_ca="top+middle",
        also=("chain.order", "client.ca-list"),
        cause="(?s)each CA, and after it the one .*"
        "covers the client certificate"),
)
