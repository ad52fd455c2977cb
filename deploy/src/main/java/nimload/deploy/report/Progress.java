package nimload.deploy.report;

import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import nimload.deploy.settings.Nim;

/** What each NIM is waiting for: on a terminal one line that is overwritten, elsewhere one line per change of phase. */
public final class Progress {

    /** What Kubernetes generates: uids, hashes of containers and sandboxes, suffixes of controllers (their alphabet has no vowels). */
    private static final Pattern GENERATED = Pattern.compile(
            "\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b|\\b[0-9a-f]{12,}\\b|(?<=-)[bcdfghjklmnpqrstvwxz2456789]{5,10}\\b");

    private final PrintStream out;
    private final boolean terminal;
    private final Map<Nim, String> phases = new EnumMap<>(Nim.class);
    private final Map<Nim, String> current = new EnumMap<>(Nim.class);
    private int shown;

    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** The phase and the time since the start. Repeating a phase is cheap and, off a terminal, silent. */
    public synchronized void phase(Nim nim, Duration elapsed, String phase) {
        String before = phases.getOrDefault(nim, "");
        // Only the names differ: keep those that were shown. Numbers within a phase change all the time; a new phase
        // has different words.
        String same = withoutNames(phase).equals(withoutNames(before)) ? before : phase;
        boolean changed = !withoutNumbers(same).equals(withoutNumbers(before));
        String line = nim + String.format(" %02d:%02d ", elapsed.toMinutes(), elapsed.toSecondsPart()) + same;
        phases.put(nim, same);
        current.put(nim, line);
        if (terminal) {
            String all = current.values().stream().map(Progress::fitting).collect(Collectors.joining(" · "));
            out.print("\r" + all + " ".repeat(Math.max(0, shown - all.length())));
            out.flush();
            shown = all.length();
        } else if (changed) {
            out.println(line);
        }
    }

    /** Prints a separate line, above the one that is overwritten. */
    public synchronized void line(String text) {
        if (terminal && shown > 0) {
            out.print("\r" + " ".repeat(shown) + "\r");
            shown = 0;
        }
        out.println(text);
    }

    private static String withoutNames(String text) {
        return GENERATED.matcher(text).replaceAll("");
    }

    private static String withoutNumbers(String text) {
        return withoutNames(text).replaceAll("[0-9]+", "");
    }

    /** Two of these fit on a line of 160; a longer line would wrap and could not be overwritten. */
    private static String fitting(String text) {
        return text.length() > 75 ? text.substring(0, 74) + "…" : text;
    }
}
