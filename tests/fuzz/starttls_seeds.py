"""starttls_seeds.py - what servers say before TLS, by scheme: fuzz_starttls"""

SAID = {
    "smtp": [
        b"220-mx\r\n220 mx\r\n250-mx\r\n250 STARTTLS\r\n220 go\r\n",
        b"220 mx\r\n550 no\r\n250-mx\r\n250-STARTTLS\r\n250 DSN\r\n454 x\r\n",
        b"220-one\r\n421 two\r\n",
        b"220 mx\r\n250 SIZE 1000\r\n",
    ],
    "lmtp": [
        b"220 mx\r\n250-mx\r\n250 STARTTLS\r\n220 go\r\n",
    ],
    "imap": [
        b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\nb OK go\r\n",
        b"* OK\r\n* CAPABILITY STARTTLS\r\na OK\r\nb NO\r\n",
        b"* PREAUTH hello\r\n",
        b"* BYE\r\n",
    ],
    "pop3": [
        b"+OK\r\n+OK\r\nTOP\r\nSTLS\r\n.\r\n+OK\r\n",
        b"+OK\r\n-ERR\r\n-ERR no\r\n",
    ],
    "sieve": [
        b'"SASL" {5+}\r\nPLAIN\r\n"STARTTLS"\r\nOK\r\nOK "x"\r\n',
        b"BYE (TRYLATER) {4}\r\nbusy\r\n",
    ],
    "ftp": [
        b"120 soon\r\n220-a\r\n b\r\n220 c\r\n234 go\r\n",
        b"220 x\r\n530 Please login\r\n",
    ],
    "nntp": [
        b"200 x\r\n101 x\r\nMODE-READER\r\n.\r\n200 x\r\n"
        b"101 x\r\nSTARTTLS\r\n.\r\n382 go\r\n",
        b"201 x\r\n500 what\r\n580 no\r\n",
    ],
    "irc": [
        b"NOTICE * :x\r\nPING :1\r\n:x CAP * LS :tls\r\n:x 670 * :go\r\n",
        b":x 451 * :no\r\n:x 451 * :no\r\n",
        b":x 691 * :no\r\n",
    ],
    "ldap": [
        bytes.fromhex("300c 020101 7807 0a0100 0400 0400"),
        # lengths in four bytes; unavailable, a text, a name
        bytes.fromhex("308400000015 020101 78840000000c 0a0134 0400 0403"
                      "6e6f21 8a00"),
        # a notification
        bytes.fromhex("300f 020100 780a 0a0108 0400 0400 8a0131"),
    ],
    "xmpp": [
        b"<?xml version='1.0'?><stream:stream version='1.0'><stream:features>"
        b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>"
        b"</starttls></stream:features><proceed/>",
        b"<stream version='1.0'><error><host-unknown/><text>x</text></error>"
        b"</stream>",
    ],
    "xmpp-server": [
        b'<a:stream version="1.0"><features><!-- > --><t:starttls/>'
        b"<x><![CDATA[>]]></x></features><failure></failure>",
    ],
    "postgres": [
        b"S",
        b"N",
        b"E\0\0\0\x13SFATAL\0C53300\0\0",
        b"EFATAL: x\n\0",
    ],
    "mysql": [
        b"\x31\0\0\0\x0a8.0\0\x01\0\0\0saltsalt\0\xff\xff\x21\x02\0\xff\xc1"
        b"\x15\0\0\0\0\0\0\0\0\0\0saltsaltsalt\0",
        b"\x09\0\0\0\xff\x10\x04#08004",
        b"\x05\0\0\0\xff\x6a\x04no",
    ],
}
