/* starttls.h - the dialogues: rows of dialect_table, see dialect.h */
#ifndef PROBES_STARTTLS_H
#define PROBES_STARTTLS_H

#include "probes/starttls/dialect.h"

typedef int starttls_fn(
	struct stream *s, const struct target *t, struct error *err);

starttls_fn starttls_smtp; /* RFC 3207 */
starttls_fn starttls_lmtp; /* RFC 2033, RFC 3207 */
starttls_fn starttls_imap; /* RFC 9051, 6.2.1 */
starttls_fn starttls_pop3; /* RFC 2595, 4 */
starttls_fn starttls_ftp; /* RFC 4217 */
starttls_fn starttls_ldap; /* RFC 4511, 4.14 */
starttls_fn starttls_xmpp; /* RFC 6120, 5 */
starttls_fn starttls_xmpp_server;
starttls_fn starttls_nntp; /* RFC 4642 */
starttls_fn starttls_sieve; /* RFC 5804, 2.2 */
starttls_fn starttls_postgres; /* SSLRequest */
starttls_fn starttls_mysql; /* protocol 10, SSLRequest */
starttls_fn starttls_irc; /* the STARTTLS command of IRCv3 */

#endif
