/* entry.c - dNSName entries that no client matches with any host */
#include <ctype.h>
#include <string.h>

#include "checks/domain.h"
#include "checks/entry.h"
#include "model/hostname.h"

#define MAX_NAME 253
#define MAX_LABEL 63

static const char *
fault_of_signs(const char *name, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)name[i];

		if (c >= 0x80)
			return "is not written as an A-label (xn--...), as "
			       "internationalised names must be";
		if (isalnum(c) == 0 && strchr("-_.*", c) == NULL)
			return "holds a sign other than letters, digits, '-' "
			       "and '.'";
		if (c == '\0')
			return "holds a NUL";
	}
	return NULL;
}

static const char *
fault_of_labels(const char *name, size_t n)
{
	size_t label = 0;

	if (name[0] == '.')
		return "begins with a dot";
	if (name[n - 1] == '.')
		return "ends with a dot";
	if (n > MAX_NAME)
		return "is longer than 253 characters";
	for (size_t i = 0; i < n; i++) {
		label = name[i] == '.' ? 0 : label + 1;
		if (label == 0 && name[i + 1] == '.')
			return "has an empty label";
		if (label > MAX_LABEL)
			return "has a label of more than 63 characters";
	}
	return NULL;
}

/* RFC 9525, 6.3: the whole of the first label, and nowhere else. */
const char *
entry_fault_of_star(const char *name, size_t n)
{
	const char *star = memchr(name, '*', n);

	if (star == NULL)
		return NULL;
	if (star != name || n < 2 || name[1] != '.' ||
		memchr(name + 1, '*', n - 1) != NULL)
		return "has a wildcard that is not the whole first label, and "
		       "the only one";
	/* Told as such where it is a public one. */
	if (memchr(name + 2, '.', n - 2) == NULL &&
		domain_suffix(name + 2) == DOMAIN_NO_SUFFIX)
		return "has a wildcard with a single label behind it, and "
		       "clients want two";
	return NULL;
}

const char *
entry_fault(const char *name, size_t n)
{
	const char *fault;

	if (n == 0)
		return "is empty";
	fault = fault_of_signs(name, n);
	if (fault == NULL)
		fault = fault_of_labels(name, n);
	if (fault == NULL && hostname_is_address(name))
		fault = "is an address, which clients look for among the "
			"entries for addresses";
	return fault;
}
