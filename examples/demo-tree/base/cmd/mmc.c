// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

static int info(void)
{
	printf("Device: card\nBlock size: %d\nCapacity: %u KiB\n", MMC_BLOCK_SIZE,
	       mmc_blocks() / 2);
	return 0;
}

static int transfer(char *const argv[], bool write)
{
	unsigned long at, block, count;
	uint8_t *p;
	int err;

	if (!parse_number(argv[2], 16, &at) || !parse_number(argv[3], 16, &block) ||
	    !parse_number(argv[4], 16, &count) || count > mmc_blocks())
		return -ERR_INVAL;
	p = ram_at(at, count * MMC_BLOCK_SIZE);
	if (!p)
		return -ERR_INVAL;
	err = write ? mmc_write(block, count, p) : mmc_read(block, count, p);
	printf("MMC %s: block # %lu, count %lu ... %s\n", argv[1], block, count,
	       err ? "ERROR" : "OK");
	return err;
}

static int do_mmc(int argc, char *const argv[])
{
	if (argc == 2 && !strcmp(argv[1], "info"))
		return info();
	if (argc == 5 && (!strcmp(argv[1], "read") || !strcmp(argv[1], "write")))
		return transfer(argv, argv[1][0] == 'w');
	puts_raw("mmc: bad arguments\n");
	return -ERR_INVAL;
}

COMMAND(mmc, 2, 5, do_mmc, "info | read address block count | write address block count");
