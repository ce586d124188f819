// SPDX-License-Identifier: Apache-2.0
/*
 * The environment: NAME=VALUE texts one after the other, each with its NUL, and an
 * empty one at the end. default_environment is in a section of its own, from which
 * build tools can take it.
 */
#include <boot.h>

#define TEXT(x)		#x
#define NUMBER(x)	TEXT(x)

const char default_environment[] =
	"arch=" CONFIG_SYS_ARCH "\0"
	"board=" CONFIG_SYS_BOARD "\0"
	"bootcmd=" CONFIG_BOOTCOMMAND "\0"
	"bootdelay=" NUMBER(CONFIG_BOOTDELAY) "\0"
	"cpu=" CONFIG_SYS_CPU "\0"
#ifdef CONFIG_NET
	"ipaddr=10.0.0.2\0"
	"netmask=255.255.255.0\0"
#endif
	"vendor=" CONFIG_SYS_VENDOR "\0"
	CONFIG_EXTRA_ENV "\0";

static char env[CONFIG_ENV_SIZE];

/* Where the text of a name begins, or NULL. */
static char *find(const char *name)
{
	size_t len = strlen(name);
	char *p;

	for (p = env; *p; p += strlen(p) + 1)
		if (!strncmp(p, name, len) && p[len] == '=')
			return p;
	return NULL;
}

static char *end_of_all(void)
{
	char *p = env;

	while (*p)
		p += strlen(p) + 1;
	return p;
}

int env_init(void)
{
	int ret;

	memset(env, 0, sizeof(env));
	ret = env_storage_load(env, sizeof(env) - 2);
	if (ret <= 0) {
		if (sizeof(default_environment) > sizeof(env))
			return -ERR_NOSPC;
		memcpy(env, default_environment, sizeof(default_environment));
	}
	return 0;
}

const char *env_get(const char *name)
{
	const char *p = find(name);

	return p ? strchr(p, '=') + 1 : NULL;
}

int env_set(const char *name, const char *value)
{
	char *p = find(name), *end;
	size_t need;

	if (!*name || strchr(name, '='))
		return -ERR_INVAL;
	if (p) {
		char *next = p + strlen(p) + 1;

		memmove(p, next, end_of_all() + 1 - next);
	}
	if (!value)
		return 0;
	end = end_of_all();
	need = strlen(name) + strlen(value) + 3;
	if (need > (size_t)(env + sizeof(env) - end))
		return -ERR_NOSPC;
	snprintf(end, need, "%s=%s", name, value);
	end[need - 1] = '\0';
	return 0;
}

int env_each(int (*fn)(const char *name, const char *value))
{
	char name[64];
	int ret = 0;

	for (const char *p = env; *p && !ret; p += strlen(p) + 1) {
		const char *eq = strchr(p, '=');

		if (!eq)
			continue;
		strlcpy(name, p, MIN(sizeof(name), (size_t)(eq - p) + 1));
		ret = fn(name, eq + 1);
	}
	return ret;
}

int env_save(void)
{
	return env_storage_save(env, sizeof(env));
}
