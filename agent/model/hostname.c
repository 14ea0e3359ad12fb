/* hostname.c - host names and addresses as the wire knows them */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include <idn2.h>

#include "model/hostname.h"

bool
hostname_is_address(const char *s)
{
	unsigned char addr[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, s, addr) == 1 ||
		inet_pton(AF_INET6, s, addr) == 1;
}

static const char *
canonical_address(struct arena *a, const char *s)
{
	unsigned char addr[sizeof(struct in6_addr)];
	char text[INET6_ADDRSTRLEN];
	int family = strchr(s, ':') != NULL ? AF_INET6 : AF_INET;

	if (inet_pton(family, s, addr) != 1 ||
		inet_ntop(family, addr, text, sizeof(text)) == NULL)
		return NULL;
	return arena_dup(a, text);
}

/*
 * RFC 1123, 2.1 and RFC 1035, 2.3.4; '_' is no host name by the letter but
 * stands in names that people do serve.
 */
static const char *
syntax_fault(const char *s)
{
	size_t label = 0;

	if (*s == '\0')
		return "it is empty";
	if (strlen(s) > 253)
		return "it is longer than 253 characters";
	for (const char *p = s;; p++) {
		if (*p == '.' || *p == '\0') {
			if (label == 0)
				return "a label of it is empty";
			if (label > 63)
				return "a label of it is longer than 63";
			if (p[-1] == '-' || p[-(ptrdiff_t)label] == '-')
				return "a label of it begins or ends with '-'";
			if (*p == '\0')
				return NULL;
			label = 0;
			continue;
		}
		if (!isalnum((unsigned char)*p) && *p != '-' && *p != '_')
			return "it holds a sign other than letters, digits, "
			       "'-' and '.'";
		label++;
	}
}

const char *
hostname_canonical(
	struct arena *a, const char *name, bool wildcard, struct error *err)
{
	const char *prefix = "", *address, *fault;
	char *ascii = NULL, *out;
	size_t n;
	int rc;

	address = canonical_address(a, name);
	if (address != NULL)
		return address;
	if (wildcard && strncmp(name, "*.", 2) == 0) {
		prefix = "*.";
		name += 2;
	}
	rc = idn2_to_ascii_8z(
		name, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
	if (rc == IDN2_OK) {
		out = arena_fmt(a, "%s%s", prefix, ascii);
		idn2_free(ascii);
	} else {
		/* Such as an '_', or '--' in third place: plain DNS names. */
		for (const char *p = name; *p != '\0'; p++) {
			if ((unsigned char)*p >= 0x80) {
				error_set(err, ERROR_PARSE, "%s",
					idn2_strerror(rc));
				return NULL;
			}
		}
		out = arena_fmt(a, "%s%s", prefix, name);
	}
	n = strlen(out);
	if (n > 1 && out[n - 1] == '.')
		out[n - 1] = '\0';
	for (char *p = out; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	fault = syntax_fault(out + strlen(prefix));
	if (fault != NULL) {
		error_set(err, ERROR_PARSE, "%s", fault);
		return NULL;
	}
	return out;
}
