#!/bin/sh
# deps.sh - tell which tools and libraries are missing, and install them
#
#   tests/deps.sh list|check|install [build|test|lint]...
#
# check and install exit with 1 while something is missing. Only Debian and
# Ubuntu (apt-get) are installed on; elsewhere the list is printed. Nothing
# here asks a question.
set -eu

# group, Debian package, how to see that it is there
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
test libcmocka-dev library:cmocka
test python3 cmd:python3
test nginx-light cmd:nginx
test openssl cmd:openssl
test ca-certificates file:/etc/ssl/certs/ca-certificates.crt
test systemd cmd:systemd-analyze
lint clang cmd:clang
lint libclang-rt-dev fuzzer:clang
lint clang-format cmd:clang-format
lint clang-tidy cmd:clang-tidy
lint mandoc cmd:mandoc
lint shellcheck cmd:shellcheck
'

usage()
{
	echo "usage: deps.sh list|check|install [build|test|lint]..." >&2
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
		[ -e "$name" ]
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
	echo "$rows" | while read -r group package how; do
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

# install_now PACKAGE...: as root
install_now()
{
	export DEBIAN_FRONTEND=noninteractive
	no_services
	echo "deps.sh: installing:$(printf ' %s' "$@")"
	apt-get update -qq </dev/null
	# A name that this release does not know is part of another package.
	known=
	for package; do
		if apt-cache show "$package" >/dev/null 2>&1; then
			known="$known $package"
		fi
	done
	# shellcheck disable=SC2086 # a list of plain names
	apt-get install -qq -y --no-install-recommends $known </dev/null >/dev/null
	# Nor at the next boot: the tests start their own.
	case $known in
	*nginx*) systemctl --quiet disable nginx.service 2>/dev/null || true ;;
	esac
}

[ $# -ge 1 ] || usage
action=$1
shift
groups="${*:-build test lint}"
for group in $groups; do
	case $group in
	build | test | lint) ;;
	*) usage ;;
	esac
done

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

missing=$(packages missing | tr '\n' ' ')
if [ -n "$missing" ]; then
	echo "deps.sh: still missing: $missing" >&2
	exit 1
fi
