// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

#define SWITCH_RECOVERY 3

static int fir_late_init(void)
{
	/* the switch is open (0) unless somebody holds it */
	if (gpio_get(SWITCH_RECOVERY))
		return env_set("bootcmd", "echo recovery");
	return 0;
}

const struct board board = {
	.name = "Dune Fir",
	.ram_kib = 256,
	.clock_hz = 32000000,
	.late_init = fir_late_init,
};
