package dev.buildboss.simulate;

import java.util.List;
import java.util.Locale;

/** A simulated run as a picture: a line for each slot of each machine, a bar for each cell. */
public final class Timeline {

    private static final int WIDTH = 1200;
    private static final int LEFT = 70;
    private static final int LANE = 14;
    private static final int GAP = 10;

    private Timeline() {}

    /**
     * The picture as SVG. A bar's colour is its board's; one whose result came too late is grey.
     *
     * @param fleet the machines
     * @param result a run with its timeline
     * @param title what is written above
     */
    public static String svg(SimFleet fleet, SimResult result, String title) {
        int[] top = new int[fleet.machines().size() + 1];
        top[0] = 40;
        for (int i = 0; i < fleet.machines().size(); i++) {
            int number = i;
            int lanes = result.timeline().stream()
                    .filter(segment -> segment.machine() == number)
                    .mapToInt(segment -> segment.lane() + 1)
                    .max()
                    .orElse(1);
            top[i + 1] = top[i] + lanes * LANE + GAP;
        }
        double scale = (WIDTH - LEFT - 10) / Math.max(1e-9, result.makespanS());
        StringBuilder out = new StringBuilder();
        line(
                out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"10\">",
                WIDTH,
                top[top.length - 1] + 20);
        line(out, "<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>", LEFT, escaped(title));
        for (int i = 0; i < fleet.machines().size(); i++) {
            SimMachine machine = fleet.machines().get(i);
            line(
                    out,
                    "<text x=\"4\" y=\"%d\">%s %dx%.1f</text>",
                    top[i] + LANE,
                    escaped(machine.name()),
                    machine.cores(),
                    machine.speed());
        }
        bars(out, result.timeline(), top, scale);
        line(
                out,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.1f s</text>",
                WIDTH - 10,
                top[top.length - 1] + 10,
                result.makespanS());
        out.append("</svg>\n");
        return out.toString();
    }

    private static void bars(StringBuilder out, List<Segment> timeline, int[] top, double scale) {
        for (Segment segment : timeline) {
            String colour = segment.won() ? "hsl(" + segment.board() * 137 % 360 + ",60%,65%)" : "#bbb";
            line(
                    out,
                    "<rect x=\"%.1f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"%s\" stroke=\"#fff\" stroke-width=\"0.4\">"
                            + "<title>board %d, commit %d: %.1f to %.1f s%s</title></rect>",
                    LEFT + segment.fromS() * scale,
                    top[segment.machine()] + segment.lane() * LANE,
                    Math.max(0.2, (segment.toS() - segment.fromS()) * scale),
                    LANE - 2,
                    colour,
                    segment.board(),
                    segment.commit(),
                    segment.fromS(),
                    segment.toS(),
                    segment.won() ? "" : ", too late");
        }
    }

    private static void line(StringBuilder out, String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
