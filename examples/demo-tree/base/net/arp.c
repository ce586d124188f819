// SPDX-License-Identifier: Apache-2.0
#include <net.h>

#define ARP_LEN		28
#define ARP_REQUEST	1
#define ARP_REPLY	2
#define CACHE		4

static struct {
	uint32_t ip;
	uint8_t mac[ETH_ALEN];
} cache[CACHE];
static unsigned int next_entry;

static int find(uint32_t ip, uint8_t mac[ETH_ALEN])
{
	for (unsigned int i = 0; i < CACHE; i++) {
		if (cache[i].ip == ip) {
			memcpy(mac, cache[i].mac, ETH_ALEN);
			return 0;
		}
	}
	return -ERR_NOENT;
}

static void send(struct net_port *port, uint16_t op, const uint8_t to_mac[ETH_ALEN],
		 uint32_t to_ip)
{
	uint8_t frame[ETH_HLEN + ARP_LEN], *p = frame + ETH_HLEN;

	put16(p, 1);
	put16(p + 2, ETH_P_IP);
	p[4] = ETH_ALEN;
	p[5] = 4;
	put16(p + 6, op);
	memcpy(p + 8, port->mac, ETH_ALEN);
	put32(p + 14, ip_own());
	memcpy(p + 18, to_mac, ETH_ALEN);
	put32(p + 24, to_ip);
	eth_send(port, to_mac, ETH_P_ARP, frame, ARP_LEN);
}

int arp_lookup(struct net_port *port, uint32_t ip, uint8_t mac[ETH_ALEN])
{
	static const uint8_t everyone[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	int tries;

	for (tries = 0; tries < 3 && find(ip, mac); tries++) {
		send(port, ARP_REQUEST, everyone, ip);
		while (net_poll(port) > 0)
			;
	}
	return find(ip, mac);
}

void arp_receive(struct net_port *port, const uint8_t *packet, size_t len)
{
	uint32_t from;

	if (len < ARP_LEN || get16(packet + 2) != ETH_P_IP)
		return;
	from = get32(packet + 14);
	if (get16(packet + 6) == ARP_REQUEST && get32(packet + 24) == ip_own()) {
		send(port, ARP_REPLY, packet + 8, from);
	} else if (get16(packet + 6) == ARP_REPLY) {
		cache[next_entry].ip = from;
		memcpy(cache[next_entry].mac, packet + 8, ETH_ALEN);
		next_entry = (next_entry + 1) % CACHE;
	}
}
