/* unicode.c - UTF-8, and what of it people see */
#include "model/unicode.h"

size_t
unicode_decode(const char *text, uint32_t *out)
{
	const unsigned char *s = (const unsigned char *)text;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	size_t n;

	if (s[0] < 0x80) {
		*out = s[0];
		return 1;
	}
	if (s[0] >= 0xf8 || s[0] < 0xc2)
		return 0;
	n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	c = s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*out = c;
	return n;
}

bool
unicode_is_hidden(uint32_t c)
{
	static const struct range {
		uint32_t first, last;
	} hidden[] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f },
		{ 0xad, 0xad }, /* soft hyphen */
		{ 0x34f, 0x34f }, /* joins graphemes */
		{ 0x61c, 0x61c }, /* Arabic letter mark */
		{ 0x115f, 0x1160 }, /* Hangul fillers */
		{ 0x17b4, 0x17b5 }, /* Khmer vowels that nobody sees */
		{ 0x180b, 0x180f },
		{ 0x200b, 0x200f }, /* zero width, direction marks */
		{ 0x2028, 0x202e }, /* line breaks, embeddings, overrides */
		{ 0x2060, 0x206f }, /* isolates and invisible operators */
		{ 0x3164, 0x3164 }, { 0xe000, 0xf8ff }, /* private use */
		{ 0xfe00, 0xfe0f }, /* variation selectors */
		{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb },
		{ 0xfffe, 0xffff },
		{ 0x1bca0, 0x1bca3 }, /* controls of shorthand, */
		{ 0x1d173, 0x1d17a }, /* and of music */
		{ 0xe0000, 0x10ffff }, /* tags, private planes */
	};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (c >= hidden[i].first && c <= hidden[i].last)
			return true;
	}
	return false;
}

/* Wide and fullwidth ranges of Unicode's East Asian Width, in the large. */
size_t
unicode_width(uint32_t c)
{
	static const struct range {
		uint32_t first, last;
		size_t width;
	} ranges[] = {
		{ 0x300, 0x36f, 0 }, /* combining marks */
		{ 0x483, 0x489, 0 },
		{ 0x591, 0x5bd, 0 },
		{ 0x610, 0x61a, 0 },
		{ 0x64b, 0x65f, 0 },
		{ 0x1100, 0x115f, 2 },
		{ 0x1ab0, 0x1aff, 0 },
		{ 0x1dc0, 0x1dff, 0 },
		{ 0x20d0, 0x20ff, 0 },
		{ 0x2e80, 0x303e, 2 },
		{ 0x3041, 0x33ff, 2 },
		{ 0x3400, 0x4dbf, 2 },
		{ 0x4e00, 0x9fff, 2 },
		{ 0xa000, 0xa4cf, 2 },
		{ 0xac00, 0xd7a3, 2 },
		{ 0xf900, 0xfaff, 2 },
		{ 0xfe20, 0xfe2f, 0 },
		{ 0xfe30, 0xfe6f, 2 },
		{ 0xff00, 0xff60, 2 },
		{ 0xffe0, 0xffe6, 2 },
		{ 0x1f300, 0x1f64f, 2 },
		{ 0x1f680, 0x1f6ff, 2 },
		{ 0x1f900, 0x1f9ff, 2 },
		{ 0x20000, 0x3fffd, 2 },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return ranges[i].width;
	}
	return 1;
}
