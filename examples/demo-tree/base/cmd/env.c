// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

static int show(const char *name, const char *value)
{
	printf("%s=%s\n", name, value);
	return 0;
}

static int do_printenv(int argc, char *const argv[])
{
	const char *value;

	if (argc == 1)
		return env_each(show);
	value = env_get(argv[1]);
	if (!value) {
		printf("\"%s\" not defined\n", argv[1]);
		return -ERR_NOENT;
	}
	return show(argv[1], value);
}

static int do_setenv(int argc, char *const argv[])
{
	return env_set(argv[1], argc > 2 ? argv[2] : NULL);
}

static int do_saveenv(int argc, char *const argv[])
{
	int err = env_save();

	printf("Saving environment: %s\n", err ? "failed" : "OK");
	return err;
}

static int do_run(int argc, char *const argv[])
{
	const char *value = env_get(argv[1]);
	static int depth;
	int ret;

	if (!value)
		return -ERR_NOENT;
	if (depth == 8) {
		puts_raw("run: too deep\n");
		return -ERR_NOSPC;
	}
	depth++;
	ret = cli_run(value);
	depth--;
	return ret;
}

COMMAND(printenv, 1, 2, do_printenv, "[name] - show variables");
COMMAND(setenv, 2, 3, do_setenv, "name [value] - set or remove a variable");
COMMAND(saveenv, 1, 1, do_saveenv, "- keep the variables");
COMMAND(run, 2, 2, do_run, "name - run a variable's text as commands");
