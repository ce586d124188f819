// SPDX-License-Identifier: Apache-2.0
/* A port that hears what it says. */
#include <net.h>

static uint8_t held[ETH_FRAME_MAX];
static size_t held_len;

static int loopback_send(struct net_port *port, const uint8_t *frame, size_t len)
{
	if (len > sizeof(held))
		return -ERR_INVAL;
	memcpy(held, frame, len);
	held_len = len;
	return 0;
}

static int loopback_receive(struct net_port *port, uint8_t *frame, size_t room)
{
	size_t len = MIN(held_len, room);

	memcpy(frame, held, len);
	held_len = 0;
	return len;
}

static struct net_port loopback_port = {
	.name = "loopback",
	.mac = { 0x02, 0, 0, 0, 0, 0x01 },
	.send = loopback_send,
	.receive = loopback_receive,
};

NET_PORT(loopback_port);
