// SPDX-License-Identifier: Apache-2.0
#include <boot.h>
#include <os.h>

uint64_t rtc_seconds(void)
{
	return os_wall_seconds();
}
