// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

static uint64_t deadline_us;

void watchdog_kick(void)
{
	if (deadline_us)
		deadline_us = timer_us() + CONFIG_WATCHDOG_TIMEOUT_MS * 1000ULL;
}

void watchdog_start(void)
{
	deadline_us = 1;
	watchdog_kick();
	log_info("watchdog: %d ms\n", CONFIG_WATCHDOG_TIMEOUT_MS);
}

bool watchdog_expired(void)
{
	return deadline_us && timer_us() > deadline_us;
}
