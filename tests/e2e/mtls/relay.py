"""relay.py - a line that takes its time: what comes in at one end goes out at
the other so much later, an orderly end and a reset too"""
import contextlib
import heapq
import itertools
import select
import socket
import struct
import threading
import time

END, RESET = object(), object()
LINGER_NOT = struct.pack("ii", 1, 0)


class Side:
    """One end of a connection that passes through."""

    def __init__(self, sock):
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock, self.other = sock, None
        self.waiting = b""  # came through, and the socket takes no more
        self.reading = True
        self.ended = False  # nothing more goes out
        self.broken = False  # a write was answered with a reset

    def wants(self):
        return (select.POLLIN if self.reading else 0) | \
            (select.POLLOUT if self.waiting else 0)


class Relay:
    """to(port) gives the port of loopback behind which that one lies
    `delay_s` away, each way."""

    def __init__(self, delay_s):
        self.delay_s = delay_s
        self.poll, self.handlers = select.poll(), {}
        self.due, self.order = [], itertools.count()
        self.listeners, self.added, self.stopping = {}, [], False
        self.wake, self.woken = socket.socketpair()
        self.watch(self.woken, select.POLLIN, self.listen)
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def to(self, port):
        with self.lock:
            if port not in self.listeners:
                listener = socket.create_server(("127.0.0.1", 0), backlog=128)
                listener.setblocking(False)
                self.listeners[port] = listener
                self.added.append((listener, port))
                self.wake.send(b"!")
            return self.listeners[port].getsockname()[1]

    def stop(self):
        self.stopping = True
        self.wake.send(b"!")
        self.thread.join(10)
        for sock, _ in self.handlers.values():
            sock.close()
        self.wake.close()

    # --- its thread

    def watch(self, sock, events, handler):
        self.handlers[sock.fileno()] = (sock, handler)
        self.poll.register(sock, events)

    def forget(self, sock):
        if self.handlers.pop(sock.fileno(), None) is not None:
            self.poll.unregister(sock)

    def run(self):
        while not self.stopping:
            pause_ms = None
            if self.due:
                left_s = self.due[0][0] - time.monotonic()
                pause_ms = max(0, int(left_s * 1000) + 1)
            for fd, events in self.poll.poll(pause_ms):
                if fd in self.handlers:
                    self.handlers[fd][1](events)
            while self.due and self.due[0][0] <= time.monotonic():
                _, _, side, what = heapq.heappop(self.due)
                self.deliver(side, what)

    def listen(self, _events):
        self.woken.recv(4096)
        with self.lock:
            added, self.added = self.added, []
        for listener, port in added:
            self.watch(listener, select.POLLIN,
                       lambda _, s=listener, p=port: self.accept(s, p))

    def accept(self, listener, port):
        with contextlib.suppress(BlockingIOError):
            near = Side(listener.accept()[0])
            try:
                far = Side(socket.create_connection(("127.0.0.1", port), 5))
            except OSError:
                self.close(near, reset=True)
                return
            near.other, far.other = far, near
            for side in near, far:
                self.watch(side.sock, select.POLLIN,
                           lambda e, s=side: self.ready(s, e))

    def ready(self, side, events):
        if events & select.POLLIN and side.reading:
            self.read(side)
        elif events & select.POLLERR and not side.broken:
            # Also after its end: it was answered with a reset.
            side.reading, side.broken = False, True
            self.send(side, RESET)
        elif events & (select.POLLERR | select.POLLHUP):
            self.close(side)
            return
        if events & select.POLLOUT:
            self.write(side)
        self.change(side)

    def change(self, side):
        if side.sock.fileno() in self.handlers:
            self.poll.modify(side.sock, side.wants())

    def read(self, side):
        try:
            what = side.sock.recv(65536) or END
        except BlockingIOError:
            return
        except OSError:
            what = RESET
        if what is END and side.broken:
            what = RESET  # the failed write has taken the error away
        if what in (END, RESET):
            side.reading = False
            side.broken = side.broken or what is RESET
        self.send(side, what)

    def send(self, side, what):
        heapq.heappush(self.due, (time.monotonic() + self.delay_s,
                                  next(self.order), side.other, what))

    def deliver(self, side, what):
        if side.sock.fileno() == -1:
            return
        if what is RESET:
            self.close(side, reset=True)
            self.close(side.other)
            return
        if what is END:
            side.ended = True
        else:
            side.waiting += what
        self.write(side)
        self.change(side)

    def write(self, side):
        try:
            while side.waiting:
                side.waiting = side.waiting[side.sock.send(side.waiting):]
        except BlockingIOError:
            return
        except OSError:
            # What it sent before that is still to be read, and passed on.
            side.waiting, side.broken = b"", True
            if not side.reading:
                self.send(side, RESET)
        if side.ended:
            with contextlib.suppress(OSError):
                side.sock.shutdown(socket.SHUT_WR)
            if side.other.ended:
                self.close(side)
                self.close(side.other)

    def close(self, side, reset=False):
        self.forget(side.sock)
        with contextlib.suppress(OSError):
            if reset:
                side.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                     LINGER_NOT)
            side.sock.close()
