// SPDX-License-Identifier: Apache-2.0
/*
 * conf - make a .config from a defconfig, and the generated headers from a .config
 *
 *   conf --defconfig FILE Kconfig    FILE + the defaults -> .config
 *   conf --olddefconfig Kconfig      .config + the defaults -> .config
 *   conf --syncconfig Kconfig        .config -> include/config/auto.conf,
 *                                    include/generated/autoconf.h, and a file
 *                                    include/config/NAME for each symbol, touched
 *                                    only when its value changes
 *
 * It knows a small part of the Kconfig language: config, bool/int/hex/string with
 * a prompt, default ... if, depends on, help, menu, source, comments. Paths in
 * 'source' are relative to $srctree.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SYMBOLS	400
#define MAX_DEFAULTS	8
#define MAX_LINE	1024

enum type { T_NONE, T_BOOL, T_INT, T_HEX, T_STRING };

struct dflt {
	char *value;
	char *cond;
};

struct symbol {
	char *name;
	enum type type;
	int prompt;
	char *depends;
	struct dflt dflt[MAX_DEFAULTS];
	int n_dflt;
	char *user;		/* what the defconfig or .config says */
	char *old;		/* what auto.conf said */
	const char *value;	/* the answer, once it is known */
	int busy;		/* being worked out: finds loops */
};

static struct symbol symbols[MAX_SYMBOLS];
static int n_symbols;

