package dev.buildboss.jobserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MakeFlagsTest {

    private static final JobserverAuth PAIR = new JobserverAuth.Descriptors(3, 4);

    @Test
    void readsBothFormsAndPrefersTheNewer() {
        assertEquals(
                Optional.of(PAIR), MakeFlags.parse(" -j8 --jobserver-auth=3,4").auth());
        assertEquals(
                Optional.of(PAIR), MakeFlags.parse("ks -j --jobserver-fds=3,4").auth());
        assertEquals(
                Optional.of(PAIR),
                MakeFlags.parse(" -j --jobserver-auth=3,4 --jobserver-fds=5,6").auth());
        assertEquals(
                Optional.of(new JobserverAuth.Fifo(Path.of("/tmp/GMfifo1"))),
                MakeFlags.parse(" -j4 --jobserver-auth=fifo:/tmp/GMfifo1").auth());
    }

    @Test
    void findsNoPoolWhereThereIsNone() {
        assertEquals(MakeFlags.NONE, MakeFlags.parse(""));
        assertEquals(
                Optional.empty(),
                MakeFlags.parse("ks -- V=1 X=--jobserver-auth=1,2").auth());
        assertEquals(
                Optional.empty(), MakeFlags.parse(" --jobserver-auth=-2,-2").auth());
        assertEquals(
                Optional.empty(), MakeFlags.parse(" --jobserver-auth=fifo:").auth());
        assertEquals(Optional.empty(), MakeFlags.parse(" --jobserver-auth=1").auth());
    }

    @Test
    void changesThePoolAndKeepsTheRest() {
        MakeFlags flags = MakeFlags.parse("ks -j4 --jobserver-auth=5,6 -- V=1 NAME=two\\ words");
        assertEquals(List.of("ks"), flags.options());
        assertEquals(List.of("V=1", "NAME=two\\ words"), flags.definitions());
        assertEquals(
                "ks -j --jobserver-fds=3,4 --jobserver-auth=3,4 -- V=1 NAME=two\\ words",
                flags.withAuth(PAIR).value());
        assertEquals(
                " -j --jobserver-auth=fifo:/p",
                MakeFlags.NONE.withAuth(new JobserverAuth.Fifo(Path.of("/p"))).value());
        assertEquals(flags.withAuth(PAIR), MakeFlags.parse(flags.withAuth(PAIR).value()));
    }

    @Test
    void refusesPathsThatTheVariableCantCarry() {
        assertThrows(IllegalArgumentException.class, () -> new JobserverAuth.Fifo(Path.of("/a b")));
        assertThrows(IllegalArgumentException.class, () -> new JobserverAuth.Fifo(Path.of("/a$b")));
    }

    @Test
    void choosesTheWayByTheVersion() {
        assertEquals(MakeClient.DESCRIPTORS, MakeClient.forVersion("GNU Make 4.3"));
        assertEquals(MakeClient.DESCRIPTORS, MakeClient.forVersion("GNU Make 3.82"));
        assertEquals(MakeClient.FIFO, MakeClient.forVersion("GNU Make 4.4.1"));
        assertEquals(MakeClient.FIFO, MakeClient.forVersion("GNU Make 5.0"));
        assertEquals(MakeClient.DESCRIPTORS, MakeClient.forVersion("something else"));
    }
}
