// SPDX-License-Identifier: Apache-2.0
/* The board's memory: commands address it from 0, buffers are taken from its end. */
#include <boot.h>

static uint8_t ram[CONFIG_SYS_MALLOC_LEN] __attribute__((aligned(16)));
static size_t taken;

uint8_t *ram_at(unsigned long offset, size_t len)
{
	size_t room = sizeof(ram) - taken;

	if (offset > room || len > room - offset) {
		printf("Address 0x%lx is out of range (0x%lx bytes of memory)\n", offset,
		       (unsigned long)room);
		return NULL;
	}
	return ram + offset;
}

void *boot_alloc(size_t len)
{
	len = (len + 15) & ~(size_t)15;
	if (len > sizeof(ram) - taken)
		return NULL;
	taken += len;
	return ram + sizeof(ram) - taken;
}