static void fatal(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("conf: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

static char *save(const char *s)
{
	char *p = malloc(strlen(s) + 1);

	if (!p)
		fatal("out of memory");
	return strcpy(p, s);
}

static char *trim(char *s)
{
	char *end;

	while (isspace((unsigned char)*s))
		s++;
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return s;
}

static struct symbol *find(const char *name, size_t len)
{
	for (int i = 0; i < n_symbols; i++)
		if (strlen(symbols[i].name) == len && !memcmp(symbols[i].name, name, len))
			return &symbols[i];
	return NULL;
}

static struct symbol *find_or_add(const char *name)
{
	struct symbol *sym = find(name, strlen(name));

	if (sym)
		return sym;
	if (n_symbols == MAX_SYMBOLS)
		fatal("more than %d symbols", MAX_SYMBOLS);
	sym = &symbols[n_symbols++];
	sym->name = save(name);
	return sym;
}

/* ---- reading Kconfig ---- */

/* If the line begins with the word, return what follows it. */
static char *after(char *line, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(line, word, len) || (line[len] && !isspace((unsigned char)line[len])))
		return NULL;
	return trim(line + len);
}

static void set_type(struct symbol *sym, enum type type, const char *prompt)
{
	sym->type = type;
	sym->prompt = *prompt == '"';
}

static void add_default(struct symbol *sym, char *text)
{
	struct dflt *d;
	char *cond = strstr(text, " if ");

	if (sym->n_dflt == MAX_DEFAULTS)
		fatal("%s: more than %d defaults", sym->name, MAX_DEFAULTS);
	d = &sym->dflt[sym->n_dflt++];
	if (cond) {
		*cond = '\0';
		d->cond = save(trim(cond + 4));
	}
	d->value = save(trim(text));
}

static void add_depends(struct symbol *sym, const char *expr)
{
	char buf[MAX_LINE];

	if (sym->depends)
		snprintf(buf, sizeof(buf), "(%s) && (%s)", sym->depends, expr);
	else
		snprintf(buf, sizeof(buf), "%s", expr);
	free(sym->depends);
	sym->depends = save(buf);
}

static void read_kconfig(const char *path)
{
	const char *srctree = getenv("srctree");
	char full[MAX_LINE], line[MAX_LINE], *text, *rest;
	struct symbol *sym = NULL;
	int in_help = 0, lineno = 0;
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", srctree ? srctree : ".", path);
	f = fopen(full, "r");
	if (!f)
		fatal("%s: %s", full, strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		lineno++;
		if (in_help && (isspace((unsigned char)*line)))
			continue;	/* help goes on while lines are indented */
		in_help = 0;
		text = trim(line);
		if (!*text || *text == '#' || after(text, "mainmenu") || after(text, "menu") ||
		    after(text, "endmenu") || after(text, "comment"))
			continue;
		if ((rest = after(text, "source"))) {
			if (*rest == '"') {
				rest++;
				rest[strcspn(rest, "\"")] = '\0';
			}
			read_kconfig(rest);
			sym = NULL;
		} else if ((rest = after(text, "config"))) {
			sym = find_or_add(rest);
		} else if (!sym) {
			fatal("%s:%d: '%s' is outside any config", path, lineno, text);
		} else if ((rest = after(text, "bool"))) {
			set_type(sym, T_BOOL, rest);
		} else if ((rest = after(text, "int"))) {
			set_type(sym, T_INT, rest);
		} else if ((rest = after(text, "hex"))) {
			set_type(sym, T_HEX, rest);
		} else if ((rest = after(text, "string"))) {
			set_type(sym, T_STRING, rest);
		} else if ((rest = after(text, "default"))) {
			add_default(sym, rest);
		} else if ((rest = after(text, "depends on"))) {
			add_depends(sym, rest);
		} else if (after(text, "help")) {
			in_help = 1;
		} else {
			fatal("%s:%d: unknown word in '%s'", path, lineno, text);
		}
	}
	fclose(f);
}

/* ---- working values out ---- */

static const char *value_of(struct symbol *sym);
static int or_expr(const char **p);

static void skip_space(const char **p)
{
	while (isspace((unsigned char)**p))
		(*p)++;
}

static int primary(const char **p)
{
	struct symbol *sym;
	const char *start;
	int val;

	skip_space(p);
	if (**p == '!') {
		(*p)++;
		return !primary(p);
	}
	if (**p == '(') {
		(*p)++;
		val = or_expr(p);
		skip_space(p);
		if (**p != ')')
			fatal("missing ')' at '%s'", *p);
		(*p)++;
		return val;
	}
	start = *p;
	while (isalnum((unsigned char)**p) || **p == '_')
		(*p)++;
	if (*p == start)
		fatal("bad expression at '%s'", start);
	if (*p - start == 1 && (*start == 'y' || *start == 'n'))
		return *start == 'y';
	sym = find(start, *p - start);
	return sym && !strcmp(value_of(sym), "y");
}

static int and_expr(const char **p)
{
	int val = primary(p);

	for (skip_space(p); !strncmp(*p, "&&", 2); skip_space(p)) {
		*p += 2;
		val &= primary(p);
	}
	return val;
}

static int or_expr(const char **p)
{
	int val = and_expr(p);

	for (skip_space(p); !strncmp(*p, "||", 2); skip_space(p)) {
		*p += 2;
		val |= and_expr(p);
	}
	return val;
}

static int eval(const char *expr)
{
	const char *p = expr;
	int val = or_expr(&p);

	skip_space(&p);
	if (*p)
		fatal("rubbish after an expression: '%s'", p);
	return val;
}

static int visible(const struct symbol *sym)
{
	return !sym->depends || eval(sym->depends);
}

static const char *value_of(struct symbol *sym)
{
	const char *val = NULL;

	if (sym->value)
		return sym->value;
	if (sym->busy)
		fatal("%s depends on itself", sym->name);
	sym->busy = 1;
	if (visible(sym)) {
		if (sym->prompt && sym->user)
			val = sym->user;
		for (int i = 0; !val && i < sym->n_dflt; i++)
			if (!sym->dflt[i].cond || eval(sym->dflt[i].cond))
				val = sym->dflt[i].value;
		if (!val)
			val = sym->type == T_BOOL ? "n" : sym->type == T_STRING ? "\"\"" : "0";
		/* default OTHER: a bool can take its value from an expression */
		if (sym->type == T_BOOL && strcmp(val, "y") && strcmp(val, "n"))
			val = eval(val) ? "y" : "n";
	} else {
		val = "";
	}
	sym->busy = 0;
	return sym->value = val;
}

/* ---- reading and writing configs ---- */

/* Read NAME=value and '# NAME is not set' lines, into ->user or ->old. */
static int read_config(const char *path, int old)
{
	char line[MAX_LINE], *text, *eq, *name;
	struct symbol *sym;
	const char *val;
	FILE *f = fopen(path, "r");

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f)) {
		text = trim(line);
		if (!strncmp(text, "# CONFIG_", 9) && (eq = strstr(text, " is not set"))) {
			name = text + 9;
			val = "n";
		} else if (!strncmp(text, "CONFIG_", 7) && (eq = strchr(text, '='))) {
			name = text + 7;
			val = eq + 1;
		} else {
			continue;
		}
		*eq = '\0';
		/* a symbol that Kconfig doesn't have (any more) is dropped */
		sym = find(name, strlen(name));
		if (!sym && old) {
			sym = find_or_add(name);
			sym->value = "";
		}
		if (sym && old)
			sym->old = save(val);
		else if (sym)
			sym->user = save(val);
	}
	fclose(f);
	return 0;
}

