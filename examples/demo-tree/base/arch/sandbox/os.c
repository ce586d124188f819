// SPDX-License-Identifier: Apache-2.0
/* The only file that uses the host's libc. */
#include <os.h>
#include <time.h>
#include <unistd.h>

void os_write(const char *buf, size_t len)
{
	while (len) {
		ssize_t n = write(1, buf, len);

		if (n <= 0)
			return;
		buf += n;
		len -= n;
	}
}

/* A line without its end; -1 at the end of the input. */
int os_read_line(char *buf, size_t size)
{
	size_t len = 0;
	char c;

	while (read(0, &c, 1) == 1) {
		if (c == '\n') {
			buf[len] = '\0';
			return len;
		}
		if (len + 1 < size)
			buf[len++] = c;
	}
	buf[len] = '\0';
	return len ? (int)len : -1;
}

static uint64_t microseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

uint64_t os_time_us(void)
{
	return microseconds(CLOCK_MONOTONIC);
}

uint64_t os_wall_seconds(void)
{
	return microseconds(CLOCK_REALTIME) / 1000000;
}

void os_exit(int code)
{
	_exit(code);
}
