// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

#define PER_LINE 16

void hexdump(const void *data, size_t len, unsigned long shown_address)
{
	const uint8_t *p = data;

	for (size_t at = 0; at < len; at += PER_LINE) {
		size_t n = MIN(len - at, PER_LINE);

		printf("%08lx:", shown_address + (unsigned long)at);
		for (size_t i = 0; i < PER_LINE; i++) {
			if (i < n)
				printf(" %02x", p[at + i]);
			else
				puts_raw("   ");
		}
		puts_raw("  ");
		for (size_t i = 0; i < n; i++)
			printf("%c", p[at + i] >= ' ' && p[at + i] < 0x7f ? p[at + i] : '.');
		puts_raw("\n");
	}
}
