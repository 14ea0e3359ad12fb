#!/bin/sh
# keys.sh - hold the key table, config.yaml.example and certvigil.yaml(5)
# together: every key that `config keys` prints is in both, with its default,
# and in the manual with its choices, each profile at length; the example loads
# as it stands and with all its settings turned on; and certvigil-findings(7)
# with the catalogue of findings.
#
#     tests/keys.sh [PROGRAM]
#
# Speaks TAP. What is missing is told on a line of its own.
set -eu
program=${1:-${CERTVIGIL:-build/release/certvigil}}
case $program in */*) ;; *) program=./$program ;; esac
program=$(realpath "$program")
cd "$(dirname "$0")/.."
example=config.yaml.example
manual=man/certvigil.yaml.5

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset STATE_DIRECTORY CREDENTIALS_DIRECTORY
failed=0 number=0

# told TITLE FILE: a test that passes if the file is empty.
told()
{
	number=$((number + 1))
	if [ -s "$2" ]; then
		sed 's/^/# /' "$2"
		echo "not ok $number - $1"
		failed=1
	else
		echo "ok $number - $1"
	fi
}

"$program" config keys >"$work/keys"
[ -s "$work/keys" ] || echo "there are no keys" >"$work/none"
touch "$work/none"

# "#setting" and "#  setting" are settings turned off, "# Words" a remark.
sed 's/^#\([a-z]\)/\1/; s/^#\(  \)/\1/' "$example" >"$work/all.yaml"
chmod 600 "$work/all.yaml"
echo '{}' >"$work/body.json" # what it names as a template

# Each setting as "path<TAB>value"; notifiers' own names become NAME.
awk '
	/^ *(#|$)/ { next }
	{
		line = $0
		sub(/ +#.*$/, "", line)
		# "- key:" stands where "  key:" would.
		if (match(line, /^ *- /))
			line = substr(line, 1, RLENGTH - 2) "  " \
				substr(line, RLENGTH + 1)
		match(line, /^ */)
		depth = RLENGTH
		line = substr(line, depth + 1)
		colon = index(line, ":")
		while (n > 0 && indent[n] >= depth)
			n--
		n++
		indent[n] = depth
		name[n] = substr(line, 1, colon - 1)
		value = substr(line, colon + 1)
		gsub(/^ +|^ *"|"$/, "", value)
		path = name[1]
		for (i = 2; i <= n; i++)
			path = path "." (i == 2 && name[1] == "notifiers" ? \
				"NAME" : name[i])
		print path "\t" value
	}' "$work/all.yaml" >"$work/example"

# Each entry of the manual as "path<TAB>its text", on one line.
awk '
	/^\.It Cm / {
		if (keys != "")
			flush()
		keys = $0
		text = ""
	}
	/^\.El/ { if (keys != "") flush(); keys = "" }
	keys != "" { text = text " " $0 }
	function flush(    i, n, word) {
		gsub(/\\&|"/, "", text)
		n = split(keys, word, " ")
		for (i = 3; i <= n; i++)
			print word[i] "\t" text " "
	}' "$manual" >"$work/manual"

# missing WHERE HOW: keys of the program that the list WHERE does not have;
# its text is the default, or, if HOW is "in", holds it as a word.
missing()
{
	awk -v where="$1" -v how="$2" -F '\t' '
		FNR == NR {
			n[$1]++
			text[$1, n[$1]] = $2
			next
		}
		{
			split($0, cell, /  +/)
			key = cell[1]
			type = cell[2]
			def = cell[3]
			# What stands once cannot stand in both its forms.
			if (key ~ /^(defaults|alerts)\./ && (key "_file") in n)
				next
			if (!(key in n)) {
				print where ": want " key ", have nothing"
				next
			}
			if (type ~ /^(map|list of maps)/ && def != "{}")
				next
			if (type ~ /^map of NAME/ || def == "-" ||
				def == "inherited" || def == "required" ||
				(def == "[]" && how == "is"))
				next
			for (i = 1; i <= n[key]; i++) {
				if (text[key, i] == def ||
					(how == "in" && index(text[key, i],
						".Li " def " ")))
					next
			}
			print where ": want " key " with its default " def
		}' "$3" "$work/keys"
}

# Choices, "a, b or c", that the key's entry in the manual does not name, and
# profiles that have no entry of their own.
awk -F '\t' '
	FNR == NR {
		text[$1] = text[$1] $2
		next
	}
	{
		split($0, cell, /  +/)
		key = cell[1]
		if (cell[2] !~ / or / || cell[2] ~ /^(number|span|list|path)/)
			next
		n = split(cell[2], choice, /, | or /)
		for (i = 1; i <= n; i++)
			if (index(text[key], " " choice[i] " ") == 0)
				print "want the choice " choice[i] " of " key
	}' "$work/manual" "$work/keys" >"$work/choices"
sed -n 's/^targets\.profile  *\(.* or [^ ]*\)  .*/\1/p' "$work/keys" |
	sed 's/, \| or /\n/g' | while read -r profile; do
	grep -q "^\.It Li $profile\$" "$manual" ||
		echo "want the profile $profile under PROFILES"
done >>"$work/choices"

echo 1..7
told "the program tells its keys" "$work/none"
missing "$example" is "$work/example" >"$work/told"
told "$example has every key with its default" "$work/told"
missing "$manual" in "$work/manual" >"$work/told"
told "$manual has every key with its default" "$work/told"
"$program" config check -c "$example" 2>&1 >/dev/null | cat >"$work/told"
told "$example loads as it stands" "$work/told"
told "$manual knows every choice and every profile" "$work/choices"
"$program" config check -c "$work/all.yaml" --without-secrets 2>&1 \
	>/dev/null | cat >"$work/told"
told "$example loads with every setting turned on" "$work/told"
"$program" explain --mdoc 2>&1 | diff - man/certvigil-findings.7 \
	>"$work/told" || :
told "certvigil-findings(7) is what the catalogue says" "$work/told"
exit $failed
