#!/bin/sh
# deps.sh - tell which tools and libraries are missing, and install them
#
#   tests/deps.sh list|check|install [build|demo|test|lint|bench]...
#
# test holds what demo does, and servers of every kind; bench what demo does,
# and the programs that certvigil is measured beside. check and install exit
# with 1 while something is missing. Only Debian and Ubuntu (apt-get) are
# installed on; elsewhere the list is printed. Nothing here asks a question.
set -eu

# group, Debian package, how to see that it is there, and the service that it
# would have the machine run
rows='
build gcc cmd:cc
build libc6-dev header:stdio.h
build make cmd:make
build pkg-config cmd:pkg-config
build libssl-dev library:openssl
build libcurl4-openssl-dev library:libcurl
build libyaml-dev library:yaml-0.1
build libsystemd-dev library:libsystemd
build libsqlite3-dev library:sqlite3
build libjansson-dev library:jansson
build libpsl-dev library:libpsl
build libidn2-dev library:libidn2
demo python3 cmd:python3
demo nginx-light cmd:nginx nginx
demo openssl cmd:openssl
demo ca-certificates file:/etc/ssl/certs/ca-certificates.crt
test libcmocka-dev library:cmocka
test apache2-bin cmd:apache2
test haproxy cmd:haproxy haproxy
test nodejs cmd:node
test npm cmd:npm
test chromium cmd:chromium
test postfix cmd:postfix postfix
test dovecot-imapd file:/usr/lib/dovecot/imap dovecot
test dovecot-pop3d file:/usr/lib/dovecot/pop3 dovecot
test dovecot-lmtpd file:/usr/lib/dovecot/lmtp dovecot
test dovecot-managesieved file:/usr/lib/dovecot/managesieve dovecot
test proftpd-core cmd:proftpd proftpd
test proftpd-mod-crypto file:/usr/lib/proftpd/mod_tls.so proftpd
test slapd cmd:slapd slapd
test prosody cmd:prosody prosody
test inn2 file:/usr/lib/news/bin/nnrpd inn2
test postgresql file:/usr/lib/postgresql/*/bin/postgres postgresql
test mariadb-server-core cmd:mariadbd
test strace cmd:strace
test inspircd cmd:inspircd inspircd
test prometheus-alertmanager cmd:prometheus-alertmanager prometheus-alertmanager
test prometheus cmd:promtool prometheus
test prometheus-blackbox-exporter cmd:prometheus-blackbox-exporter prometheus-blackbox-exporter
test prometheus-node-exporter cmd:prometheus-node-exporter prometheus-node-exporter
test systemd cmd:systemd-analyze
test bash-completion file:/usr/share/bash-completion/bash_completion
test zsh cmd:zsh
test fish cmd:fish
test systemd-container cmd:systemd-nspawn
test debootstrap cmd:debootstrap
test build-essential file:/usr/share/build-essential/essential-packages-list
test debhelper cmd:dh
test lintian cmd:lintian
test python3-icalendar file:/usr/lib/python3/dist-packages/icalendar
test python3-vobject file:/usr/lib/python3/dist-packages/vobject
test nagios4-core cmd:nagios4 nagios4
test icinga2-bin cmd:icinga2 icinga2
lint clang cmd:clang
lint libclang-rt-dev fuzzer:clang
lint clang-format cmd:clang-format
lint clang-tidy cmd:clang-tidy
lint mandoc cmd:mandoc
lint shellcheck cmd:shellcheck
bench bind9-host cmd:host
bench curl cmd:curl
bench gnutls-bin cmd:gnutls-cli
bench golang-cfssl cmd:cfssl
bench liburiparser1 file:/usr/lib/*/liburiparser.so.1
bench monitoring-plugins-basic file:/usr/lib/nagios/plugins/check_http
bench monitoring-plugins-standard file:/usr/lib/nagios/plugins/check_curl
bench monitoring-plugins-contrib file:/usr/lib/nagios/plugins/check_ssl_cert
bench nmap cmd:nmap
bench prometheus-blackbox-exporter cmd:prometheus-blackbox-exporter prometheus-blackbox-exporter
bench ssl-cert-check cmd:ssl-cert-check
bench sslscan cmd:sslscan
bench zabbix-agent2 cmd:zabbix_agent2 zabbix-agent2
'

usage()
{
	echo "usage: deps.sh list|check|install [build|demo|test|lint|bench]..." >&2
	exit 1
}

# Debian keeps some programs where a user's PATH does not look.
PATH=$PATH:/usr/sbin:/sbin

# is_there KIND:NAME
is_there()
{
	name=${1#*:}
	case $1 in
	cmd:*)
		command -v "$name" >/dev/null 2>&1
		;;
	library:*)
		pkg-config --exists "$name" 2>/dev/null
		;;
	header:*)
		echo "#include <$name>" | cc -E -x c - >/dev/null 2>&1
		;;
	file:*)
		# shellcheck disable=SC2086 # a pattern of paths
		ls -d $name >/dev/null 2>&1
		;;
	fuzzer:*)
		echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
			"$name" -fsanitize=fuzzer,address -x c -o /dev/null - \
				>/dev/null 2>&1
		;;
	esac
}

