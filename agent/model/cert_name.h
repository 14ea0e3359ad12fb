/* cert_name.h - the names of subjects and issuers as text */
#ifndef MODEL_CERT_NAME_H
#define MODEL_CERT_NAME_H

#include <openssl/x509.h>

/* Names beyond this many bytes are cut: nobody reads further. */
#define CERT_NAME_MAX 4096

/* RFC 2253 in UTF-8; the caller's to free(). What cannot be read gives "". */
char *cert_name_text(const X509_NAME *name);

/*
 * The last common name (the most specific one) in UTF-8, the caller's to
 * free(), or NULL. A NUL in it, which must not hide what follows, is a '?'.
 */
char *cert_name_common(const X509_NAME *name);

#endif
