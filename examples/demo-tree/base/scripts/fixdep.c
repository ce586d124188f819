// SPDX-License-Identifier: Apache-2.0
/*
 * fixdep - make an object depend on the config symbols that it uses
 *
 *   fixdep OBJECT DEPFILE COMMAND > OBJECT.cmd
 *
 * Every file sees include/generated/autoconf.h, so with gcc's own dependencies any
 * change of the configuration would build everything again. This reads the files that
 * gcc lists, leaves autoconf.h out, and adds include/config/NAME for each CONFIG_NAME
 * that is mentioned in them. conf touches that file when the symbol's value changes.
 * The command line is written too, so that a change of flags builds again.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SEEN	512

static char *seen[MAX_SEEN];
static int n_seen;

static char *read_all(const char *path)
{
	size_t len = 0, room = 4096, got;
	char *buf = malloc(room);
	FILE *f = fopen(path, "rb");

	if (!f || !buf) {
		fprintf(stderr, "fixdep: %s: %s\n", path, strerror(errno));
		exit(1);
	}
	while ((got = fread(buf + len, 1, room - len - 1, f)) > 0) {
		len += got;
		if (room - len < 2 && !(buf = realloc(buf, room *= 2)))
			exit(1);
	}
	fclose(f);
	buf[len] = '\0';
	return buf;
}

static void use_symbol(const char *name, int len)
{
	for (int i = 0; i < n_seen; i++)
		if ((int)strlen(seen[i]) == len && !memcmp(seen[i], name, len))
			return;
	if (n_seen == MAX_SEEN) {
		fprintf(stderr, "fixdep: more than %d symbols\n", MAX_SEEN);
		exit(1);
	}
	seen[n_seen] = calloc(1, len + 1);
	memcpy(seen[n_seen++], name, len);
	printf(" \\\n  $(wildcard include/config/%.*s)", len, name);
}

static void scan(const char *path)
{
	char *text = read_all(path), *p = text;

	while ((p = strstr(p, "CONFIG_"))) {
		int own = p > text && (isalnum((unsigned char)p[-1]) || p[-1] == '_');
		int len = 0;

		p += strlen("CONFIG_");
		while (isalnum((unsigned char)p[len]) || p[len] == '_')
			len++;
		if (len && !own)
			use_symbol(p, len);
		p += len;
	}
	free(text);
}

int main(int argc, char **argv)
{
	static const char skip[] = "include/generated/autoconf.h";
	const size_t skip_len = sizeof(skip) - 1;
	char *deps, *word, *list[MAX_SEEN];
	int n = 0;

	if (argc != 4) {
		fprintf(stderr, "usage: fixdep OBJECT DEPFILE COMMAND\n");
		return 1;
	}
	deps = read_all(argv[2]);
	printf("cmd_%s := %s\n\ndeps_%s :=", argv[1], argv[3], argv[1]);
	word = strchr(deps, ':');
	for (word = strtok(word ? word + 1 : deps, " \t\r\n\\"); word; word = strtok(NULL, " \t\r\n\\")) {
		size_t len = strlen(word);

		if (len >= skip_len && !strcmp(word + len - skip_len, skip))
			continue;
		printf(" \\\n  %s", word);
		if (n == MAX_SEEN)
			return 1;
		list[n++] = word;
	}
	for (int i = 0; i < n; i++)
		scan(list[i]);
	printf("\n\n%s: $(deps_%s)\n\n$(deps_%s):\n", argv[1], argv[1], argv[1]);
	return 0;
}
