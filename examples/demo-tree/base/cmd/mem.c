// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

static uint8_t *range(const char *at_text, const char *len_text, unsigned long *at,
		      unsigned long *len)
{
	if (!parse_number(at_text, 16, at) || !parse_number(len_text, 16, len)) {
		puts_raw("Not a hex number\n");
		return NULL;
	}
	return ram_at(*at, *len);
}

static int do_md(int argc, char *const argv[])
{
	unsigned long at, len;
	uint8_t *p = range(argv[1], argc > 2 ? argv[2] : "40", &at, &len);

	if (!p)
		return -ERR_INVAL;
	hexdump(p, len, at);
	return 0;
}

static int do_mw(int argc, char *const argv[])
{
	unsigned long at, len, byte;
	uint8_t *p = range(argv[1], argc > 3 ? argv[3] : "1", &at, &len);

	if (!p || !parse_number(argv[2], 16, &byte))
		return -ERR_INVAL;
	memset(p, byte, len);
	return 0;
}

static int do_cmp(int argc, char *const argv[])
{
	unsigned long a, b, len, same = 0;
	uint8_t *p = range(argv[1], argv[3], &a, &len);
	uint8_t *q = range(argv[2], argv[3], &b, &len);

	if (!p || !q)
		return -ERR_INVAL;
	while (same < len && p[same] == q[same])
		same++;
	if (same < len)
		printf("byte at 0x%08lx (0x%02x) != byte at 0x%08lx (0x%02x)\n", a + same, p[same],
		       b + same, q[same]);
	printf("Total of %lu byte(s) were the same\n", same);
	return same < len;
}

static int do_crc32(int argc, char *const argv[])
{
	unsigned long at, len;
	uint8_t *p = range(argv[1], argv[2], &at, &len);

	if (!p)
		return -ERR_INVAL;
	printf("crc32 for %08lx ... %08lx ==> %08x\n", at, at + len - 1, crc32(0, p, len));
	return 0;
}

COMMAND(md, 2, 3, do_md, "address [length] - show memory");
COMMAND(mw, 3, 4, do_mw, "address byte [length] - fill memory");
COMMAND(cmp, 4, 4, do_cmp, "address address length - compare memory");
COMMAND(crc32, 3, 3, do_crc32, "address length - checksum memory");
