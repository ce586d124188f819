// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

int env_storage_load(char *buf, size_t size)
{
	return 0;
}

int env_storage_save(const char *buf, size_t size)
{
	return -ERR_NODEV;
}
