/* catalog_file.c - findings of files */
#include "model/catalog.h"

const struct finding_kind catalog_file[] = {
	{
		.id = "file.missing",
		.severity = SEV_CRITICAL,
		.title = "the file does not exist",
		.meaning = "Nothing is at the configured path, be it the "
			   "certificate's or its key's, or the pattern or "
			   "folder holds no file. A file of a folder that was "
			   "removed while it was looked at is only a note.",
		.remedy = "Correct the path, or put the file back; a service "
			  "that reads it will not start again without it.",
	},
	{
		.id = "file.unreadable",
		.severity = SEV_CRITICAL,
		.title = "the file cannot be read",
		.meaning = "The system refused to open or read the file, it "
			   "is no ordinary file, or it is larger than the "
			   "bound.",
		.remedy = "Give the agent's user read access to the file and "
			  "search access to its folders.",
	},
	{
		.id = "file.empty",
		.severity = SEV_CRITICAL,
		.title = "the file is empty",
		.meaning = "The file is there and holds nothing, often after "
			   "a copy or a renewal that ran out of disk space.",
		.remedy = "Put the certificate back, from the CA or a backup, "
			  "and see whether the disk is full.",
	},
	{
		.id = "file.no-certificate",
		.severity = SEV_CRITICAL,
		.title = "the file does not hold what it should",
		.meaning = "The file was read and has no certificate in it; "
			   "it may be a key, a request or something else. Or "
			   "it is named as a key's file and has no key in it.",
		.remedy = "Put the certificate (or the key) in the file, or "
			  "name the right file.",
	},
	{
		.id = "file.format",
		.severity = SEV_CRITICAL,
		.title = "the file is in another format than wanted",
		.meaning = "The file is an archive, a Java keystore, a web "
			   "page or the like, or it is DER, PKCS#7 or PKCS#12 "
			   "where PEM is demanded by `pem_only` or a profile. "
			   "What a file is, is found by looking into it, not "
			   "by its name.",
		.remedy = "Unpack or convert it, for instance with unzip, "
			  "openssl x509, pkcs7 or pkcs12, and install the "
			  "PEM form.",
	},
	{
		.id = "file.damaged",
		.severity = SEV_CRITICAL,
		.title = "a certificate or key in the file is damaged",
		.meaning = "A block of the file begins like a certificate or "
			   "a private key and cannot be decoded: it is cut "
			   "off, its base64 is broken, or what is in it is "
			   "something else. What is whole in the file is "
			   "judged all the same.",
		.remedy = "Copy the block that is named anew from its source, "
			  "from the BEGIN line to the END line.",
	},
	{
		.id = "file.layout",
		.severity = SEV_OK,
		.title = "the layout of the file is not what the service wants",
		.meaning =
			"The service of the target's profile asks for PEM of one "
			"layout: no blank lines, 64 characters a line, nothing "
			"but the blocks. OpenSSL reads the file all the same.",
		.remedy =
			"Write it anew with openssl x509 or openssl crl2pkcs7, or "
			"remove what is named.",
	},
	{
		.id = "file.password",
		.severity = SEV_CRITICAL,
		.title = "the password for the file is wrong or missing",
		.meaning =
			"A PKCS#12 file or a private key is encrypted, and could "
			"not be opened: no passphrase is configured, or it is not "
			"the right one. In a folder or pattern without a "
			"passphrase it is only a note.",
		.remedy = "Name the file that holds the passphrase as "
			  "`passphrase_file`, or correct it.",
	},
	{
		.id = "file.legacy-encryption",
		.severity = SEV_WARNING,
		.title = "the file is encrypted with an outdated method",
		.meaning =
			"The PKCS#12 file is encrypted with RC2 or DES, as old "
			"tools do by default. OpenSSL 3 opens it with its legacy "
			"provider only, and many programs not at all.",
		.remedy =
			"Open it with openssl pkcs12 -legacy and export it again "
			"without that option.",
	},
	{
		.id = "file.private-key",
		.severity = SEV_WARNING,
		.title = "a private key lies in a file of public certificates",
		.meaning =
			"The file is one that is handed out or uploaded, such as "
			"a bundle of CAs, what a profile's service takes, or a "
			"certificate whose key stands in a file of its own, and "
			"it holds a private key as well.",
		.remedy =
			"Remove the key from the file. If the file has left this "
			"machine, have a new certificate issued with a new key.",
	},
	{ .id = NULL },
};
