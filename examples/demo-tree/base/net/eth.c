// SPDX-License-Identifier: Apache-2.0
#include <net.h>

struct net_stats net_stats;

struct net_port *net_first_port(void)
{
	return &__start_boot_ports[0] < &__stop_boot_ports[0] ? __start_boot_ports[0] : NULL;
}

int eth_send(struct net_port *port, const uint8_t to[ETH_ALEN], uint16_t proto, uint8_t *frame,
	     size_t payload)
{
	memcpy(frame, to, ETH_ALEN);
	memcpy(frame + ETH_ALEN, port->mac, ETH_ALEN);
	put16(frame + 2 * ETH_ALEN, proto);
	net_stats.sent++;
	return port->send(port, frame, ETH_HLEN + payload);
}

/* Handle one frame; returns 1 if there was one, 0 if not, or an error. */
int net_poll(struct net_port *port)
{
	uint8_t frame[ETH_FRAME_MAX];
	int len = port->receive(port, frame, sizeof(frame));

	if (len <= 0)
		return len;
	net_stats.received++;
	if (len < ETH_HLEN) {
		net_stats.dropped++;
		return 1;
	}
	switch (get16(frame + 2 * ETH_ALEN)) {
	case ETH_P_ARP:
		arp_receive(port, frame + ETH_HLEN, len - ETH_HLEN);
		break;
	case ETH_P_IP:
		ip_receive(port, frame + ETH_HLEN, len - ETH_HLEN);
		break;
	default:
		net_stats.dropped++;
	}
	return 1;
}
