// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

const struct board board = {
	.name = "Harbour Hazel",
	.ram_kib = 4096,
	.clock_hz = 400000000,
};
