// SPDX-License-Identifier: Apache-2.0
/* A port with a FIFO: characters go out when it is full, or at a line's end. */
#include <boot.h>
#include <os.h>

static char fifo[CONFIG_SERIAL_FIFO_SIZE];
static size_t filled;

static void fifo_flush(void)
{
	os_write(fifo, filled);
	filled = 0;
}

static void fifo_put(char c)
{
	fifo[filled++] = c;
	if (filled == sizeof(fifo) || c == '\n')
		fifo_flush();
}

const struct serial_ops serial_port = {
	.name = "fifo",
	.put = fifo_put,
	.flush = fifo_flush,
};
