package dev.buildboss.report.results;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** Writes an index file piece by piece with the checksum of all of it, in a buffer's memory however long it is. */
final class IndexOutput implements Closeable {

    private static final int BUFFER = 64 * 1024;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C checksum = new CRC32C();

    IndexOutput(Path file) throws IOException {
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    void number(int number) throws IOException {
        if (buffer.remaining() < Integer.BYTES) {
            drain();
        }
        buffer.putInt(number);
    }

    void bytes(byte[] bytes) throws IOException {
        int start = 0;
        while (start < bytes.length) {
            if (!buffer.hasRemaining()) {
                drain();
            }
            int length = Math.min(buffer.remaining(), bytes.length - start);
            buffer.put(bytes, start, length);
            start += length;
        }
    }

    /** Ends the file with its checksum and sees that it is on the disk. */
    void end() throws IOException {
        drain();
        number((int) checksum.getValue());
        drain();
        channel.force(false);
    }

    private void drain() throws IOException {
        buffer.flip();
        checksum.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
