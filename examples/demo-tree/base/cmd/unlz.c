// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

static int do_unlz(int argc, char *const argv[])
{
	unsigned long from, len, to, room;
	uint8_t *in, *out;
	int ret;

	if (!parse_number(argv[1], 16, &from) || !parse_number(argv[2], 16, &len) ||
	    !parse_number(argv[3], 16, &to) || !parse_number(argv[4], 16, &room))
		return -ERR_INVAL;
	in = ram_at(from, len);
	out = ram_at(to, room);
	if (!in || !out)
		return -ERR_INVAL;
	ret = lz_expand(in, len, out, room);
	if (ret < 0) {
		printf("unlz: error %d\n", ret);
		return ret;
	}
	printf("Uncompressed size: %d = 0x%X\n", ret, ret);
	return 0;
}

COMMAND(unlz, 5, 5, do_unlz, "from length to room - expand an LZ4 block");
