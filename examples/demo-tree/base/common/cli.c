// SPDX-License-Identifier: Apache-2.0
/* The command line: words, quotes, $variables, and ';' between commands. */
#include <boot.h>

#define MAX_ARGS	16
#define MAX_TEXT	512

struct parse {
	char text[MAX_TEXT];
	size_t len;
	char *argv[MAX_ARGS + 1];
	int argc;
	bool in_word;
	bool overflow;
};

static void add_char(struct parse *p, char c)
{
	if (!p->in_word) {
		if (p->argc == MAX_ARGS) {
			p->overflow = true;
			return;
		}
		p->argv[p->argc++] = p->text + p->len;
		p->in_word = true;
	}
	if (p->len + 2 > sizeof(p->text)) {
		p->overflow = true;
		return;
	}
	p->text[p->len++] = c;
}

static void end_word(struct parse *p)
{
	if (!p->in_word)
		return;
	p->text[p->len] = '\0';
	if (p->len + 1 < sizeof(p->text))
		p->len++;
	else
		p->overflow = true;
	p->in_word = false;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Put a variable's value in; returns what follows its name. */
static const char *expand(struct parse *p, const char *s)
{
	char name[32];
	const char *value;
	size_t len = 0;

	while (is_name_char(*s) && len + 1 < sizeof(name))
		name[len++] = *s++;
	name[len] = '\0';
	value = env_get(name);
	while (value && *value)
		add_char(p, *value++);
	return s;
}

/* Take one command off the line; returns what is left of it. */
static const char *next_command(struct parse *p, const char *s)
{
	char quote = '\0';

	memset(p, 0, sizeof(*p));
	while (*s) {
		char c = *s++;

		if (quote && c == quote) {
			quote = '\0';
		} else if (!quote && (c == '"' || c == '\'')) {
			quote = c;
		} else if (c == '$' && quote != '\'') {
			s = expand(p, s);
		} else if (!quote && (c == ' ' || c == '\t')) {
			end_word(p);
		} else if (!quote && c == ';') {
			break;
		} else {
			add_char(p, c);
		}
	}
	end_word(p);
	return s;
}

int cli_run(const char *line)
{
	struct parse p;
	int ret = 0;

	while (*line) {
		line = next_command(&p, line);
		if (p.overflow) {
			puts_raw("Line too long\n");
			return -ERR_NOSPC;
		}
		if (p.argc)
			ret = command_run(p.argc, p.argv);
	}
	return ret;
}
