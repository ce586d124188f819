// SPDX-License-Identifier: Apache-2.0
/* The first stage: set the board up, find the main image and check it. */
#include <boot.h>
#include <generated/version.h>
#include <os.h>

#define IMAGE_MAGIC	0x54425431 /* "TBT1" */
#define IMAGE_BLOCK	16

struct image_header {
	uint32_t magic;
	uint32_t size;
	uint32_t crc;
	char name[32];
};

#ifdef CONFIG_SPL_MMC
static uint8_t load_area[16 * MMC_BLOCK_SIZE];

static int load_image(void)
{
	struct image_header *header = (struct image_header *)load_area;
	uint32_t blocks;
	int err = mmc_init();

	if (!err)
		err = mmc_read(IMAGE_BLOCK, 1, load_area);
	if (err)
		return err;
	if (header->magic != IMAGE_MAGIC)
		return -ERR_NOENT;
	blocks = (header->size + MMC_BLOCK_SIZE - 1) / MMC_BLOCK_SIZE;
	if (blocks >= sizeof(load_area) / MMC_BLOCK_SIZE)
		return -ERR_NOSPC;
	err = mmc_read(IMAGE_BLOCK + 1, blocks, load_area + MMC_BLOCK_SIZE);
#ifdef CONFIG_SPL_CRC32
	if (!err && crc32(0, load_area + MMC_BLOCK_SIZE, header->size) != header->crc)
		err = -ERR_BADDATA;
#endif
	return err;
}
#else
static int load_image(void)
{
	return -ERR_NODEV;
}
#endif

int boot_main(const char *commands)
{
	int err;

	printf("%s SPL for %s\n", TINYBOOT_VERSION, board.name);
	if (commands)
		puts_raw("SPL has no commands\n");
	err = board.init ? board.init() : 0;
	if (!err)
		err = load_image();
	if (err)
		printf("No main image: error %d\n", err);
	serial_port.flush();
	return err ? 1 : 0;
}
