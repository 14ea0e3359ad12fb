/* embed.c - the style sheet and the script, as they lie beside it */
#include <string.h>

#include <openssl/evp.h>

#include "report/html/html.h"

/*
 * The assembler takes them in, so that they stay files which other tools can
 * read. Paths are from the top of the sources, where the compiler runs.
 */
#define EMBED(name, path)                                                      \
	__asm__(".pushsection .rodata\n"                                       \
		".global " #name "\n"                                          \
		".type " #name ", %object\n" #name ":\n"                       \
		".incbin \"" path "\"\n"                                       \
		".byte 0\n"                                                    \
		".size " #name ", . - " #name "\n"                             \
		".popsection\n")

EMBED(html_style, "agent/report/html/page.css");
EMBED(html_script, "agent/report/html/page.js");

void
html_put_hash(struct buf *out, const char *embedded)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned char base64[4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1];
	unsigned n = 0;

	/* Without a digest the policy allows nothing, and the text is read. */
	if (EVP_Digest(embedded, strlen(embedded), digest, &n, EVP_sha256(),
		    NULL) != 1)
		return;
	EVP_EncodeBlock(base64, digest, (int)n);
	buf_printf(out, "'sha256-%s'", (const char *)base64);
}
