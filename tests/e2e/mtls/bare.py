"""bare.py - a bare client: what a server does with a certificate, without any
judgement, in the notation c48 (an alert ends the handshake), r48 (it comes
after it), or the answer's status"""
import re
import socket
import ssl

# Alerts by the words of OpenSSL's errors (RFC 8446, 6).
ALERTS = {
    "HANDSHAKE_FAILURE": 40, "BAD_CERTIFICATE": 42,
    "UNSUPPORTED_CERTIFICATE": 43, "CERTIFICATE_REVOKED": 44,
    "CERTIFICATE_EXPIRED": 45, "CERTIFICATE_UNKNOWN": 46,
    "UNKNOWN_CA": 48, "ACCESS_DENIED": 49, "DECRYPT_ERROR": 51,
    "PROTOCOL_VERSION": 70, "INTERNAL_ERROR": 80, "UNRECOGNIZED_NAME": 112,
    "CERTIFICATE_REQUIRED": 116,
}
ALERT = re.compile(r"^(?:SSLV3|TLSV13?)_(?:ALERT_)?(\w+)$")
CERTIFICATE_REQUEST = 13
LIMIT_S = 4


def context(client, key, asked):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.set_ciphers("DEFAULT:@SECLEVEL=0")
    made.post_handshake_auth = True
    if client is not None:
        made.load_cert_chain(client, key)

    def message(_, direction, _version, _kind, number, _data):
        if direction == "read" and number == CERTIFICATE_REQUEST:
            asked.append(number)

    made._msg_callback = message  # pylint: disable=protected-access
    return made


def failure(e, phase):
    if isinstance(e, ConnectionResetError):
        return "reset"
    if isinstance(e, TimeoutError):
        return "timeout"
    told = ALERT.match(getattr(e, "reason", None) or "")
    if told is not None and told.group(1) in ALERTS:
        return phase + str(ALERTS[told.group(1)])
    if isinstance(e, ssl.SSLEOFError) or "EOF" in str(e):
        return "eof"
    return f"{phase} {e}"


def receive(s):
    data = b""
    while b"\n" not in data or b"\r\n\r\n" not in data:
        more = s.recv(16384)
        if not more:
            break
        data += more
    with_body = re.match(rb"HTTP/1.[01] (\d+)", data)
    if with_body is None:
        return "close"
    status = with_body.group(1).decode()
    if status == "400":
        while more := s.recv(16384):
            data += more
        text = re.search(rb"<center>([^<]+)</center>", data)
        status += " " + text.group(1).decode() if text else ""
    return status


def bare(port, path, client=None, key=None, sni=None):
    """What the server made of it, and whether it asked for a certificate."""
    asked = []
    made = context(client, key, asked)
    raw = socket.create_connection(("127.0.0.1", port), LIMIT_S)
    raw.settimeout(LIMIT_S)
    with made.wrap_socket(raw, server_hostname=sni,
                          do_handshake_on_connect=False,
                          suppress_ragged_eofs=False) as s:
        try:
            s.do_handshake()
        except OSError as e:
            return failure(e, "c"), bool(asked)
        try:
            s.sendall(f"GET {path} HTTP/1.1\r\nHost: {sni or '127.0.0.1'}\r\n"
                      "Connection: close\r\n\r\n".encode())
        except OSError:
            pass  # what the server said before is still to be read
        s.settimeout(LIMIT_S)
        try:
            return receive(s), bool(asked)
        except OSError as e:
            return failure(e, "r"), bool(asked)
