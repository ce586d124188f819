package dev.buildboss.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageHashesTest {

    @TempDir
    Path dir;

    /** An ELF file with a loaded section and one that is not. */
    private static byte[] elf(String loaded, String debug) {
        byte[] one = loaded.getBytes(UTF_8);
        byte[] two = debug.getBytes(UTF_8);
        int table = 64 + one.length + two.length;
        ByteBuffer out = ByteBuffer.allocate(table + 2 * 64).order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1});
        out.putLong(0x28, table).putShort(0x3a, (short) 64).putShort(0x3c, (short) 2);
        out.position(64).put(one).put(two);
        section(out, table, 2, 64, one.length);
        section(out, table + 64, 0, 64 + one.length, two.length);
        return out.array();
    }

    private static void section(ByteBuffer out, int at, long flags, long offset, long size) {
        out.putInt(at + 4, 1).putLong(at + 8, flags).putLong(at + 0x18, offset).putLong(at + 0x20, size);
    }

    private Map<String, String> hashes(byte[] image) throws IOException {
        Files.write(dir.resolve("u-boot"), image);
        return ImageHashes.of(dir);
    }

    @Test
    void countsOnlyWhatIsLoadedOfAnElfFile() throws IOException {
        Map<String, String> one = hashes(elf("code", "/home/a"));
        assertThat(hashes(elf("code", "/srv/bb"))).isEqualTo(one);
        assertThat(hashes(elf("c0de", "/home/a"))).isNotEqualTo(one);
    }

    @Test
    void takesADamagedElfFileWhole() throws IOException {
        byte[] torn = {0x7f, 'E', 'L', 'F', 2, 1, 0, 0, 1};
        Map<String, String> one = hashes(torn);
        torn[8] = 2;
        assertThat(hashes(torn)).isNotEqualTo(one);
    }

    @Test
    void countsImagesAndSizesAlone() throws IOException {
        for (String name : new String[] {
            "u-boot.bin", "sizes", "u-boot-spl", "MLO", "u-boot.map", "u-boot.cfg", "log", "done", "u-boot.sizes"
        }) {
            Files.writeString(dir.resolve(name), name);
        }
        assertThat(ImageHashes.of(dir)).containsOnlyKeys("u-boot.bin", "sizes", "u-boot-spl", "MLO");
        assertThat(ImageHashes.of(dir.resolve("nowhere"))).isEmpty();
    }
}
