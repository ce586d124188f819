// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

/* The clock is a crystal times a PLL's factor. */
#define CRYSTAL_HZ	24000000
#define PLL_FACTOR	33

static uint32_t pll_locked;

static int birch_init(void)
{
	pll_locked = 1;
	return pll_locked ? 0 : -ERR_TIMEOUT;
}

const struct board board = {
	.name = "Acme Birch",
	.ram_kib = 2048,
	.clock_hz = CRYSTAL_HZ * PLL_FACTOR,
	.init = birch_init,
};
