#!/usr/bin/env python3
"""receivers.py - a webhook receiver and a mail server on loopback

As a module: WebhookReceiver and SmtpReceiver keep what they get in .received
and misbehave as they are told. As a program it runs one of each until SIGTERM:

    receivers.py [--folder DIR] [--tls CERT KEY] [--user NAME --password TEXT]
                 [--webhook-behaviour JSON] [--smtp-behaviour JSON]

prints one line of JSON once both listen,
{"ready": true, "webhook": PORT, "smtp": PORT, "smtps": PORT}, and writes what
arrives to DIR as webhook-1.json, mail-1.eml and so on. Without --tls all is
in the clear, smtps is null, and STARTTLS is not offered.
"""
import argparse
import base64
import collections
import contextlib
import hmac
import json
import os
import signal
import socket
import ssl
import sys
import threading

LINE_MAX = 8192
BODY_MAX = 16 * 1024 * 1024
IDLE_S = 30  # a peer that says nothing for so long is left alone

Webhook = collections.namedtuple(
    "Webhook", "method path headers body status")
Mail = collections.namedtuple(
    "Mail", "sender recipients data tls user hello")


def tls_context(cert, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def close(peer):
    """Now, though files made of the socket may still be open."""
    with contextlib.suppress(OSError):
        peer.shutdown(socket.SHUT_RDWR)
    peer.close()


class Receiver:
    """A listener on 127.0.0.1 with a thread for each connection."""

    def __init__(self, tls=None, folder=None):
        """tls: (certificate file, key file), or None; folder: write to it."""
        self.tls = tls_context(*tls) if tls else None
        self.folder = folder
        self.received = []  # whole messages, in the order of their arrival
        self.connections = 0
        self.changed = threading.Condition()
        self.stopping = threading.Event()
        self.peers = {}  # by the thread that talks to it
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        thread = threading.Thread(target=self.accept, daemon=True)
        self.acceptor = thread
        thread.start()

    def accept(self):
        while not self.stopping.is_set():
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            peer.settimeout(IDLE_S)
            thread = threading.Thread(
                target=self.serve, args=(peer,), daemon=True)
            with self.changed:
                self.connections += 1
                self.peers[thread] = peer
            thread.start()

    def serve(self, peer):
        # Peers come and go as they like; that is no fault of ours.
        with contextlib.suppress(OSError, EOFError, ValueError):
            self.talk(peer)
        with self.changed:
            peer = self.peers.pop(threading.current_thread())
        close(peer)

    def talk(self, peer):
        raise NotImplementedError

    def secure(self, peer):
        """The server's side of the handshake; returns the new socket."""
        peer = self.tls.wrap_socket(peer, server_side=True)
        with self.changed:
            self.peers[threading.current_thread()] = peer
        return peer

    def keep(self, message, name, data):
        """Keep one message, as `name`-N in the folder if there is one."""
        with self.changed:
            self.received.append(message)
            if self.folder is not None:
                stem, ext = os.path.splitext(name)
                path = os.path.join(
                    self.folder, f"{stem}-{len(self.received)}{ext}")
                with open(path + ".new", "wb") as f:
                    f.write(data)
                os.rename(path + ".new", path)
            self.changed.notify_all()

    def wait(self, n=1, timeout=10):
        """Wait for n messages; returns all there are."""
        with self.changed:
            if not self.changed.wait_for(
                    lambda: len(self.received) >= n, timeout):
                raise AssertionError(f"want {n} messages within {timeout} s, "
                                     f"have {len(self.received)}")
            return list(self.received)

    def pause(self, seconds):
        """Sleep, unless stop() comes first."""
        if self.stopping.wait(seconds):
            raise EOFError

    def stop(self):
        self.stopping.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.acceptor.join(5)
        with self.changed:
            peers = dict(self.peers)
        for thread, peer in peers.items():
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
            thread.join(5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def read_line(stream):
    line = stream.readline(LINE_MAX)
    if not line.endswith(b"\n"):
        raise EOFError
    return line


class WebhookReceiver(Receiver):
    """HTTP/1.1, one request a connection.

    behaviour: a list, one dict a request, the last one for all that follow:
      status, reason, headers, body   the answer; 204 without a body if unset
      delay     seconds before the answer
      close     close without an answer
      never     read the request and never answer
      dribble   send the answer one byte every so many seconds
      raw       send exactly this text
      endless   go on with the body until the peer has enough; a text goes
                on in place of it
    """

    def __init__(self, tls=None, behaviour=None, folder=None):
        if isinstance(behaviour, dict):
            behaviour = [behaviour]
        self.behaviour = behaviour or [{}]
        self.requests = 0
        super().__init__(tls, folder)

    @property
    def url(self):
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    def next_behaviour(self):
        with self.changed:
            n = min(self.requests, len(self.behaviour) - 1)
            self.requests += 1
            return self.behaviour[n]

    def talk(self, peer):
        if self.tls:
            peer = self.secure(peer)
        stream = peer.makefile("rb")
        method, path, _ = read_line(stream).decode("latin-1").split(" ", 2)
        headers = {}
        while True:
            line = read_line(stream).decode("latin-1").rstrip("\r\n")
            if not line:
                break
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        size = int(headers.get("content-length", 0))
        if size > BODY_MAX:
            raise EOFError
        body = stream.read(size)
        if len(body) < size:
            raise EOFError

        does = self.next_behaviour()
        status = None if does.get("close") or does.get("never") \
            else does.get("status", 200 if "body" in does else 204)
        request = Webhook(method, path, headers, body, status)
        self.keep(request, "webhook.json", self.as_json(request))
        self.answer(peer, does, status)

    @staticmethod
    def as_json(request):
        record = request._asdict()
        record["body"] = request.body.decode(errors="replace")
        with contextlib.suppress(ValueError):
            record["json"] = json.loads(request.body)
        return json.dumps(record, indent=2, ensure_ascii=False).encode() \
            + b"\n"

    def answer(self, peer, does, status):
        if does.get("close"):
            return
        if does.get("never"):
            self.pause(3600)
        if does.get("delay"):
            self.pause(does["delay"])
        if "raw" in does:
            answer = does["raw"].encode("latin-1")
        else:
            body = does.get("body", "").encode()
            headers = {"Content-Length": len(body), "Connection": "close",
                       **does.get("headers", {})}
            answer = f"HTTP/1.1 {status} {does.get('reason', '')}\r\n" \
                .encode()
            answer += b"".join(f"{k}: {v}\r\n".encode("latin-1")
                               for k, v in headers.items())
            answer += b"\r\n" + body
        if does.get("dribble"):
            for i in range(len(answer)):
                peer.sendall(answer[i:i + 1])
                self.pause(does["dribble"])
        else:
            peer.sendall(answer)
        more = does.get("endless")
        more = more.encode() if isinstance(more, str) else b"x" * 4096
        while does.get("endless") and not self.stopping.is_set():
            peer.sendall(more)


class SmtpReceiver(Receiver):
    """SMTP with STARTTLS and AUTH PLAIN and LOGIN.

    tls and implicit=False offers STARTTLS; implicit=True is TLS from the
    first byte. user and password: mail is taken only after AUTH.
    behaviour, all optional:
      starttls   false: not offered, though there is a certificate
      replies    {"GREETING": "554 no", "EHLO": ..., "AUTH": ..., "MAIL": ...,
                 "RCPT": ..., "DATA": ..., "BODY": "451 4.3.0 later"}: said in
                 place of doing it
      refuse     recipients that are refused, and how:
                 {"b@example.com": "550 5.1.1 no such user"}
      silent     a verb, GREETING or BODY after which nothing is said
      close      likewise, the connection is closed
    """

    def __init__(self, tls=None, implicit=False, user=None, password=None,
                 behaviour=None, folder=None):
        self.implicit = implicit
        self.user, self.password = user, password
        self.behaviour = behaviour or {}
        self.verbs = []  # all that was asked, credentials left out
        super().__init__(tls, folder)

    @property
    def url(self):
        scheme = "smtps" if self.implicit else "smtp"
        return f"{scheme}://127.0.0.1:{self.port}"

    def talk(self, peer):
        if self.implicit:
            peer = self.secure(peer)
        SmtpSession(self, peer, encrypted=self.implicit).run()


class SmtpSession:
    """One connection to a SmtpReceiver."""

    def __init__(self, server, peer, encrypted):
        self.server, self.peer, self.encrypted = server, peer, encrypted
        self.stream = peer.makefile("rb")
        self.user = self.hello = None
        self.reset()

    def reset(self):
        self.sender, self.recipients = None, []

    def say(self, text):
        self.peer.sendall(text.encode() + b"\r\n")

    def diverted(self, stage):
        """Misbehave at this stage if that is wanted; says whether it did."""
        does = self.server.behaviour
        if does.get("silent") == stage:
            self.server.pause(3600)
        if does.get("close") == stage:
            raise EOFError
        reply = does.get("replies", {}).get(stage)
        if reply is not None:
            self.say(reply)
        return reply is not None

    def run(self):
        if not self.diverted("GREETING"):
            self.say("220 receiver.test ESMTP")
        verb = None
        while verb != "QUIT":
            line = read_line(self.stream).decode("utf-8").rstrip("\r\n")
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            with self.server.changed:
                self.server.verbs.append(verb)
            if self.diverted(verb):
                continue
            method = getattr(self, "do_" + verb.lower(), None)
            if method is None:
                self.say("502 5.5.1 not implemented")
            else:
                method(rest)

    def do_helo(self, rest):
        self.hello = rest
        self.say("250 receiver.test")

    def do_ehlo(self, rest):
        self.hello = rest
        lines = ["receiver.test", "8BITMIME", "ENHANCEDSTATUSCODES"]
        if self.server.tls and not self.encrypted \
                and self.server.behaviour.get("starttls", True):
            lines.append("STARTTLS")
        if self.server.user is not None:
            lines.append("AUTH PLAIN LOGIN")
        for line in lines[:-1]:
            self.say("250-" + line)
        self.say("250 " + lines[-1])

    def do_starttls(self, _rest):
        self.say("220 2.0.0 go ahead")
        self.peer = self.server.secure(self.peer)
        self.stream = self.peer.makefile("rb")
        self.encrypted = True
        self.reset()

    def ask(self, prompt):
        self.say("334 " + base64.b64encode(prompt).decode())
        return base64.b64decode(read_line(self.stream))

    def do_auth(self, rest):
        how, _, first = rest.partition(" ")
        if how.upper() == "PLAIN":
            raw = base64.b64decode(first) if first else self.ask(b"")
            _, user, password = raw.split(b"\0")
        elif how.upper() == "LOGIN":
            user = base64.b64decode(first) if first else self.ask(b"Username:")
            password = self.ask(b"Password:")
        else:
            self.say("504 5.5.4 unknown mechanism")
            return
        if hmac.compare_digest(user, (self.server.user or "").encode()) and \
                hmac.compare_digest(password,
                                    (self.server.password or "").encode()):
            self.user = user.decode()
            self.say("235 2.7.0 accepted")
        else:
            self.say("535 5.7.8 credentials are wrong")

    def do_mail(self, rest):
        if self.server.user is not None and self.user is None:
            self.say("530 5.7.0 authentication is required")
            return
        self.reset()
        self.sender = rest[rest.index("<") + 1:rest.index(">")]
        self.say("250 2.1.0 Ok")

    def do_rcpt(self, rest):
        address = rest[rest.index("<") + 1:rest.index(">")]
        refusal = self.server.behaviour.get("refuse", {}).get(address)
        if self.sender is None:
            self.say("503 5.5.1 MAIL first")
        elif refusal is not None:
            self.say(refusal)
        else:
            self.recipients.append(address)
            self.say("250 2.1.5 Ok")

    def do_data(self, _rest):
        if not self.recipients:
            self.say("503 5.5.1 RCPT first")
            return
        self.say("354 end with .")
        lines, size = [], 0
        while True:
            line = read_line(self.stream)
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
            size += len(line)
            if size > BODY_MAX:
                raise EOFError
        if not self.diverted("BODY"):
            mail = Mail(self.sender, self.recipients, b"".join(lines),
                        self.encrypted, self.user, self.hello)
            self.server.keep(mail, "mail.eml", mail.data)
            self.say("250 2.0.0 Ok: queued as "
                     f"{len(self.server.received):04d}")
        self.reset()

    def do_rset(self, _rest):
        self.reset()
        self.say("250 2.0.0 Ok")

    def do_noop(self, _rest):
        self.say("250 2.0.0 Ok")

    def do_quit(self, _rest):
        self.say("221 2.0.0 bye")


def main():
    parser = argparse.ArgumentParser(
        description="a webhook receiver and a mail server on loopback")
    parser.add_argument("--folder", help="write what arrives to files there")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--webhook-behaviour", type=json.loads)
    parser.add_argument("--smtp-behaviour", type=json.loads)
    args = parser.parse_args()

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    smtp = dict(tls=args.tls, user=args.user, password=args.password,
                behaviour=args.smtp_behaviour, folder=args.folder)
    with contextlib.ExitStack() as stack:
        webhook = stack.enter_context(WebhookReceiver(
            args.tls, args.webhook_behaviour, args.folder))
        submission = stack.enter_context(SmtpReceiver(**smtp))
        implicit = None
        if args.tls:
            implicit = stack.enter_context(SmtpReceiver(implicit=True, **smtp))
            # Both write mails to one folder: one list numbers them.
            implicit.received = submission.received
            implicit.changed = submission.changed
        print(json.dumps({
            "ready": True, "webhook": webhook.port, "smtp": submission.port,
            "smtps": implicit.port if implicit else None}), flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
