package dev.buildboss.report.format;

import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Test results as Ant's JUnit task writes them, which CI servers show: a suite a commit, a case a board. A board that fails is a
 * failure, a damaged result an error, a cell without a result is skipped with its reason; warnings are {@code system-err}.
 */
final class JUnitReport implements ReportFormat {

    private static final int MOST_TEXT = 64 * 1024;
    private static final int MOST_MESSAGE = 400;

    private record Counts(int tests, int failures, int errors, int skipped) {
        Counts plus(Counts other) {
            return new Counts(
                    tests + other.tests, failures + other.failures, errors + other.errors, skipped + other.skipped);
        }
    }

    @Override
    public void write(ReportInput input, Writer out) throws IOException {
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            int commits = input.matrix().commits().size();
            Counts all = new Counts(0, 0, 0, 0);
            for (int i = 0; i < commits; i++) {
                all = all.plus(counts(input, i));
            }
            newLine(xml, 0);
            xml.writeStartElement("testsuites");
            attribute(xml, "name", "buildboss");
            counts(xml, all);
            for (int i = 0; i < commits; i++) {
                suite(xml, input, i);
            }
            newLine(xml, 0);
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.flush();
        } catch (XMLStreamException e) {
            throw e.getNestedException() instanceof IOException io ? io : new IOException(e);
        }
        out.write('\n');
        out.flush();
    }

    private static Counts counts(ReportInput input, int commit) {
        int failures = 0;
        int errors = 0;
        int skipped = 0;
        List<Board> boards = input.matrix().boards();
        for (Board board : boards) {
            CellReport cell = input.matrix().cell(commit, board.target());
            switch (ReportInput.outcome(cell)) {
                case "failed" -> failures++;
                case "damaged" -> errors++;
                case "not-built" -> skipped++;
                default -> {}
            }
        }
        return new Counts(boards.size(), failures, errors, skipped);
    }

    private static void counts(XMLStreamWriter xml, Counts counts) throws XMLStreamException {
        xml.writeAttribute("tests", String.valueOf(counts.tests));
        xml.writeAttribute("failures", String.valueOf(counts.failures));
        xml.writeAttribute("errors", String.valueOf(counts.errors));
        xml.writeAttribute("skipped", String.valueOf(counts.skipped));
    }

    private static void suite(XMLStreamWriter xml, ReportInput input, int commit) throws XMLStreamException {
        String name = Words.commit(input, commit);
        newLine(xml, 1);
        xml.writeStartElement("testsuite");
        attribute(xml, "name", name);
        counts(xml, counts(input, commit));
        String hash = Printable.line(input.matrix().commits().get(commit).hash());
        if (!hash.isEmpty()) {
            newLine(xml, 2);
            xml.writeStartElement("properties");
            xml.writeEmptyElement("property");
            attribute(xml, "name", "commit");
            attribute(xml, "value", hash);
            xml.writeEndElement();
        }
        Map<String, String> reasons = input.leftOut(commit);
        Set<String> flakes = new HashSet<>(input.summary().commit(commit).flakes());
        for (Board board : input.matrix().boards()) {
            newLine(xml, 2);
            xml.writeStartElement("testcase");
            attribute(xml, "classname", className(name, board));
            attribute(xml, "name", board.target());
            verdict(
                    xml,
                    input.matrix().cell(commit, board.target()),
                    reasons.getOrDefault(board.target(), "no result"),
                    flakes.contains(board.target()));
            xml.writeEndElement();
        }
        newLine(xml, 1);
        xml.writeEndElement();
    }

    /** Servers take what is before the last dot for a package: the commit, whose own dots must not split it. */
    private static String className(String suite, Board board) {
        return suite.replace('.', '\u2024') + "." + (board.arch().isEmpty() ? "boards" : board.arch());
    }

    private static void verdict(XMLStreamWriter xml, CellReport cell, String reason, boolean flake)
            throws XMLStreamException {
        switch (ReportInput.outcome(cell)) {
            case "failed" -> {
                xml.writeStartElement("failure");
                xml.writeAttribute("type", flake ? "likely-flake" : "build");
                attribute(xml, "message", Words.headline(cell, MOST_MESSAGE));
                characters(xml, Words.said(cell, MOST_TEXT));
                xml.writeEndElement();
            }
            case "damaged" -> {
                xml.writeEmptyElement("error");
                xml.writeAttribute("type", "damaged");
                attribute(xml, "message", Words.cut(Printable.line(String.join("; ", cell.damage())), MOST_MESSAGE));
            }
            case "not-built" -> {
                xml.writeEmptyElement("skipped");
                attribute(xml, "message", Words.cut(Printable.line(reason), MOST_MESSAGE));
            }
            default -> {}
        }
        List<String> facts = new ArrayList<>();
        if (!cell.machine().isEmpty()) {
            facts.add("built on " + Printable.line(cell.machine()));
        }
        cell.confirmation().ifPresent(known -> facts.add(Words.of(known)));
        if (!facts.isEmpty()) {
            xml.writeStartElement("system-out");
            characters(xml, String.join("\n", facts));
            xml.writeEndElement();
        }
        boolean warned = cell.outcome().filter(b -> b.kind() == Kind.WARNING).isPresent();
        if (warned) {
            xml.writeStartElement("system-err");
            characters(xml, Words.said(cell, MOST_TEXT));
            xml.writeEndElement();
        }
    }

    private static void attribute(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, legal(value));
    }

    private static void characters(XMLStreamWriter xml, String text) throws XMLStreamException {
        xml.writeCharacters(legal(text));
    }

    /** Without the two code points that are harmless to show but that XML can't have. */
    private static String legal(String text) {
        return text.replace('\ufffe', '\ufffd').replace('\uffff', '\ufffd');
    }

    private static void newLine(XMLStreamWriter xml, int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
    }
}
