package dev.buildboss.cli;

/** What the compiler scan's script says on a machine: a line for each compiler. */
final class FoundCompilers {

    static final String HOST = "BUILDBOSS-COMPILER /usr/bin/gcc\t12.2.0\tx86_64-linux-gnu\t41\n";
    static final String ARM = "BUILDBOSS-COMPILER /usr/bin/arm-linux-gnueabi-gcc\t12.2.0\tarm-linux-gnueabi\t42\n";
    static final String OTHER_ARM = ARM.replace("12.2.0", "13.2.0");
    static final String X86 = "BUILDBOSS-COMPILER /usr/bin/x86_64-linux-gnu-gcc\t12.2.0\tx86_64-linux-gnu\t43\n";

    private FoundCompilers() {}

    /** All that a machine with these says. */
    static String all(String... compilers) {
        return String.join("", compilers) + "BUILDBOSS-COMPILER end\n";
    }
}
