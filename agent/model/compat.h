/* compat.h - other tools by whose names of metrics results are told as well */
#ifndef MODEL_COMPAT_H
#define MODEL_COMPAT_H

/* Bits. */
enum compat {
	COMPAT_SSL_EXPORTER = 1, /* ribbybibby/ssl_exporter 2 */
	COMPAT_X509_EXPORTER = 2, /* enix/x509-certificate-exporter 3 and 4 */
	COMPAT_BLACKBOX = 4, /* prometheus/blackbox_exporter 0.19 and later */
};

#endif
