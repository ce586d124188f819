/* SPDX-License-Identifier: Apache-2.0 */
/* What the sandbox asks of the machine it runs on. */
#ifndef OS_H
#define OS_H

#include <stddef.h>
#include <stdint.h>

void os_write(const char *buf, size_t len);
int os_read_line(char *buf, size_t size);
uint64_t os_time_us(void);
uint64_t os_wall_seconds(void);
void os_exit(int code) __attribute__((noreturn));

/* The images' entry: returns the exit code. */
int boot_main(const char *commands);

#endif
