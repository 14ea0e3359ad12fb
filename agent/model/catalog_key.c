/* catalog_key.c - findings of keys and signatures */
#include "model/catalog.h"

const struct finding_kind catalog_key[] = {
	{
		.id = "key.mismatch",
		.severity = SEV_CRITICAL,
		.title = "the private key does not belong to the certificate",
		.meaning =
			"The public half of the private key is not the key in the "
			"certificate. A server that is given both does not start, "
			"or goes on with the old pair. Where certificates and "
			"keys share a file each key needs its certificate; one "
			"too many behind the right key is only a warning, for "
			"servers take the first.",
		.remedy =
			"Find the key with which the certificate was requested, "
			"or request a new certificate with this key. Often one of "
			"two files was replaced and the other was not.",
	},
	{
		.id = "key.weak",
		.severity = SEV_WARNING,
		.title = "a key is too weak",
		.meaning =
			"The key can be broken, or software refuses it: RSA "
			"below 2048 bits, DSA, an RSA exponent that is even or "
			"below 3, an elliptic curve below 224 bits, or one that "
			"is given by its parameters and not by its name (RFC "
			"5480, 2.1.1). RSA of a size that 8 does not divide is as "
			"strong as its bits, so only a note, of an endpoint or "
			"where the role says server: public CAs refuse it "
			"(Baseline Requirements, 6.1.5).",
		.remedy =
			"Make a new key, RSA of 2048 bits or more or P-256, and "
			"have the certificate issued for it.",
	},
	{
		.id = "key.signature",
		.severity = SEV_WARNING,
		.title = "a certificate is signed with a broken digest",
		.meaning =
			"The signature is made with MD5, SHA-1 or an older "
			"digest. OpenSSL 3 and browsers refuse it in servers' and "
			"clients' chains. The signature on a self-signed "
			"certificate is not looked at by anybody and does not "
			"count.",
		.remedy = "Have the certificate issued anew with SHA-256.",
	},
	{
		.id = "key.permissions",
		.severity = SEV_WARNING,
		.title = "a private key may be read by others than its owner",
		.meaning =
			"The file that holds the key, in the clear, is readable "
			"for its group, for everybody, or for somebody named in "
			"its access control list. Who has read a key can act in "
			"the service's name. Debian's group ssl-cert may read: it "
			"is there for that.",
		.remedy =
			"chmod 600 the file and remove its access control list. "
			"If others may have read it, request a new certificate "
			"with a new key.",
	},
	{
		.id = "key.purpose",
		.severity = SEV_CRITICAL,
		.title = "the certificate may not be used in its role",
		.meaning =
			"Its extended key usage or its key usage lacks what the "
			"role needs: serverAuth for a server, clientAuth for a "
			"client. Without an extended key usage any purpose is "
			"allowed. A CA's certificate as a server's, which Firefox "
			"refuses, is a warning. A role that nobody configured is "
			"inferred from the certificate, so it fits. Public CAs "
			"leave clientAuth out of their certificates from 2026 on, "
			"so a renewal may have lost it. What is allowed but no "
			"public CA may issue is a note: a server's certificate "
			"without an extended key usage, with one for any purpose "
			"or a critical one (Baseline Requirements, 7.1.2.7), and a "
			"root of one's own that has one at all (7.1.2.1.2).",
		.remedy =
			"If file and role are the right ones, have the "
			"certificate issued for this role: for a client from a "
			"private CA, or from one that still puts clientAuth in.",
	},
	{
		.id = "key.client-auth-ending",
		.severity = SEV_WARNING,
		.title = "the CA will not issue the next one for clients",
		.meaning =
			"A client's certificate comes from a public CA, whose "
			"root is in the system's trust store, and that CA stops "
			"putting clientAuth into its certificates; Chrome's root "
			"program asks all of them to by 2027-03-15. Servers "
			"refuse a client whose certificate lacks it. It is told "
			"from half a year before the CA's day on, and earlier "
			"where the certificate outlives that day. What is in use "
			"stays valid until it expires. Not told of servers' "
			"certificates that happen to have clientAuth, nor of a "
			"private CA's.",
		.remedy =
			"Before the certificate expires get one from a private "
			"CA, and have the servers that ask for it trust that CA. "
			"Renewing with the public CA gives one that servers "
			"refuse.",
	},
	{
		.id = "key.algorithm",
		.severity = SEV_WARNING,
		.title = "the service does not take keys of this kind",
		.meaning =
			"The profile of the target names the kinds of key that "
			"the service accepts, and this certificate's is another.",
		.remedy =
			"Request the certificate with a key of a kind that is "
			"accepted.",
	},
	{
		.id = "key.family",
		.severity = SEV_CRITICAL,
		.title = "SM2 and international algorithms are mixed",
		.meaning =
			"The profile of the target keeps SM2 certificates apart "
			"from RSA and EC ones: an SM2 server certificate wants "
			"SM2 issuers and an SM2 client CA. The file holds both.",
		.remedy = "Take all certificates of a service from one family.",
	},
	{ .id = NULL },
};
