package nimload.twin;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.DoubleStream;
import nimload.UserError;
import nimload.emulator.ServiceTimes;
import nimload.nim.NimKind;
import nimload.results.RunResults;
import nimload.twin.ClosedLoop.Prediction;

/**
 * Service times fitted to some levels of a run, and what they predict for all.
 *
 * @param run its name
 * @param times by kind of NIM
 * @param levels of these kinds, in the order of the run
 * @param notes on levels that say nothing, a phrase each
 */
record Twin(String run, Map<NimKind, ServiceTimes> times, List<Level> levels, List<String> notes) {
    /** One level does not tell how latency grows. */
    private static final int FEWEST = 2;

    /** One level in four is used where the server tells its compute time. */
    private static final int SHARE = 4;

    /** Without it the GPU's part and the host's follow from the shape of the curve alone, which takes more levels. */
    private static final int SHARE_WITHOUT_SERVER = 2;

    /** Of a small run more than its share, as long as a third is held out. */
    private static final int USUAL = 6;

    private static final int LONGEST_NAME = 60;

    /** What a level was good for. */
    enum Use {
        FITTED("fitted"),
        HELD_OUT("held out"),
        /** Its numbers may not be quoted, so it neither fits nor judges. */
        NOT_VALID("not valid");

        private final String text;

        Use(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** @param predicted with the client's share of that level */
    record Level(RunLevel measured, Use use, Prediction predicted) {
        /** Relative, signed. */
        double p50Error() {
            return predicted.p50Ms() / measured.p50Ms() - 1;
        }

        double rateError() {
            return predicted.requestsPerSecond() / measured.requestsPerSecond() - 1;
        }

        /** The larger of the two, without its sign; requests/s alone where p50 is not sure. */
        double error() {
            double rate = Math.abs(rateError());
            return measured.p50Sure() ? Math.max(Math.abs(p50Error()), rate) : rate;
        }
    }

    /**
     * @param source of the run, for messages
     * @param count of levels to fit to, if it is given
     * @throws UserError if the run does not tell enough
     */
    static Twin of(String source, RunResults run, OptionalInt count) {
        RunLevel.Found found = RunLevel.in(run);
        List<String> notes = new ArrayList<>(found.passedOver());
        Set<NimKind> kinds = EnumSet.noneOf(NimKind.class);
        for (NimKind kind : NimKind.values()) {
            long usable = found.levels().stream()
                    .filter(level -> level.kind() == kind && level.usable())
                    .count();
            if (usable >= FEWEST) {
                kinds.add(kind);
            } else if (found.levels().stream().anyMatch(level -> level.kind() == kind)) {
                notes.add(kind.key() + ": " + usable + " valid level" + (usable == 1 ? "" : "s") + ", and a fit needs "
                        + FEWEST);
            }
        }
        if (kinds.isEmpty()) {
            throw new UserError(source + " has too few levels to fit a twin to ("
                    + (notes.isEmpty() ? "none" : String.join("; ", notes))
                    + "); give a run with at least " + FEWEST
                    + " valid levels of one NIM at different concurrencies, e.g. the published grid");
        }
        List<RunLevel> levels = found.levels().stream()
                .filter(level -> kinds.contains(level.kind()))
                .toList();
        List<RunLevel> usable = levels.stream().filter(RunLevel::usable).toList();
        int fewest = FEWEST * kinds.size();
        int use = count.orElse(Math.max(fewest, usual(usable)));
        if (use < fewest || use > usable.size()) {
            throw new UserError("--use " + use + ": " + source + " has " + usable.size() + " valid levels of "
                    + kinds.size() + (kinds.size() == 1 ? " NIM" : " NIMs") + "; give " + fewest + " to "
                    + usable.size());
        }
        List<RunLevel> chosen = LevelChoice.of(usable, use);
        Map<NimKind, ServiceTimes> times = new EnumMap<>(NimKind.class);
        kinds.forEach(kind -> times.put(
                kind,
                Fitting.of(chosen.stream().filter(level -> level.kind() == kind).toList())));
        return new Twin(
                name(run.info().id()),
                times,
                levels.stream()
                        .map(level ->
                                new Level(level, use(level, chosen), ClosedLoop.of(times.get(level.kind()), level)))
                        .toList(),
                notes);
    }

    /** As a label can hold it; a file of another origin may have any name, or none. */
    private static String name(String id) {
        String name = id.replaceAll("[^\\w.:+-]", "_");
        return name.isEmpty() ? "without-a-name" : name.substring(0, Math.min(LONGEST_NAME, name.length()));
    }

    private static int usual(List<RunLevel> usable) {
        int share = usable.stream().allMatch(level -> level.computeMs().isPresent()) ? SHARE : SHARE_WITHOUT_SERVER;
        return Math.max((usable.size() + share - 1) / share, Math.min(USUAL, 2 * usable.size() / 3));
    }

    private static Use use(RunLevel level, List<RunLevel> chosen) {
        if (chosen.contains(level)) {
            return Use.FITTED;
        }
        return level.usable() ? Use.HELD_OUT : Use.NOT_VALID;
    }

    List<Level> used(Use use) {
        return levels.stream().filter(level -> level.use() == use).toList();
    }

    /** Of the levels that were held out; empty without one. */
    OptionalDouble worstError() {
        return heldOutErrors().max();
    }

    /** Likewise, by nearest rank. */
    OptionalDouble medianError() {
        double[] sorted = heldOutErrors().sorted().toArray();
        return sorted.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(sorted[(sorted.length + 1) / 2 - 1]);
    }

    private DoubleStream heldOutErrors() {
        return used(Use.HELD_OUT).stream().mapToDouble(Level::error);
    }
}
