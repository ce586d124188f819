// SPDX-License-Identifier: Apache-2.0
/* The environment on the card: its CRC in the first block, the text in those after it. */
#include <boot.h>

#define ENV_BLOCK 128

int env_storage_load(char *buf, size_t size)
{
	static uint8_t first[MMC_BLOCK_SIZE];
	size_t blocks = size / MMC_BLOCK_SIZE;
	uint32_t crc;
	int err = mmc_read(ENV_BLOCK, 1, first);

	if (!err)
		err = mmc_read(ENV_BLOCK + 1, blocks, buf);
	if (err)
		return err;
	memcpy(&crc, first, sizeof(crc));
	return crc && crc == crc32(0, buf, blocks * MMC_BLOCK_SIZE) ? (int)size : 0;
}

int env_storage_save(const char *buf, size_t size)
{
	static uint8_t first[MMC_BLOCK_SIZE];
	size_t blocks = (size - 2) / MMC_BLOCK_SIZE;
	uint32_t crc = crc32(0, buf, blocks * MMC_BLOCK_SIZE);
	int err;

	memcpy(first, &crc, sizeof(crc));
	err = mmc_write(ENV_BLOCK, 1, first);
	return err ? err : mmc_write(ENV_BLOCK + 1, blocks, buf);
}
