// SPDX-License-Identifier: Apache-2.0
/* printf's formats: d i u x X c s p %, the flags - and 0, width, precision of %s, l ll z. */
#include <lib.h>

struct output {
	char *buf;
	size_t size;
	size_t len; /* of all that was asked for, also what didn't fit */
};

struct format {
	bool left, zero, upper;
	int width, precision;
	int longs;
};

static void out_char(struct output *out, char c)
{
	if (out->len + 1 < out->size)
		out->buf[out->len] = c;
	out->len++;
}

static void out_padded(struct output *out, const struct format *f, const char *text, size_t len)
{
	int pad = f->width - (int)len;
	char fill = f->zero && !f->left ? '0' : ' ';

	if (fill == '0' && len && *text == '-') {
		out_char(out, *text++);
		len--;
	}
	for (; !f->left && pad > 0; pad--)
		out_char(out, fill);
	for (size_t i = 0; i < len; i++)
		out_char(out, text[i]);
	for (; pad > 0; pad--)
		out_char(out, ' ');
}

static void out_number(struct output *out, const struct format *f, uint64_t val, unsigned int base,
		       bool negative)
{
	const char *digits = f->upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[24], *p = text + sizeof(text);

	do {
		*--p = digits[val % base];
		val /= base;
	} while (val);
	if (negative)
		*--p = '-';
	out_padded(out, f, p, text + sizeof(text) - p);
}

static int64_t signed_arg(const struct format *f, va_list *ap)
{
	switch (f->longs) {
	case 0:
		return va_arg(*ap, int);
	case 1:
		return va_arg(*ap, long);
	default:
		return va_arg(*ap, long long);
	}
}

static uint64_t unsigned_arg(const struct format *f, va_list *ap)
{
	switch (f->longs) {
	case 0:
		return va_arg(*ap, unsigned int);
	case 1:
		return va_arg(*ap, unsigned long);
	default:
		return va_arg(*ap, unsigned long long);
	}
}

static const char *read_format(struct format *f, const char *s)
{
	memset(f, 0, sizeof(*f));
	f->precision = -1;
	for (; *s == '-' || *s == '0'; s++) {
		f->left |= *s == '-';
		f->zero |= *s == '0';
	}
	for (; *s >= '0' && *s <= '9'; s++)
		f->width = f->width * 10 + *s - '0';
	if (*s == '.')
		for (f->precision = 0, s++; *s >= '0' && *s <= '9'; s++)
			f->precision = f->precision * 10 + *s - '0';
	for (; *s == 'l' || *s == 'z'; s++)
		f->longs++;
	f->upper = *s == 'X';
	return s;
}

static void convert(struct output *out, struct format *f, char kind, va_list *ap)
{
	const char *text;
	int64_t val;
	char c;

	switch (kind) {
	case 'd':
	case 'i':
		val = signed_arg(f, ap);
		out_number(out, f, val < 0 ? -(uint64_t)val : (uint64_t)val, 10, val < 0);
		break;
	case 'u':
		out_number(out, f, unsigned_arg(f, ap), 10, false);
		break;
	case 'x':
	case 'X':
		out_number(out, f, unsigned_arg(f, ap), 16, false);
		break;
	case 'p':
		out_number(out, f, (uintptr_t)va_arg(*ap, void *), 16, false);
		break;
	case 'c':
		c = va_arg(*ap, int);
		out_padded(out, f, &c, 1);
		break;
	case 's':
		text = va_arg(*ap, const char *);
		if (!text)
			text = "(null)";
		out_padded(out, f, text, f->precision < 0 ? strlen(text) : strnlen(text, f->precision));
		break;
	default:
		out_char(out, kind);
	}
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct output out = { buf, size, 0 };
	struct format f;
	va_list ap;

	va_copy(ap, args);
	while (*fmt) {
		if (*fmt != '%') {
			out_char(&out, *fmt++);
			continue;
		}
		fmt = read_format(&f, fmt + 1);
		if (*fmt)
			convert(&out, &f, *fmt++, &ap);
	}
	va_end(ap);
	if (size)
		buf[MIN(out.len, size - 1)] = '\0';
	return out.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n;
}
