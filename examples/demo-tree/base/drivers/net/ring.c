// SPDX-License-Identifier: Apache-2.0
/*
 * An Ethernet MAC with rings of descriptors. The driver fills one and passes it to the
 * MAC; the MAC passes it back when it is done. The wire leads from the transmit ring to
 * the receive ring.
 */
#include <net.h>

#define RING		CONFIG_NET_RING_SIZE
#define OWNED_BY_MAC	0x80000000u
#define LENGTH_MASK	0x7ffu

struct descriptor {
	uint32_t status;
	uint8_t *buffer;
};

struct ring {
	struct descriptor desc[RING];
	unsigned int next;
};

static struct ring tx, rx;

static int ring_setup(struct ring *ring, uint32_t status)
{
	for (unsigned int i = 0; i < RING; i++) {
		ring->desc[i].buffer = boot_alloc(ETH_FRAME_MAX + 2);
		if (!ring->desc[i].buffer)
			return -ERR_NOSPC;
		ring->desc[i].status = status;
	}
	ring->next = 0;
	return 0;
}

static struct descriptor *ring_take(struct ring *ring)
{
	struct descriptor *desc = &ring->desc[ring->next];

	ring->next = (ring->next + 1) % RING;
	return desc;
}

/* The MAC's part: move what was sent over to the receive ring. */
static void wire(struct descriptor *sent)
{
	static unsigned int fill;
	struct descriptor *to = &rx.desc[fill];
	uint32_t len = sent->status & LENGTH_MASK;

	if (to->status & OWNED_BY_MAC) {
		memcpy(to->buffer, sent->buffer, len);
		to->status = len;
		fill = (fill + 1) % RING;
	} else {
		net_stats.dropped++;
	}
	sent->status = 0;
}

static int ring_send(struct net_port *port, const uint8_t *frame, size_t len)
{
	struct descriptor *desc;
	int err;

	if (len > ETH_FRAME_MAX)
		return -ERR_INVAL;
	if (!tx.desc[0].buffer) {
		err = ring_setup(&tx, 0);
		if (!err)
			err = ring_setup(&rx, OWNED_BY_MAC);
		if (err)
			return err;
	}
	desc = ring_take(&tx);
	if (desc->status & OWNED_BY_MAC)
		return -ERR_TIMEOUT;
	memcpy(desc->buffer, frame, len);
	desc->status = OWNED_BY_MAC | len;
	wire(desc);
	return 0;
}

static int ring_receive(struct net_port *port, uint8_t *frame, size_t room)
{
	struct descriptor *desc = &rx.desc[rx.next];
	size_t len;

	if (!desc->buffer || desc->status & OWNED_BY_MAC)
		return 0;
	ring_take(&rx);
	len = MIN(desc->status & LENGTH_MASK, room);
	memcpy(frame, desc->buffer, len);
	desc->status = OWNED_BY_MAC;
	return len;
}

static struct net_port ring_port = {
	.name = "ring",
	.mac = { 0x02, 0, 0, 0, 0, 0x02 },
	.send = ring_send,
	.receive = ring_receive,
};

NET_PORT(ring_port);