/* Put text in a file, leaving the file alone when it already holds just that. */
static void write_file(const char *path, const char *text, int always)
{
	size_t len = strlen(text);
	char *old = malloc(len + 2);
	FILE *f;

	if (!old)
		fatal("out of memory");
	f = fopen(path, "r");
	if (f) {
		size_t got = fread(old, 1, len + 1, f);

		fclose(f);
		if (!always && got == len && !memcmp(old, text, len)) {
			free(old);
			return;
		}
	}
	free(old);
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f))
		fatal("%s: %s", path, strerror(errno));
}

static char out[MAX_SYMBOLS * 128];
static size_t out_len;

static void emit(const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(out + out_len, sizeof(out) - out_len, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(out) - out_len)
		fatal("configuration too large");
	out_len += n;
}

static void start_output(const char *open, const char *close)
{
	out_len = 0;
	emit("%s\n%s Automatically generated file; DO NOT EDIT.\n%s Tinyboot Configuration\n%s\n", open,
	     *close ? " *" : "#", *close ? " *" : "#", *close ? close : "#");
}

static void write_dot_config(void)
{
	start_output("#", "");
	for (int i = 0; i < n_symbols; i++) {
		struct symbol *sym = &symbols[i];
		const char *val = value_of(sym);

		if (!strcmp(val, "n")) {
			if (sym->prompt)
				emit("# CONFIG_%s is not set\n", sym->name);
		} else if (*val) {
			emit("CONFIG_%s=%s\n", sym->name, val);
		}
	}
	write_file(".config", out, 0);
}

static void write_auto(void)
{
	char path[MAX_LINE];

	start_output("#", "");
	for (int i = 0; i < n_symbols; i++) {
		const char *val = value_of(&symbols[i]);

		if (*val && strcmp(val, "n"))
			emit("CONFIG_%s=%s\n", symbols[i].name, val);
	}
	/* the symbols' files come before auto.conf, which says that all is done */
	for (int i = 0; i < n_symbols; i++) {
		const char *val = value_of(&symbols[i]);
		const char *old = symbols[i].old ? symbols[i].old : "";

		if (!strcmp(val, "n"))
			val = "";
		if (strcmp(val, old)) {
			snprintf(path, sizeof(path), "include/config/%s", symbols[i].name);
			/* not empty: a write always moves the file's time */
			write_file(path, *val ? "set\n" : "unset\n", 1);
		}
	}
	char *autoconf = save(out);

	start_output("/*", " */");
	for (int i = 0; i < n_symbols; i++) {
		const char *val = value_of(&symbols[i]);

		if (*val && strcmp(val, "n"))
			emit("#define CONFIG_%s %s\n", symbols[i].name, strcmp(val, "y") ? val : "1");
	}
	write_file("include/generated/autoconf.h", out, 0);
	write_file("include/config/auto.conf", autoconf, 1);
	free(autoconf);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	int defconfig = !strcmp(mode, "--defconfig");
	int sync = !strcmp(mode, "--syncconfig");
	const char *input = defconfig && argc > 2 ? argv[2] : ".config";

	if (argc != 3 + defconfig || !(defconfig || sync || !strcmp(mode, "--olddefconfig"))) {
		fprintf(stderr, "usage: conf --defconfig FILE|--olddefconfig|--syncconfig Kconfig\n");
		return 1;
	}
	read_kconfig(argv[argc - 1]);
	if (read_config(input, 0)) {
		if (!defconfig)
			fatal("%s: %s", input, strerror(errno));
		fprintf(stderr, "***\n*** Can't find default configuration \"%s\"!\n***\n", input);
		return 1;
	}
	if (sync)
		read_config("include/config/auto.conf", 1);
	write_dot_config();
	if (sync)
		write_auto();
	return 0;
}
