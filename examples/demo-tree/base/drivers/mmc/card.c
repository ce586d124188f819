// SPDX-License-Identifier: Apache-2.0
/* A card in memory. It comes with a small tar archive and nothing else on it. */
#include <boot.h>

static uint8_t card[CONFIG_MMC_BLOCKS][MMC_BLOCK_SIZE];
static bool ready;

#define TAR_BLOCK 64

/* One member of a tar archive: a header block and a data block. */
static void add_file(uint32_t block, const char *name, const char *text)
{
	uint8_t *header = card[block];
	unsigned int sum = 0;

	strlcpy((char *)header, name, 100);
	snprintf((char *)header + 124, 12, "%011x", 0);
	for (size_t i = 0, len = strlen(text); i < 11; i++, len /= 8)
		header[124 + 10 - i] = '0' + len % 8;
	memcpy(header + 257, "ustar", 6);
	memset(header + 148, ' ', 8);
	for (int i = 0; i < MMC_BLOCK_SIZE; i++)
		sum += header[i];
	for (int i = 0; i < 6; i++, sum /= 8)
		header[148 + 5 - i] = '0' + sum % 8;
	header[154] = '\0';
	memcpy(card[block + 1], text, strlen(text));
}

int mmc_init(void)
{
	if (ready)
		return 0;
	ready = true;
	add_file(TAR_BLOCK, "boot.txt", "echo booting from the card\n");
	add_file(TAR_BLOCK + 2, "readme.txt", "This card is made when the board starts.\n");
	return 0;
}

uint32_t mmc_blocks(void)
{
	return CONFIG_MMC_BLOCKS;
}

static int check_range(uint32_t block, uint32_t count)
{
	if (!ready)
		return -ERR_NODEV;
	return block > CONFIG_MMC_BLOCKS || count > CONFIG_MMC_BLOCKS - block ? -ERR_INVAL : 0;
}

int mmc_read(uint32_t block, uint32_t count, void *to)
{
	int err = check_range(block, count);

	if (!err)
		memcpy(to, card[block], (size_t)count * MMC_BLOCK_SIZE);
	return err;
}

int mmc_write(uint32_t block, uint32_t count, const void *from)
{
	int err = check_range(block, count);

	if (!err)
		memcpy(card[block], from, (size_t)count * MMC_BLOCK_SIZE);
	return err;
}
