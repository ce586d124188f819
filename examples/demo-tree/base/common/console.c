// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

#define LINE_SIZE 512

void puts_raw(const char *s)
{
	while (*s)
		serial_port.put(*s++);
}

int printf(const char *fmt, ...)
{
	char buf[LINE_SIZE];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	puts_raw(buf);
	return n;
}
