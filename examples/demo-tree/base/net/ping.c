// SPDX-License-Identifier: Apache-2.0
#include <net.h>

#define ICMP_HLEN	8
#define ICMP_REPLY	0
#define ICMP_REQUEST	8
#define IP_HEADERS	(ETH_HLEN + 20)
#define DATA_LEN	32

static uint16_t sequence;
static bool answered;

static int send(struct net_port *port, uint8_t type, uint32_t to, const uint8_t *rest, size_t len)
{
	uint8_t frame[ETH_FRAME_MAX], *p = frame + IP_HEADERS;

	if (len + 4 + IP_HEADERS > sizeof(frame))
		return -ERR_INVAL;
	memset(p, 0, 4);
	p[0] = type;
	memcpy(p + 4, rest, len);
	put16(p + 2, ip_checksum(p, len + 4));
	return ip_send(port, to, 1, frame, len + 4);
}

void icmp_receive(struct net_port *port, uint32_t from, const uint8_t *packet, size_t len)
{
	if (len < ICMP_HLEN || ip_checksum(packet, len))
		return;
	if (packet[0] == ICMP_REQUEST)
		send(port, ICMP_REPLY, from, packet + 4, len - 4);
	else if (packet[0] == ICMP_REPLY && get16(packet + 6) == sequence)
		answered = true;
}

int ping(uint32_t ip, unsigned int timeout_ms)
{
	struct net_port *port = net_first_port();
	uint8_t data[4 + DATA_LEN];
	uint64_t end = timer_us() + timeout_ms * 1000ULL;
	int err;

	if (!port)
		return -ERR_NODEV;
	answered = false;
	put16(data, 0x5442);
	put16(data + 2, ++sequence);
	for (int i = 0; i < DATA_LEN; i++)
		data[4 + i] = i;
	err = send(port, ICMP_REQUEST, ip, data, sizeof(data));
	while (!err && !answered) {
		err = net_poll(port);
		if (err >= 0)
			err = timer_us() > end ? -ERR_TIMEOUT : 0;
	}
	return err;
}
