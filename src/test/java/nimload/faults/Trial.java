package nimload.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import nimload.emulator.EmbeddedNim;
import nimload.faults.DoneLog.OfLevel;
import nimload.faults.Expected.Way;
import nimload.faults.Tried.Outage;
import nimload.plan.Workload;
import nimload.simulation.GatlingRun;

/**
 * A run of nimload, in a separate JVM, against an emulator with a scripted fault in the second of three levels; held against
 * the server's log.
 */
public final class Trial {
    /** Of the three levels, by their tokens per text or passage. */
    private static final Map<Workload, List<Integer>> TOKENS = Map.of(
            Workload.QUERY, List.of(20, 24, 28),
            Workload.PASSAGE, List.of(30, 34, 38),
            Workload.RERANKING, List.of(30, 34, 38));

    private static final List<String> DEFAULTS = List.of(
            "nim.duration=1s", "nim.maxDuration=2s", "nim.samples=50", "nim.warmup=200ms", "nim.requestTimeout=10s");

    private static final int QUERY_TOKENS = 12;

    /** Of every right answer. */
    private static final Duration SERVICE = Duration.ofMillis(2);

    /** Latency that a busy client adds to the server's own time. */
    private static final double SLACK_MILLIS = 300;

    private static final String CLIENT = "client-limited";

    /** Reasons that a busy machine gives, which runs the server too. They are held against nimload only where they are due. */
    private static final List<String> OF_THE_MACHINE = List.of(CLIENT, "not steady", "silent");

    private final Tried fault;
    private final Workload workload;
    private final List<String> problems = new ArrayList<>();
    private String seen = "";

    private Trial(Tried fault, Workload workload) {
        this.fault = fault;
        this.workload = workload;
    }

    /**
     * What came of it.
     *
     * @param seen done = counted, or what was said, for the table
     * @param problems what was not as expected, a sentence each
     * @param output of nimload
     */
    public record Outcome(String seen, List<String> problems, String output) {}

    /** @param directory empty */
    public static Outcome of(Tried fault, Workload workload, Path directory) throws IOException, InterruptedException {
        Trial trial = new Trial(fault, workload);
        DoneLog log = new DoneLog();
        try (EmbeddedNim emulator = EmbeddedNim.startWithFixedDelayReadingAll(0, SERVICE);
                FaultServer nim = FaultServer.start(
                        0,
                        emulator.url(),
                        fault.script().within(trial.counted(trial.tokens().get(1))),
                        1,
                        log::add);
                EmbeddedNim other = EmbeddedNim.startWithFixedDelayReadingAll(0, SERVICE)) {
            GatlingRun run = GatlingRun.startWithoutReport(
                    directory, "PublishedGridSimulation", trial.settings(nim.url(), other.url()));
            int exit = run.exitCode();
            if (!run.hasResults()) {
                return new Outcome("no results", List.of("no results, exit " + exit), run.output());
            }
            trial.check(run.json(), rows(directory), log, exit);
            return new Outcome(trial.seen, trial.problems, run.output());
        }
    }

    /** What the server's usage counts for a level's text or pair. */
    private int counted(int tokens) {
        return tokens + (workload == Workload.RERANKING ? QUERY_TOKENS : 0);
    }

    private boolean endsTheLevels() {
        return fault.outage() == Outage.FOR_GOOD;
    }

    private List<String> settings(URI nim, URI other) {
        Map<String, String> settings = new TreeMap<>();
        List<String> given = new ArrayList<>(DEFAULTS);
        String key = "nim." + workload.key() + ".";
        given.add(key + "tokens="
                + String.join(",", tokens().stream().map(String::valueOf).toList()));
        given.add(key + "concurrency=3");
        given.add(
                switch (workload) {
                    case QUERY -> key + "batch=1";
                    case PASSAGE -> key + "batch=8";
                    case RERANKING -> key + "passages=5";
                });
        given.add("nim.reranking.queryTokens=" + QUERY_TOKENS);
        given.add(url(workload, nim));
        given.add("nim.workloads=" + workload.key());
        if (endsTheLevels()) {
            Workload another = another();
            given.add("nim.workloads=" + workload.key() + "," + another.key());
            given.add(url(another, other));
            given.add("nim." + another.key() + ".concurrency=1");
            given.add("nim." + another.key() + "." + another.itemsSetting() + "=1");
            given.add("nim." + another.key() + ".tokens=20");
        }
        given.addAll(fault.settings());
        for (String setting : given) {
            String[] parts = setting.split("=", 2);
            settings.put(parts[0], parts[1]);
        }
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .toList();
    }

