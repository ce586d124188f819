/**
 * The protocol as Pekko streams: bytes to lines to messages and back.
 *
 * <p>{@link dev.buildboss.protocol.stream.ProtocolFlows} is the way in. Nothing here has a buffer or an asynchronous boundary,
 * so that demand goes through to the transport.
 */
@NullMarked
package dev.buildboss.protocol.stream;

import org.jspecify.annotations.NullMarked;
