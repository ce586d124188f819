package dev.buildboss.boards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Board;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardFileTest {

    private static final Board ELM =
            new Board("elm", "arm", "", "mx6", "acme, inc", "", "", "A \"B\" <a@b.c>:C <c@d.e>", true);

    @TempDir
    Path dir;

    private BoardList read(String name, String text) throws IOException {
        return BoardList.read(Files.writeString(dir.resolve(name), text));
    }

    @Test
    void readsCommaSeparatedValuesByTheirHeading() throws IOException {
        BoardList list = read(
                "my.csv",
                "# ours\r\nTarget, Arch,Vendor,SoC,Maintainers,Status\r\n\r\n"
                        + "elm,arm,\"acme, inc\",mx6,\"A \"\"B\"\" <a@b.c>:C <c@d.e>\",Active\r\noak,sandbox,-\r\nfir,arm,,,,Orphan\n");

        assertThat(list.all())
                .containsExactly(
                        ELM, new Board("fir", "arm", "", "", "", "", "", "", false), Board.of("oak", "sandbox"));
    }

    @Test
    void readsHoconAsAMapOrAsAList() throws IOException {
        String fields =
                "arch = arm, vendor = \"acme, inc\", soc = mx6, maintainers = [\"A \\\"B\\\" <a@b.c>\", \"C <c@d.e>\"]";

        assertThat(read("a.conf", "boards { elm { " + fields + " } }").all()).containsExactly(ELM);
        assertThat(read("b.hocon", "boards = [ { target = elm, " + fields + " } ]")
                        .all())
                .containsExactly(ELM);
        assertThat(read("c.json", "{\"boards\": {\"oak\": {\"arch\": \"sandbox\"}}}")
                        .all())
                .containsExactly(Board.of("oak", "sandbox"));
    }

    @Test
    void namesFileAndLineOfWhatIsWrong() {
        wrong("a.csv", "target,arhc\n", "a.csv:1: no column of a board: 'arhc' (did you mean arch?)");
        wrong("a.csv", "arch\narm\n", "a.csv:1: the heading names no column 'target'");
        wrong("a.csv", "target\nelm,arm\n", "a.csv:2: 2 columns, the heading has 1");
        wrong("a.csv", "target\n\"elm\n", "a.csv:2: a quoted value does not end");
        wrong("a.csv", "target\nelm\nelm\n", "a.csv: board elm is there twice");
        wrong("a.csv", "target\n../x\n", "a.csv:2: not a board name: '../x'");
        wrong(
                "a.conf",
                "boards {\n elm { arch = arm\n sco = x } }",
                "a.conf:2: no column of a board: 'sco' (did you mean soc?)");
        wrong("a.conf", "board { }", "a.conf: has no  boards { … }  or  boards = [ … ]");
        wrong("a.conf", "boards { elm = arm }", "a.conf:1: a board is written");
        wrong("a.conf", "boards { elm { arch = arm", "a.conf: 1: ");
    }

    @Test
    void includesNothingAndReadsNoEnvironment() {
        wrong("a.conf", "include url(\"http://127.0.0.1:1/x\")\nboards { }", "refused");
        wrong("a.conf", "boards { elm { vendor = ${HOME} } }", "HOME");
        wrong("none.cfg/x", "", "cannot be read (there is no such file)");
    }

    private void wrong(String name, String text, String message) {
        Path file = dir.resolve(name);
        assertThatThrownBy(() -> {
                    if (!name.contains("/")) {
                        Files.writeString(file, text);
                    }
                    BoardList.read(file);
                })
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining(message);
    }
}