    /** Of the other NIM. */
    private Workload another() {
        return workload == Workload.RERANKING ? Workload.QUERY : Workload.RERANKING;
    }

    private static String url(Workload of, URI nim) {
        return "nim." + of.nim().key() + ".url=" + nim;
    }

    private List<Integer> tokens() {
        return TOKENS.get(workload);
    }

    private void check(JsonNode results, List<String> rows, DoneLog log, int exit) {
        for (int tokens : tokens()) {
            boolean faulty = tokens == tokens().get(1);
            Optional<JsonNode> level = level(results, workload, tokens);
            if (level.isEmpty()) {
                boolean mayMiss = endsTheLevels() && tokens == tokens().get(2);
                expect(mayMiss, "no level of " + tokens + " tokens");
            } else {
                requests(level.get(), log.of(counted(tokens)), faulty);
                latency(level.get(), log.of(counted(tokens)), rows);
                if (faulty) {
                    fault(level.get(), log.of(counted(tokens)), exit);
                } else {
                    expect(reasons(level.get(), "").isEmpty(), "clean level: " + reasons(level.get(), ""));
                }
            }
        }
        if (endsTheLevels()) {
            expect(
                    level(results, another(), 20)
                            .filter(level -> reasons(level, "").isEmpty())
                            .isPresent(),
                    "the other NIM's level did not run");
        }
    }

    private static Optional<JsonNode> level(JsonNode results, Workload workload, int tokens) {
        return StreamSupport.stream(results.required("levels").spliterator(), false)
                .filter(level -> level.required("workload").textValue().equals(workload.key())
                        && level.required("inputTokens").intValue() == tokens)
                .findFirst();
    }

    /** Each request that the server got is in the level's ledger, and none was sent that it did not get, unless it closes. */
    private void requests(JsonNode level, OfLevel log, boolean faulty) {
        JsonNode ledger = level.required("ledger");
        long sent = ledger.required("sent").longValue()
                + ledger.required("sentAgain").longValue();
        boolean closes = faulty && (fault.expected().way() == Way.COUNTED_AT_MOST || fault.outage() != Outage.NONE);
        expect(sent == log.posts() || closes && sent > log.posts(), "sent " + sent + ", the server got " + log.posts());
        expect(
                ledger.required("right").longValue() + ledger.required("failed").longValue()
                        == ledger.required("sent").longValue()
                                + ledger.required("notSent").longValue(),
                "ledger does not add up: " + ledger);
    }

    /** Sent into a connection that the server was about to close. */
    private static long unread(JsonNode level, OfLevel log) {
        JsonNode ledger = level.required("ledger");
        return ledger.required("sent").longValue()
                + ledger.required("sentAgain").longValue()
                - log.posts();
    }

    /** Percentiles are those of the right answers alone, and none took longer than the server. */
    private void latency(JsonNode level, OfLevel log, List<String> rows) {
        long[] right = rows.stream()
                .filter(row -> row.startsWith(level.required("name").textValue() + ",") && row.endsWith(","))
                .mapToLong(row -> {
                    String[] cells = row.split(",", -1);
                    return Long.parseLong(cells[cells.length - 4]);
                })
                .sorted()
                .toArray();
        long counted = level.required("requests").longValue()
                - level.required("errors").longValue();
        expect(right.length == counted, right.length + " right rows, " + counted + " right requests");
        if (right.length == 0) {
            expect(level.required("latencyMs").isEmpty(), "latency without a right answer");
            return;
        }
        percentile(level, right, "max", 1);
        percentile(level, right, "p50", 0.5);
        percentile(level, right, "p99", 0.99);
        double max = level.required("latencyMs").required("max").doubleValue();
        expect(
                max <= log.longestRightMillis() + SLACK_MILLIS || hasClientLimit(level),
                "max " + max + " ms, the server took " + log.longestRightMillis() + " ms at most");
    }

    private void percentile(JsonNode level, long[] right, String name, double share) {
        JsonNode stated = level.required("latencyMs").path(name);
        double millis = right[(int) Math.ceil(share * right.length) - 1] / 1e3;
        expect(
                stated.isMissingNode() || Math.abs(stated.doubleValue() - millis) <= 0.001 + 2e-5 * millis,
                name + " " + stated + " ms, of the right requests " + millis);
    }

