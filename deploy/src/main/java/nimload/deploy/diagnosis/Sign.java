package nimload.deploy.diagnosis;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row of a table: words that Kubernetes writes, whether waiting helps, what to do, and what the words mean. The first row found decides.
 *
 * @param next with {1} for the pattern's group, and {node}, {namespace}, {pod}, and what {@link Subject#fill} replaces
 * @param meaning empty if the words say it themselves
 */
record Sign(Pattern words, Heals heals, String next, String meaning) {

    enum Heals {
        NEVER,
        /** By another controller within a minute, or not at all. */
        SOON_OR_NEVER,
        PERHAPS
    }

    /** @param rows one per line: {@code words | heals | next | meaning}, the last one optional */
    static List<Sign> table(String rows) {
        return rows.lines()
                .map(row -> row.split(" \\| "))
                .map(row -> new Sign(
                        Pattern.compile(row[0], Pattern.CASE_INSENSITIVE),
                        Heals.valueOf(row[1]),
                        row[2],
                        row.length > 3 ? row[3] : ""))
                .toList();
    }

    static Optional<Sign> find(List<Sign> table, String message) {
        return table.stream().filter(sign -> sign.words.matcher(message).find()).findFirst();
    }

    /**
     * @param pod null if there is none yet
     * @param start of the cause; the message follows
     * @param young whether another controller may still act
     */
    static Diagnosis read(List<Sign> table, Observation seen, Pod pod, String start, String message, boolean young) {
        return find(table, message)
                .map(sign -> sign.diagnosis(seen, pod, start, message, young))
                .orElseGet(() -> Diagnosis.blocked(start + message, Diagnose.describe(seen, pod)));
    }

    private Diagnosis diagnosis(Observation seen, Pod pod, String start, String message, boolean young) {
        String cause = start + (meaning.isEmpty() ? message : meaning + " (" + message + ")");
        return heals == Heals.NEVER || heals == Heals.SOON_OR_NEVER && !young
                ? Diagnosis.failed(cause, next(seen, pod, message))
                : Diagnosis.blocked(cause, next(seen, pod, message));
    }

    String next(Observation seen, Pod pod, String message) {
        Matcher found = words.matcher(message);
        String first = found.find() && found.groupCount() > 0 ? String.valueOf(found.group(1)) : "";
        return seen.subject()
                .fill(next)
                .replace("{1}", first)
                .replace("{namespace}", seen.namespace())
                .replace("{pod}", pod == null ? "" : pod.getMetadata().getName())
                .replace(
                        "{node}",
                        pod == null ? "" : String.valueOf(pod.getSpec().getNodeName()));
    }
}
