// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

static int show(const char *name, uint32_t size, uint32_t block, void *ctx)
{
	printf("%8u %s\n", size, name);
	return 0;
}

static int do_tar(int argc, char *const argv[])
{
	unsigned long at;
	uint8_t *p;
	int ret;

	if (argc == 2 && !strcmp(argv[1], "list"))
		return tar_each(show, NULL);
	if (argc != 4 || strcmp(argv[1], "load") || !parse_number(argv[3], 16, &at))
		return -ERR_INVAL;
	p = ram_at(at, MMC_BLOCK_SIZE);
	if (!p)
		return -ERR_INVAL;
	ret = tar_load(argv[2], p, MMC_BLOCK_SIZE);
	if (ret < 0)
		return ret;
	printf("%d bytes read\n", ret);
	return 0;
}

COMMAND(tar, 2, 4, do_tar, "list | load name address - the archive on the card");
