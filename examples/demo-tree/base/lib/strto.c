// SPDX-License-Identifier: Apache-2.0
#include <lib.h>

static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10u : 99u;
}

bool parse_number(const char *text, unsigned int base, unsigned long *result)
{
	unsigned long val = 0;

	if (text[0] == '0' && (text[1] | 0x20) == 'x') {
		base = 16;
		text += 2;
	}
	if (!*text)
		return false;
	for (; *text; text++) {
		if (digit(*text) >= base || val > (~0UL - digit(*text)) / base)
			return false;
		val = val * base + digit(*text);
	}
	*result = val;
	return true;
}
