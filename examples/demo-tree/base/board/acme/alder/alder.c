// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

const struct board board = {
	.name = "Acme Alder",
	.ram_kib = 512,
	.clock_hz = 48000000,
};
