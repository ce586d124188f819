/* SPDX-License-Identifier: Apache-2.0 */
/* The library: strings, printing, checksums. Nothing here comes from the host's libc. */
#ifndef LIB_H
#define LIB_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))

/* Errors are returned as negative numbers, everywhere. */
enum {
	ERR_INVAL = 22,
	ERR_NOSPC = 28,
	ERR_NODEV = 19,
	ERR_NOENT = 2,
	ERR_TIMEOUT = 110,
	ERR_BADDATA = 74,
};

void *memcpy(void *to, const void *from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
int memcmp(const void *a, const void *b, size_t len);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t len);
char *strchr(const char *s, int c);
/* Copy what fits, always end with a NUL; returns the length of what was there to copy. */
size_t strlcpy(char *to, const char *from, size_t size);

int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));
int snprintf(char *buf, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* A number with an optional 0x; false if there is anything else in the text. */
bool parse_number(const char *text, unsigned int base, unsigned long *result);

uint32_t crc32(uint32_t crc, const void *data, size_t len);
void hexdump(const void *data, size_t len, unsigned long shown_address);

struct sha256 {
	uint32_t state[8];
	uint64_t len;
	uint8_t block[64];
};

#define SHA256_SIZE 32

void sha256_start(struct sha256 *ctx);
void sha256_add(struct sha256 *ctx, const void *data, size_t len);
void sha256_end(struct sha256 *ctx, uint8_t digest[SHA256_SIZE]);

/* Expand an LZ4 block; returns the length of the result, or an error. */
int lz_expand(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_size);

struct date {
	unsigned int year, month, day, hour, minute, second;
};

/* Seconds since 1970 as a date in UTC. */
void date_from_seconds(uint64_t seconds, struct date *date);
int date_format(const struct date *date, char *buf, size_t size);

#endif
