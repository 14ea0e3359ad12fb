#!/bin/sh
# deb.sh - build the Debian package from a copy of the sources
#
#   packaging/deb.sh VERSION FOLDER
#
# FOLDER/certvigil_VERSION-1_ARCH.deb is what comes of it; what is not committed
# yet is in it too. The tree stays as it is.
set -eu

[ $# -eq 2 ] || {
	echo "usage: deb.sh VERSION FOLDER" >&2
	exit 2
}
version=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
copy=$folder/certvigil-$version
cd "$(dirname "$0")/.."

for tool in dpkg-buildpackage dh; do
	command -v $tool >/dev/null 2>&1 || {
		echo "deb.sh: $tool is missing; try: tests/deps.sh install test" >&2
		exit 1
	}
done
have=$(sed -n '1s/^certvigil (\(.*\)-.*).*/\1/p' packaging/debian/changelog)
[ "$have" = "$version" ] || {
	echo "deb.sh: packaging/debian/changelog: want version $version first," \
		"have $have" >&2
	exit 1
}

# sources: one a line; a tree that git does not know is taken as it lies
sources()
{
	if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		git ls-files --cached --others --exclude-standard
	else
		find . -type f ! -path './build/*' ! -path './.git*'
	fi | while read -r file; do
		# Deleted, and not committed yet.
		[ ! -e "$file" ] || echo "$file"
	done
}

rm -rf "$copy" "$folder"/certvigil*_"$version"-*
mkdir -p "$copy"
sources | tar -cf - -T - | tar -xf - -C "$copy"
cp -R "$copy/packaging/debian" "$copy/debian"

# What a make above us was told must not reach the one that builds the package.
unset MAKEFLAGS MAKELEVEL MFLAGS BUILD VARIANT DESTDIR PREFIX 2>/dev/null || :
cd "$copy"
dpkg-buildpackage -us -uc -b -j"$(nproc)"
