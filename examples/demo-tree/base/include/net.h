/* SPDX-License-Identifier: Apache-2.0 */
/* A little networking: Ethernet, ARP, IPv4, ICMP echo. Addresses are in host order. */
#ifndef NET_H
#define NET_H

#include <boot.h>

#define ETH_ALEN	6
#define ETH_HLEN	14
#define ETH_FRAME_MAX	1514
#define ETH_P_IP	0x0800
#define ETH_P_ARP	0x0806

struct net_port {
	const char *name;
	uint8_t mac[ETH_ALEN];
	int (*send)(struct net_port *port, const uint8_t *frame, size_t len);
	/* returns the frame's length, 0 for nothing there, or an error */
	int (*receive)(struct net_port *port, uint8_t *frame, size_t room);
};

#define NET_PORT(_symbol) \
	static struct net_port *const port_##_symbol \
		__attribute__((used, section("boot_ports"))) = &(_symbol)

extern struct net_port *const __start_boot_ports[], *const __stop_boot_ports[];

struct net_stats {
	uint32_t sent, received, dropped;
};

extern struct net_stats net_stats;

static inline void put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static inline void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static inline uint16_t get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static inline uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

struct net_port *net_first_port(void);
int eth_send(struct net_port *port, const uint8_t to[ETH_ALEN], uint16_t proto, uint8_t *frame,
	     size_t payload);
int net_poll(struct net_port *port);

int arp_lookup(struct net_port *port, uint32_t ip, uint8_t mac[ETH_ALEN]);
void arp_receive(struct net_port *port, const uint8_t *packet, size_t len);

uint16_t ip_checksum(const void *data, size_t len);
bool ip_parse(const char *text, uint32_t *ip);
uint32_t ip_own(void);
int ip_send(struct net_port *port, uint32_t to, uint8_t proto, uint8_t *frame, size_t payload);
void ip_receive(struct net_port *port, const uint8_t *packet, size_t len);

int ping(uint32_t ip, unsigned int timeout_ms);
void icmp_receive(struct net_port *port, uint32_t from, const uint8_t *packet, size_t len);

#endif
