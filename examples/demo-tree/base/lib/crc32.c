// SPDX-License-Identifier: Apache-2.0
/* The CRC of Ethernet and zlib (polynomial 0x04c11db7, bits reversed). */
#include <lib.h>

#define POLYNOMIAL 0xedb88320u

#ifdef CONFIG_SPL_BUILD
/* bit by bit: slow, and without a table of 1 KiB */
static uint32_t step(uint32_t crc, uint8_t byte)
{
	crc ^= byte;
	for (int bit = 0; bit < 8; bit++)
		crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
	return crc;
}
#else
static uint32_t table[256];

static void make_table(void)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(table); i++) {
		uint32_t crc = i;

		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
		table[i] = crc;
	}
}

static uint32_t step(uint32_t crc, uint8_t byte)
{
	if (!table[1])
		make_table();
	return crc >> 8 ^ table[(uint8_t)(crc ^ byte)];
}
#endif

uint32_t crc32(uint32_t crc, const void *data, size_t len)
{
	const uint8_t *p = data;

	crc = ~crc;
	while (len--)
		crc = step(crc, *p++);
	return ~crc;
}
