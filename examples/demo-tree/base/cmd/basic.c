// SPDX-License-Identifier: Apache-2.0
#include <boot.h>
#include <generated/version.h>

static int do_help(int argc, char *const argv[])
{
	const struct command *cmd;

	for (cmd = __start_boot_commands; cmd < __stop_boot_commands; cmd++)
		if (argc == 1 || !strcmp(cmd->name, argv[1]))
			printf("%-10s %s\n", cmd->name, cmd->usage);
	return 0;
}

static int do_version(int argc, char *const argv[])
{
	printf("%s for %s at %u MHz\n", TINYBOOT_VERSION, board.name, board.clock_hz / 1000000);
	return 0;
}

static int do_echo(int argc, char *const argv[])
{
	for (int i = 1; i < argc; i++)
		printf("%s%s", i > 1 ? " " : "", argv[i]);
	puts_raw("\n");
	return 0;
}

static int do_sleep(int argc, char *const argv[])
{
	unsigned long seconds;

	if (!parse_number(argv[1], 10, &seconds))
		return -ERR_INVAL;
	timer_wait_us(seconds * 1000000ULL);
	return 0;
}

COMMAND(help, 1, 2, do_help, "[command] - list the commands");
COMMAND(version, 1, 1, do_version, "- show the version and the board");
COMMAND(echo, 1, 16, do_echo, "[words] - print them");
COMMAND(sleep, 2, 2, do_sleep, "seconds - wait");
