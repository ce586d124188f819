// SPDX-License-Identifier: Apache-2.0
/*
 * The LZ4 block format: a sequence is a token (4 bits of literal length, 4 bits of
 * match length), more length bytes while they are 255, the literals, the match's
 * distance (2 bytes, low first), and more length bytes for the match. The last
 * sequence has literals only.
 */
#include <lib.h>

#define MIN_MATCH 4

struct reader {
	const uint8_t *p, *end;
	bool failed;
};

static uint8_t next_byte(struct reader *r)
{
	if (r->p == r->end) {
		r->failed = true;
		return 0;
	}
	return *r->p++;
}

static size_t read_length(struct reader *r, size_t start)
{
	size_t len = start;
	uint8_t more;

	if (start != 15)
		return len;
	do {
		more = next_byte(r);
		len += more;
	} while (more == 255);
	return len;
}

int lz_expand(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_size)
{
	struct reader r = { in, in + in_len, false };
	size_t done = 0;

	while (r.p < r.end) {
		uint8_t token = next_byte(&r);
		size_t len = read_length(&r, token >> 4);
		size_t distance;

		if (r.failed || len > (size_t)(r.end - r.p))
			return -ERR_BADDATA;
		if (len > out_size - done)
			return -ERR_NOSPC;
		memcpy(out + done, r.p, len);
		done += len;
		r.p += len;
		if (r.p == r.end)
			break;
		distance = next_byte(&r);
		distance |= (size_t)next_byte(&r) << 8;
		len = read_length(&r, token & 15) + MIN_MATCH;
		if (r.failed || !distance || distance > done)
			return -ERR_BADDATA;
		if (len > out_size - done)
			return -ERR_NOSPC;
		/* byte by byte: a match may overlap what it makes */
		for (; len; len--, done++)
			out[done] = out[done - distance];
	}
	return done;
}
