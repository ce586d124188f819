// SPDX-License-Identifier: Apache-2.0
#include <lib.h>

#define DAY 86400

static bool is_leap(unsigned int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned int days_in(unsigned int month, unsigned int year)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

void date_from_seconds(uint64_t seconds, struct date *date)
{
	uint64_t days = seconds / DAY;
	uint32_t rest = seconds % DAY;

	date->hour = rest / 3600;
	date->minute = rest / 60 % 60;
	date->second = rest % 60;
	for (date->year = 1970; days >= 365u + is_leap(date->year); date->year++)
		days -= 365 + is_leap(date->year);
	for (date->month = 1; days >= days_in(date->month, date->year); date->month++)
		days -= days_in(date->month, date->year);
	date->day = days + 1;
}

int date_format(const struct date *date, char *buf, size_t size)
{
	return snprintf(buf, size, "%04u-%02u-%02u %02u:%02u:%02u UTC", date->year, date->month,
			date->day, date->hour, date->minute, date->second);
}
