// SPDX-License-Identifier: Apache-2.0
#include <boot.h>

static int do_date(int argc, char *const argv[])
{
	struct date date;
	char text[32];

	date_from_seconds(rtc_seconds(), &date);
	date_format(&date, text, sizeof(text));
	printf("%s\n", text);
	return 0;
}

COMMAND(date, 1, 1, do_date, "- show the clock's date");
