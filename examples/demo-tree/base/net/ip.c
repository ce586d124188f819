// SPDX-License-Identifier: Apache-2.0
#include <net.h>

#define IP_HLEN		20
#define PROTO_ICMP	1

uint16_t ip_checksum(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t sum = 0;

	for (; len > 1; len -= 2, p += 2)
		sum += get16(p);
	if (len)
		sum += *p << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

bool ip_parse(const char *text, uint32_t *ip)
{
	*ip = 0;
	for (int part = 0; part < 4; part++) {
		unsigned int val = 0;

		if (*text < '0' || *text > '9')
			return false;
		while (*text >= '0' && *text <= '9' && val < 256)
			val = val * 10 + *text++ - '0';
		if (val > 255 || *text != (part < 3 ? '.' : '\0'))
			return false;
		text++;
		*ip = *ip << 8 | val;
	}
	return true;
}

uint32_t ip_own(void)
{
	const char *text = env_get("ipaddr");
	uint32_t ip;

	return text && ip_parse(text, &ip) ? ip : 0;
}

int ip_send(struct net_port *port, uint32_t to, uint8_t proto, uint8_t *frame, size_t payload)
{
	uint8_t mac[ETH_ALEN], *p = frame + ETH_HLEN;
	int err = arp_lookup(port, to, mac);

	if (err)
		return err;
	memset(p, 0, IP_HLEN);
	p[0] = 0x45;
	put16(p + 2, IP_HLEN + payload);
	p[8] = 64;
	p[9] = proto;
	put32(p + 12, ip_own());
	put32(p + 16, to);
	put16(p + 10, ip_checksum(p, IP_HLEN));
	return eth_send(port, mac, ETH_P_IP, frame, IP_HLEN + payload);
}

void ip_receive(struct net_port *port, const uint8_t *packet, size_t len)
{
	size_t total;

	if (len < IP_HLEN || packet[0] != 0x45 || ip_checksum(packet, IP_HLEN)) {
		net_stats.dropped++;
		return;
	}
	total = get16(packet + 2);
	if (total < IP_HLEN || total > len || get32(packet + 16) != ip_own())
		return;
	if (packet[9] == PROTO_ICMP)
		icmp_receive(port, get32(packet + 12), packet + IP_HLEN, total - IP_HLEN);
}