    private static boolean hasClientLimit(JsonNode level) {
        return StreamSupport.stream(level.required("reasons").spliterator(), false)
                .anyMatch(reason -> reason.textValue().startsWith(CLIENT));
    }

    private void fault(JsonNode level, OfLevel log, int exit) {
        Expected expected = fault.expected();
        JsonNode ledger = level.required("ledger");
        long failed = ledger.required("failed").longValue();
        long notSent = ledger.required("notSent").longValue();
        long unread = fault.outage() == Outage.NONE ? 0 : unread(level, log);
        long doneInAll = log.faulty() + unread + notSent;
        Map<String, Long> kinds = kinds(level);
        List<String> reasons = reasons(level, expected.words());
        boolean valid = reasons.isEmpty();
        String done = log.faulty()
                + (unread == 0 ? "" : " + " + unread + " unread")
                + (notSent == 0 ? "" : " + " + notSent + " refused");
        switch (expected.way()) {
            case COUNTED, COUNTED_AT_MOST -> {
                boolean all = expected.way() == Way.COUNTED;
                seen = done + (failed == doneInAll ? " = " : all ? " ≠ " : " ≥ ") + failed;
                expect(log.faulty() > 0, "the fault was not done");
                expect(all ? failed == doneInAll : failed <= log.faulty(), done + " done, " + failed + " failed");
                expect(kinds.isEmpty() && !all || kinds.keySet().equals(Set.of(expected.words())), "kinds " + kinds);
                expect(valid == (failed == 0), "reasons " + reasons);
                expect(exit == (failed == 0 ? 0 : expected.exit()), "exit " + exit);
            }
            case NOTICED -> {
                boolean said = reasons.stream().anyMatch(reason -> reason.contains(expected.words()));
                // Where a busy machine hides how the server's time moves, nimload says that the machine is busy.
                boolean hidden = expected.exit() == 0 && hasClientLimit(level);
                seen = (log.faulty() == 0 ? "" : log.faulty() + ": ")
                        + (said ? "noticed" : hidden ? "busy client" : valid ? "missed" : "another reason");
                expect(said || hidden, "\"" + expected.words() + "\" is missing in " + reasons);
                expect(exit == expected.exit(), "exit " + exit);
            }
            case BY_CHANCE -> {
                seen = log.faulty() + " of " + log.posts() + ", "
                        + level.required("answers").required("compared") + " compared: "
                        + (valid ? "missed" : "noticed");
                expect(exit == (valid ? 0 : expected.exit()), "exit " + exit);
            }
            case REMARKED -> {
                seen = valid ? "valid, said" : "not valid";
                expect(valid, "reasons " + reasons);
                expect(
                        level.required("remarks").toString().contains(expected.words()),
                        "remarks " + level.required("remarks"));
                expect(exit == 0, "exit " + exit);
            }
            case HARMLESS -> {
                seen = valid ? "valid" : "not valid";
                expect(valid && failed == 0, "reasons " + reasons);
                expect(exit == 0, "exit " + exit);
            }
        }
        seen += ", exit " + exit;
        expect(!endsTheLevels() || reasons.toString().contains("ended early"), "not ended early: " + reasons);
    }

    /** Of counted and uncounted requests together. */
    private static Map<String, Long> kinds(JsonNode level) {
        Map<String, Long> kinds = new TreeMap<>();
        for (String field : List.of("errorsByKind", "warmUpErrorsByKind")) {
            level.required(field)
                    .properties()
                    .forEach(kind -> kinds.merge(kind.getKey(), kind.getValue().longValue(), Long::sum));
        }
        return kinds;
    }

    /** @param due one that is kept, whoever it lies with */
    private static List<String> reasons(JsonNode level, String due) {
        return StreamSupport.stream(level.required("reasons").spliterator(), false)
                .map(JsonNode::textValue)
                .filter(reason -> !due.isEmpty() && reason.startsWith(due)
                        || OF_THE_MACHINE.stream().noneMatch(reason::startsWith))
                .toList();
    }

    private void expect(boolean holds, String problem) {
        if (!holds) {
            problems.add(problem);
        }
    }

    private static List<String> rows(Path directory) throws IOException {
        Path file = directory.resolve("results").resolve("latest").resolve("requests.csv.gz");
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }
}
