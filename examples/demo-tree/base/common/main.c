// SPDX-License-Identifier: Apache-2.0
#include <boot.h>
#include <generated/version.h>
#include <os.h>

static void show_banner(void)
{
	printf("\n%s", TINYBOOT_VERSION);
	if (TINYBOOT_EPOCH) {
		struct date date;
		char text[32];

		date_from_seconds(TINYBOOT_EPOCH, &date);
		date_format(&date, text, sizeof(text));
		printf(" (%s)", text);
	}
	printf("\n\nModel: %s\nDRAM:  %u KiB\n", board.name, board.ram_kib);
}

static int init_none(void)
{
	return 0;
}

struct init_step {
	const char *name;
	int (*run)(void);
};

static int init_sequence(void)
{
	const struct init_step steps[] = {
		{ "board", board.init ? board.init : init_none },
#ifdef CONFIG_MMC
		{ "mmc", mmc_init },
#endif
		{ "env", env_init },
#ifdef CONFIG_BOARD_LATE_INIT
		{ "late board", board.late_init ? board.late_init : init_none },
#endif
	};

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		int err = steps[i].run();

		if (err) {
			log_err("%s: init failed: %d\n", steps[i].name, err);
			return err;
		}
		log_info("%s: ready\n", steps[i].name);
	}
	return 0;
}

static int interactive(void)
{
	char line[256];
	int ret = 0;

	for (;;) {
		puts_raw(CONFIG_SYS_PROMPT);
		serial_port.flush();
		if (os_read_line(line, sizeof(line)) < 0)
			return ret;
#ifdef CONFIG_WATCHDOG
		watchdog_kick();
#endif
		ret = cli_run(line);
	}
}

int boot_main(const char *commands)
{
	int ret;

	show_banner();
	ret = init_sequence();
#ifdef CONFIG_WATCHDOG
	watchdog_start();
#endif
	if (!ret && commands) {
		ret = cli_run(commands);
	} else if (!ret) {
		cli_run(env_get("bootcmd") ? env_get("bootcmd") : CONFIG_BOOTCOMMAND);
		ret = interactive();
	}
	serial_port.flush();
	return ret ? 1 : 0;
}
