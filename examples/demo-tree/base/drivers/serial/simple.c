// SPDX-License-Identifier: Apache-2.0
/* A port that takes one character at a time. */
#include <boot.h>
#include <os.h>

static void simple_put(char c)
{
	os_write(&c, 1);
}

static void simple_flush(void)
{
}

const struct serial_ops serial_port = {
	.name = "simple",
	.put = simple_put,
	.flush = simple_flush,
};
