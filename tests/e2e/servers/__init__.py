"""servers - the real servers that certvigil is tried against, a class each"""
from .chat import Inspircd, Prosody
from .databases import Mariadb, Postgres
from .directory import Slapd
from .ftp import Proftpd
from .mail import Dovecot, Postfix
from .news import Nnrpd
from .server import TLS12, TLS13
from .web import Apache, Haproxy, Nginx

ALL = (Nginx, Apache, Haproxy, Postfix, Dovecot, Proftpd, Slapd, Prosody,
       Nnrpd, Postgres, Mariadb, Inspircd)
