// SPDX-License-Identifier: Apache-2.0
/* Where the program begins: u-boot [-c COMMANDS] */
#include <boot.h>
#include <os.h>

int main(int argc, char **argv);

int main(int argc, char **argv)
{
	const char *commands = NULL;

	if (argc == 3 && !strcmp(argv[1], "-c")) {
		commands = argv[2];
	} else if (argc != 1) {
		puts_raw("usage: u-boot [-c COMMANDS]\n");
		serial_port.flush();
		os_exit(1);
	}
	os_exit(boot_main(commands));
}
