// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

#define LED_PIN 5

static int cedar_init(void)
{
	return gpio_set(LED_PIN, 1);
}

static int cedar_late_init(void)
{
	return env_set("led", gpio_get(LED_PIN) ? "on" : "off");
}

const struct board board = {
	.name = "Acme Cedar",
	.ram_kib = 1024,
	.clock_hz = 120000000,
	.init = cedar_init,
	.late_init = cedar_late_init,
};
