// SPDX-License-Identifier: Apache-2.0
#include <net.h>

static int do_ping(int argc, char *const argv[])
{
	uint32_t ip;
	int err;

	if (!ip_parse(argv[1], &ip))
		return -ERR_INVAL;
	err = ping(ip, 500);
	if (err)
		printf("ping failed; host %s is not alive\n", argv[1]);
	else
		printf("host %s is alive\n", argv[1]);
#ifdef CONFIG_NET_STATS
	printf("sent %u received %u dropped %u\n", net_stats.sent, net_stats.received,
	       net_stats.dropped);
#endif
	return err;
}

COMMAND(ping, 2, 2, do_ping, "address - ask a host whether it is there");
