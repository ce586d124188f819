// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

static int do_sha256sum(int argc, char *const argv[])
{
	uint8_t digest[SHA256_SIZE];
	unsigned long at, len;
	struct sha256 ctx;
	uint8_t *p;

	if (!parse_number(argv[1], 16, &at) || !parse_number(argv[2], 16, &len))
		return -ERR_INVAL;
	p = ram_at(at, len);
	if (!p)
		return -ERR_INVAL;
	sha256_start(&ctx);
	sha256_add(&ctx, p, len);
	sha256_end(&ctx, digest);
	for (int i = 0; i < SHA256_SIZE; i++)
		printf("%02x", digest[i]);
	puts_raw("\n");
	return 0;
}

COMMAND(sha256sum, 3, 3, do_sha256sum, "address length - hash memory");
