/**
 * The wire protocol between boss and worker: its messages, their JSON form and, in {@code stream}, their framing.
 *
 * <p>Base messages are those of U-Boot's {@code buildman}; extensions are negotiated by {@link
 * dev.buildboss.protocol.Feature}. {@code docs/protocol.md} is the contract in words.
 */
@NullMarked
package dev.buildboss.protocol;

import org.jspecify.annotations.NullMarked;
