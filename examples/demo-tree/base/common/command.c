// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

const struct command *command_find(const char *name)
{
	const struct command *cmd;

	for (cmd = __start_boot_commands; cmd < __stop_boot_commands; cmd++)
		if (!strcmp(cmd->name, name))
			return cmd;
	return NULL;
}

int command_run(int argc, char *const argv[])
{
	const struct command *cmd = command_find(argv[0]);

	if (!cmd) {
		printf("Unknown command '%s' - try 'help'\n", argv[0]);
		return -ERR_NOENT;
	}
	if (argc < cmd->min_args || argc > cmd->max_args) {
		printf("Usage: %s %s\n", cmd->name, cmd->usage);
		return -ERR_INVAL;
	}
	return cmd->run(argc, argv);
}
