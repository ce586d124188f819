// SPDX-License-Identifier: Apache-2.0
/* The tar archive (ustar) that begins at block 64 of the card. */
#include <boot.h>

#define FIRST_BLOCK	64
#define NAME_SIZE	100
#define SIZE_AT		124
#define MAGIC_AT	257

static uint32_t octal(const uint8_t *p, size_t len)
{
	uint32_t val = 0;

	for (; len && *p >= '0' && *p <= '7'; len--)
		val = val * 8 + *p++ - '0';
	return val;
}

int tar_each(int (*fn)(const char *name, uint32_t size, uint32_t block, void *ctx), void *ctx)
{
	uint8_t header[MMC_BLOCK_SIZE];
	uint32_t block = FIRST_BLOCK;
	char name[NAME_SIZE + 1];

	for (;;) {
		uint32_t size;
		int ret = mmc_read(block, 1, header);

		if (ret)
			return ret;
		if (memcmp(header + MAGIC_AT, "ustar", 5))
			return 0;
		memcpy(name, header, NAME_SIZE);
		name[NAME_SIZE] = '\0';
		size = octal(header + SIZE_AT, 11);
		ret = fn(name, size, block + 1, ctx);
		if (ret)
			return ret;
		block += 1 + (size + MMC_BLOCK_SIZE - 1) / MMC_BLOCK_SIZE;
	}
}

struct wanted {
	const char *name;
	uint32_t size, block;
};

static int match(const char *name, uint32_t size, uint32_t block, void *ctx)
{
	struct wanted *w = ctx;

	if (strcmp(name, w->name))
		return 0;
	w->size = size;
	w->block = block;
	return 1;
}

int tar_load(const char *name, void *to, size_t room)
{
	struct wanted w = { name, 0, 0 };
	uint32_t blocks;
	int ret = tar_each(match, &w);

	if (ret <= 0)
		return ret ? ret : -ERR_NOENT;
	blocks = (w.size + MMC_BLOCK_SIZE - 1) / MMC_BLOCK_SIZE;
	if (blocks * MMC_BLOCK_SIZE > room)
		return -ERR_NOSPC;
	ret = mmc_read(w.block, blocks, to);
	return ret ? ret : (int)w.size;
}
