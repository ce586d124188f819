/* SPDX-License-Identifier: Apache-2.0 */
/* The boot loader's own parts: console, commands, environment, boards. */
#ifndef BOOT_H
#define BOOT_H

#include <lib.h>

/* ---- console ---- */

void puts_raw(const char *s);
int printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Messages with a level above CONFIG_LOG_LEVEL are not even built in. */
#define log_at(level, ...) \
	do { \
		if ((level) <= CONFIG_LOG_LEVEL) \
			printf(__VA_ARGS__); \
	} while (0)
#define log_err(...) log_at(3, __VA_ARGS__)
#define log_info(...) log_at(6, __VA_ARGS__)

struct serial_ops {
	const char *name;
	void (*put)(char c);
	void (*flush)(void);
};

extern const struct serial_ops serial_port;

/* ---- commands ---- */

struct command {
	const char *name;
	int min_args, max_args; /* counting the name itself */
	int (*run)(int argc, char *const argv[]);
	const char *usage;
};

/* The linker gathers them; nobody keeps a list. */
#define COMMAND(_name, _min, _max, _run, _usage) \
	static const struct command boot_command_##_name \
		__attribute__((used, section("boot_commands"), aligned(8))) = { \
			.name = #_name, .min_args = (_min), .max_args = (_max), \
			.run = (_run), .usage = (_usage) }

extern const struct command __start_boot_commands[], __stop_boot_commands[];

const struct command *command_find(const char *name);
int command_run(int argc, char *const argv[]);
/* Run a line: commands parted by ';', with $name and "quotes". */
int cli_run(const char *line);

/* ---- environment ---- */

int env_init(void);
const char *env_get(const char *name);
int env_set(const char *name, const char *value);
/* Call for each name; it stops when the function returns non-zero. */
int env_each(int (*fn)(const char *name, const char *value));
int env_save(void);
/* The storage behind it: returns the bytes read or an error. */
int env_storage_load(char *buf, size_t size);
int env_storage_save(const char *buf, size_t size);

/* ---- memory that the commands can use ---- */

uint8_t *ram_at(unsigned long offset, size_t len);
void *boot_alloc(size_t len);

/* ---- devices ---- */

#define MMC_BLOCK_SIZE 512

int mmc_init(void);
int mmc_read(uint32_t block, uint32_t count, void *to);
int mmc_write(uint32_t block, uint32_t count, const void *from);
uint32_t mmc_blocks(void);

uint64_t timer_us(void);
void timer_wait_us(uint64_t us);
int gpio_get(unsigned int pin);
int gpio_set(unsigned int pin, int value);
uint64_t rtc_seconds(void);
void watchdog_start(void);
void watchdog_kick(void);
bool watchdog_expired(void);

int tar_each(int (*fn)(const char *name, uint32_t size, uint32_t block, void *ctx), void *ctx);
int tar_load(const char *name, void *to, size_t room);

/* ---- the board, in board/VENDOR/BOARD ---- */

struct board {
	const char *name;
	uint32_t ram_kib;
	uint32_t clock_hz;
	int (*init)(void);
	int (*late_init)(void);
};

extern const struct board board;

#endif
