// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

static int gale_late_init(void)
{
	return env_set("ethport", "ring");
}

const struct board board = {
	.name = "Dune Gale",
	.ram_kib = 8192,
	.clock_hz = 600000000,
	.late_init = gale_late_init,
};
