// SPDX-License-Identifier: Apache-2.0
/* 32 pins in one register; what is written is what is read. */
#include <boot.h>

#define PINS 32

static uint32_t level;

int gpio_get(unsigned int pin)
{
	return pin < PINS ? (int)(level >> pin & 1) : -ERR_INVAL;
}

int gpio_set(unsigned int pin, int value)
{
	if (pin >= PINS)
		return -ERR_INVAL;
	if (value)
		level |= 1u << pin;
	else
		level &= ~(1u << pin);
	return 0;
}