# packages all|missing: one a line, of the groups asked for
packages()
{
	echo "$rows" | while read -r group package how _; do
		case " $groups " in
		*" $group "*) ;;
		*) continue ;;
		esac
		if [ "$1" = all ] || ! is_there "$how"; then
			echo "$package"
		fi
	done
}

# Packages such as nginx start their service when they are installed. Nobody
# asked for a web server on port 80, so services stay down meanwhile.
no_services()
{
	policy=/usr/sbin/policy-rc.d
	[ -e $policy ] && return
	trap 'rm -f $policy' EXIT
	trap 'exit 1' HUP INT TERM
	printf '#!/bin/sh\nexit 101\n' >$policy
	chmod 755 $policy
}

# sort_out PACKAGE...: into $known, and those that cannot be had without taking
# another away, such as a second mail server, into $left_out
sort_out()
{
	known='' left_out=''
	for package; do
		# A name that this release does not know is part of another.
		apt-cache show "$package" >/dev/null 2>&1 || continue
		if apt-get install -qq -s --no-remove --no-install-recommends \
			"$package" </dev/null >/dev/null 2>&1; then
			known="$known $package"
		else
			left_out="$left_out $package"
			echo "deps.sh: $package is left out: it does not go" \
				"with what is installed" >&2
		fi
	done
}

# INN is not installed where the host has no domain, unless it is told one.
name_news_host()
{
	INNCONF=$(mktemp)
	export INNCONF
	cat >"$INNCONF" <<-END
		mta: "/usr/sbin/sendmail -oi -oem %s"
		domain: news.invalid
		pathhost: news.invalid
		pathnews: /usr/lib/news
		pathdb: /var/lib/news
		pathetc: /etc/news
		pathlog: /var/log/news
		pathrun: /run/news
		pathspool: /var/spool/news
		hismethod: hisv6
		enableoverview: true
		ovmethod: tradindexed
	END
	chmod 644 "$INNCONF"
}

# new_services PACKAGE...: those that are not there yet, one a line
new_services()
{
	echo "$rows" | while read -r _ package _ service; do
		case " $* " in
		*" $package "*) ;;
		*) continue ;;
		esac
		[ -n "$service" ] || continue
		for unit in "/etc/init.d/$service" \
			/lib/systemd/system/"$service".service \
			/etc/systemd/system/"$service".service; do
			[ ! -e "$unit" ] || continue 2
		done
		echo "$service"
	done
}

# keep_down SERVICE...: nor at the next boot, nor from cron: the tests start
# their own
keep_down()
{
	for service; do
		systemctl --quiet disable --now "$service.service" \
			>/dev/null 2>&1 || true
		if [ "$service" = inn2 ] && [ -e /etc/cron.d/inn2 ]; then
			sed -i 's/^[0-9]/#&/' /etc/cron.d/inn2
		fi
	done
}

# install_now PACKAGE...: as root
install_now()
{
	export DEBIAN_FRONTEND=noninteractive
	no_services
	echo "deps.sh: installing:$(printf ' %s' "$@")"
	apt-get update -qq </dev/null
	sort_out "$@"
	# shellcheck disable=SC2086 # lists of plain names, here and below
	services=$(new_services $known)
	name_news_host
	status=0
	# shellcheck disable=SC2086
	apt-get install -qq -y --no-remove --no-install-recommends $known \
		</dev/null >/dev/null || status=$?
	rm -f "$INNCONF"
	unset INNCONF
	# shellcheck disable=SC2086
	keep_down $services
	return $status
}

[ $# -ge 1 ] || usage
action=$1
shift
groups="${*:-build test lint}"
for group in $groups; do
	case $group in
	build | demo | test | lint | bench) ;;
	*) usage ;;
	esac
done
case " $groups " in
*" test "* | *" bench "*) groups="$groups demo" ;;
esac

case $action in
list)
	packages all
	exit 0
	;;
check | install) ;;
*) usage ;;
esac

missing=$(packages missing | tr '\n' ' ')
[ -n "$missing" ] || exit 0
if [ "$action" = check ]; then
	echo "deps.sh: missing: $missing" >&2
	exit 1
fi

if ! command -v apt-get >/dev/null 2>&1; then
	echo "deps.sh: missing, by their names in Debian: $missing" >&2
	exit 1
elif [ "$(id -u)" -eq 0 ]; then
	# shellcheck disable=SC2086 # a list of plain names
	install_now $missing
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
	# shellcheck disable=SC2086 # a list of plain names
	exec sudo -n "$0" install $groups
else
	echo "deps.sh: as root: apt-get install $missing" >&2
	exit 1
fi

# A server that was left out is a test that is skipped.
still=
for package in $(packages missing); do
	case " $left_out " in
	*" $package "*) ;;
	*) still="$still $package" ;;
	esac
done
if [ -n "$still" ]; then
	echo "deps.sh: still missing:$still" >&2
	exit 1
fi
