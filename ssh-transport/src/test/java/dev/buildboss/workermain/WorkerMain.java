package dev.buildboss.workermain;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Stands in for the worker in tests of the transport: does what each line of its input says. */
public final class WorkerMain {

    private WorkerMain() {}

    /** {@code args}, {@code echo TEXT}, {@code warn TEXT}, {@code flood BYTES}, {@code count FILE}, {@code exit STATUS}. */
    public static void main(String[] args) throws IOException {
        if (Arrays.asList(args).contains("--warm-up")) {
            return;
        }
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        System.out.println("BM> {\"resp\":\"ready\"}");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", 2);
                String rest = words.length > 1 ? words[1] : "";
                switch (words[0]) {
                    case "args" -> System.out.println(String.join(" ", args));
                    case "echo" -> System.out.println(rest);
                    case "warn" -> System.err.println(rest);
                    case "pid" -> System.out.println(ProcessHandle.current().pid());
                    case "flood" -> flood(Long.parseLong(rest));
                    case "exit" -> System.exit(Integer.parseInt(rest));
                    default -> throw new IllegalArgumentException(line);
                }
            }
        }
        Files.writeString(Path.of("ended"), "by end of file");
    }

    /** Writes so many bytes and keeps the count in a file, so that others see how far it got. */
    private static void flood(long bytes) throws IOException {
        byte[] block = new byte[65536];
        Arrays.fill(block, (byte) 'x');
        block[block.length - 1] = '\n';
        for (long done = 0; done < bytes; done += block.length) {
            System.out.write(block, 0, block.length);
            System.out.flush();
            Files.writeString(Path.of("written"), String.valueOf(done + block.length));
        }
        Files.writeString(Path.of("flooded"), "all");
    }
}
