package nimload.results;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nimload.plan.Workload;
import nimload.results.SoakSlice.ServerState;
import nimload.statistics.Trend;

/**
 * What the slices of a soak show together.
 *
 * @param failed requests
 * @param notSent requests that were never sent
 * @param bursts slices with errors that follow each other
 * @param restarts of servers, a phrase each
 * @param unread slices in which the metrics of a NIM of the mix were not read, so that a restart is not known
 * @param limited slices with numbers that should not be quoted although nothing failed
 * @param courses of each workload
 */
public record SoakFindings(
        long failed,
        long notSent,
        List<Burst> bursts,
        List<String> restarts,
        int unread,
        int limited,
        Map<Workload, Course> courses) {
    /** A trend of less is not worth a word. */
    private static final double RELEVANT = 0.05;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /**
     * @param from first slice with errors
     * @param to last one
     * @param firstErrors the first error's text of each kind
     */
    public record Burst(
            SoakSlice from, SoakSlice to, long failed, long notSent, SortedMap<String, String> firstErrors) {
        static Burst of(SoakSlice slice) {
            SortedMap<String, String> firstErrors = new TreeMap<>();
            slice.workloads().forEach(share -> share.firstErrors().forEach(firstErrors::putIfAbsent));
            return new Burst(slice, slice, slice.errors(), slice.notSent(), firstErrors);
        }

        Burst with(Burst next) {
            SortedMap<String, String> all = new TreeMap<>(firstErrors);
            next.firstErrors.forEach(all::putIfAbsent);
            return new Burst(from, next.to, failed + next.failed, notSent + next.notSent, all);
        }

        /** {@code 12 errors in slice 3 (18:05:00 to 18:10:00 UTC): timeout: no answer within 30 s}. */
        public String words() {
            return errors(failed, notSent) + " in " + where() + " (" + TIME.format(from.began()) + " to "
                    + TIME.format(to.ended()) + " UTC)"
                    + firstErrors.entrySet().stream()
                            .map(error -> error.getKey() + ": " + error.getValue())
                            .collect(Collectors.collectingAndThen(
                                    Collectors.joining("; "), causes -> causes.isEmpty() ? "" : ": " + causes));
        }

        String where() {
            return slices(
                    IntStream.rangeClosed(from.number(), to.number()).boxed().toList());
        }
    }

    /** {@code slice 3}, {@code slices 2, 5 to 9}. */
    public static String slices(List<Integer> numbers) {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < numbers.size(); ) {
            int first = i;
            while (i + 1 < numbers.size() && numbers.get(i + 1) == numbers.get(i) + 1) {
                i++;
            }
            runs.add(numbers.get(first) + (i > first ? " to " + numbers.get(i) : ""));
            i++;
        }
        return (numbers.size() == 1 ? "slice " : "slices ") + String.join(", ", runs);
    }

    /** {@code 12 errors}; with requests that were never sent {@code 512 errors (12 failed, 500 never sent)}. */
    private static String errors(long failed, long notSent) {
        long errors = failed + notSent;
        return errors
                + (errors == 1 ? " error" : " errors")
                + (notSent == 0 ? "" : " (" + failed + " failed, " + notSent + " never sent)");
    }

    /**
     * How the 95th percentile of a workload's response time moved, in the slices that the client did not limit.
     *
     * @param first of the first slice that has one, ms
     * @param last of the last one, ms
     * @param trend over all; empty with too few slices
     */
    public record Course(double first, double last, Optional<Trend> trend) {
        /** {@code p95 7.1 → 7.2 ms}. */
        public String words() {
            return String.format(Locale.ROOT, "p95 %.1f → %.1f ms", first, last);
        }

        /** The trend in words, if it stands out from the noise; {@code p95 rose by 1.2 ms (0.9 to 1.5) over the soak}. */
        public Optional<String> drift() {
            return trend.filter(line ->
                            line.certain() && Math.abs(line.last() - line.first()) >= RELEVANT * Math.abs(line.first()))
                    .map(line -> {
                        boolean rose = line.last() > line.first();
                        double low = line.change().low().orElseThrow();
                        double high = line.change().high().orElseThrow();
                        return String.format(
                                Locale.ROOT,
                                "p95 %s by %.1f ms (%.1f to %.1f)",
                                rose ? "rose" : "fell",
                                Math.abs(line.last() - line.first()),
                                rose ? low : -high,
                                rose ? high : -low);
                    });
        }
    }

    public static SoakFindings of(Soak soak) {
        Map<Workload, Course> courses = soak.mix().stream()
                .map(point -> point.workload())
                .flatMap(workload -> course(soak, workload).map(course -> Map.entry(workload, course)).stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
        return new SoakFindings(
                soak.slices().stream().mapToLong(SoakSlice::errors).sum(),
                soak.slices().stream().mapToLong(SoakSlice::notSent).sum(),
                bursts(soak.slices()),
                restarts(soak.slices()),
                (int) soak.slices().stream()
                        .filter(slice -> !soak.mix().stream()
                                .map(point -> point.workload().nim().key())
                                .allMatch(nim -> read(slice, nim)))
                        .count(),
                (int) soak.slices().stream()
                        .filter(slice -> errors(slice) == 0
                                && slice.workloads().stream()
                                        .anyMatch(share -> !share.reasons().isEmpty()))
                        .count(),
                courses);
    }

    private static long errors(SoakSlice slice) {
        return slice.errors() + slice.notSent();
    }

    /** Whether the metrics of all replicas of a NIM, of at least one, were read. */
    private static boolean read(SoakSlice slice, String nim) {
        List<ServerState> states = slice.servers().entrySet().stream()
                .filter(server -> server.getKey().equals(nim) || server.getKey().startsWith(nim + " "))
                .map(Map.Entry::getValue)
                .toList();
        return !states.isEmpty()
                && states.stream().allMatch(state -> state.unread().isEmpty());
    }

    private static Optional<Course> course(Soak soak, Workload workload) {
        double[] p95 = soak.slices().stream()
                .flatMap(slice -> slice.workloads().stream())
                .filter(share -> share.workload() == workload && !share.clientLimited())
                .map(share -> share.response(Percentile.P95))
                .flatMapToDouble(OptionalDouble::stream)
                .toArray();
        return p95.length == 0 ? Optional.empty() : Optional.of(new Course(p95[0], p95[p95.length - 1], Trend.of(p95)));
    }

    private static List<Burst> bursts(List<SoakSlice> slices) {
        List<Burst> bursts = new ArrayList<>();
        for (SoakSlice slice : slices) {
            Burst last = bursts.isEmpty() ? null : bursts.get(bursts.size() - 1);
            if (errors(slice) > 0 && last != null && last.to.number() == slice.number() - 1) {
                bursts.set(bursts.size() - 1, last.with(Burst.of(slice)));
            } else if (errors(slice) > 0) {
                bursts.add(Burst.of(slice));
            }
        }
        return bursts;
    }

    private static List<String> restarts(List<SoakSlice> slices) {
        List<String> restarts = new ArrayList<>();
        slices.forEach(slice -> slice.servers()
                .forEach((server, state) -> state.restart()
                        .ifPresent(evidence -> restarts.add(server + " in slice " + slice.number() + " (before "
                                + TIME.format(slice.ended()) + " UTC: " + evidence + ")"))));
        return restarts;
    }

    /** What fails the run, a line each. */
    public List<String> problems(Soak soak) {
        List<String> problems = new ArrayList<>();
        bursts.forEach(burst -> problems.add(burst.words()));
        restarts.forEach(restart -> problems.add("restarted: " + restart));
        if (!soak.complete()) {
            problems.add(soak.slices().size() + " of " + soak.slicesPlanned() + " slices finished");
        }
        return problems;
    }

    /** {@code held: …}, {@code did not hold: …}, or of one without an end {@code goes on, or was cut short: held so far: …}. */
    public String verdict(Soak soak) {
        return soak.verdict().orElseGet(() -> "goes on, or was cut short: " + sentence(soak));
    }

    /** {@code held: query p95 7.1 → 7.2 ms over 8 h, 0 errors, no restart}; {@code held so far: …} if slices are missing. */
    public String sentence(Soak soak) {
        boolean broke = !bursts.isEmpty() || !restarts.isEmpty();
        StringBuilder words =
                new StringBuilder(broke ? "did not hold: " : soak.complete() ? "held: " : "held so far: ");
        words.append(courses.entrySet().stream()
                .map(course -> course.getKey().key() + " " + course.getValue().words())
                .collect(Collectors.joining(", ")));
        words.append(courses.isEmpty() ? "" : " ").append("over ").append(duration(soak));
        words.append(", ").append(errors(failed, notSent));
        bursts.stream()
                .findFirst()
                .ifPresent(burst -> words.append(
                                bursts.size() == 1 ? " in " : " in " + bursts.size() + " bursts, the first in ")
                        .append(burst.where()));
        words.append(", ").append(restartWords(soak));
        courses.forEach((workload, course) -> course.drift()
                .ifPresent(drift ->
                        words.append("; ").append(workload.key()).append(' ').append(drift)));
        if (limited > 0) {
            words.append("; ")
                    .append(limited)
                    .append(" of ")
                    .append(soak.slices().size())
                    .append(" slices should not be quoted");
        }
        if (!soak.gaps().isEmpty()) {
            words.append("; without load ")
                    .append(soak.gaps().stream().map(gap -> text(gap.length())).collect(Collectors.joining(" and ")));
        }
        if (!soak.complete()) {
            words.append("; ")
                    .append(soak.slices().size())
                    .append(" of ")
                    .append(soak.slicesPlanned())
                    .append(" slices");
        }
        return words.toString();
    }

    private String restartWords(Soak soak) {
        String unknown = " not known (metrics not read in " + unread + " of "
                + soak.slices().size() + " slices)";
        return restarts.isEmpty()
                ? unread == 0 ? "no restart" : "restarts" + unknown
                : "restarted: " + String.join("; ", restarts) + (unread == 0 ? "" : "; others" + unknown);
    }

    private static String duration(Soak soak) {
        return text(Duration.ofMillis(Math.round(
                1e3 * soak.slices().stream().mapToDouble(SoakSlice::seconds).sum())));
    }

    /** {@code 8 h}, {@code 1 h 5 min}, {@code 30 s}. */
    public static String text(Duration duration) {
        long seconds = Math.round(duration.toMillis() / 1e3);
        long hours = seconds / 3600;
        long minutes = seconds % 3600 / 60;
        return hours > 0
                ? hours + " h" + (minutes > 0 ? " " + minutes + " min" : "")
                : minutes > 0 ? minutes + " min" + (seconds % 60 > 0 ? " " + seconds % 60 + " s" : "") : seconds + " s";
    }
}
