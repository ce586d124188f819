// SPDX-License-Identifier: Apache-2.0
#include <boot.h>
#include <os.h>

static uint64_t start_us;

/* Microseconds since this was first asked. */
uint64_t timer_us(void)
{
	uint64_t now = os_time_us();

	if (!start_us)
		start_us = now;
	return now - start_us;
}

void timer_wait_us(uint64_t us)
{
	uint64_t end = timer_us() + us;

	while (timer_us() < end) {
#ifdef CONFIG_WATCHDOG
		watchdog_kick();
#endif
	}
}
