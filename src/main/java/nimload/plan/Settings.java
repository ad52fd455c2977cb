package nimload.plan;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import nimload.UserError;
import nimload.nim.EmbeddingForm;
import nimload.nim.EncodingFormat;
import nimload.nim.NimKind;
import nimload.nim.RankingForm;
import nimload.nim.Truncate;
import nimload.nim.WireForm;
import nimload.plan.SettingValues.Given;

/**
 * Every setting of a run, checked.
 *
 * @param nims where each kind of NIM is; without a URL for either, the embedded NIM serves both
 * @param apiKey sent as Bearer if given
 * @param tls which servers are trusted
 * @param workloads to run, before it is known which NIMs there are
 * @param grids the levels of every workload that has some
 * @param timing of each level
 * @param requests what all requests have in common
 * @param phases what a run consists of
 * @param slo file of limits; empty: the one that comes with nimload, if any
 * @param comparison with a finished run, at the end of this one
 * @param strict whether a level that is not valid fails the build
 * @param results each run creates its directory in this one
 * @param given what the user gave, by name, to be shown; the API key as stars
 */
public record Settings(
        Map<NimKind, Nim> nims,
        Optional<ApiKey> apiKey,
        Tls tls,
        Set<Workload> workloads,
        Map<Workload, WorkloadGrid> grids,
        Timing timing,
        Requests requests,
        Phases phases,
        Optional<Path> slo,
        Optional<Comparison> comparison,
        boolean strict,
        Path results,
        Map<String, String> given) {

    /** In the working directory, which is the project's when Maven runs nimload. */
    public static final Path DEFAULT_RESULTS = Path.of("nim-results");

    public Settings {
        nims = Map.copyOf(nims);
        workloads = Set.copyOf(workloads);
        grids = Map.copyOf(grids);
        given = Map.copyOf(given);
    }

    /** With a grid that does not say how often it runs. */
    public static Settings parse(SettingValues values, Map<Workload, WorkloadGrid> workloads) {
        return parse(values, new Grid(PublishedGrid.NAME, workloads, OptionalInt.empty()));
    }

    /**
     * @param grid the levels where the user gives none
     * @throws UserError for a value that is not right
     */
    public static Settings parse(SettingValues values, Grid grid) {
        Map<NimKind, Nim> nims = new EnumMap<>(NimKind.class);
        for (NimKind kind : NimKind.values()) {
            nims.put(kind, Nim.read(values, kind));
        }
        Optional<ApiKey> apiKey = values.read(Setting.API_KEY, Given::value).map(ApiKey::new);
        Remarks.check(values);
        return new Settings(
                nims,
                apiKey,
                Tls.read(values),
                workloads(values, grid),
                grid.with(values),
                Timing.read(values),
                Requests.read(values),
                Phases.read(values, grid.repeat()),
                values.read(Setting.SLO, SettingParser::path),
                Comparison.read(values),
                values.flag(Setting.STRICT, false),
                values.read(Setting.RESULTS, SettingParser::path).orElse(DEFAULT_RESULTS),
                values.shown());
    }

    /** Of every request to a kind of NIM: the user's, and the API key unless they replace it. */
    public Headers headers(NimKind kind) {
        return nims.get(kind).headers().with(apiKey);
    }

    private static Set<Workload> workloads(SettingValues values, Grid grid) {
        Set<Workload> known = grid.workloads().keySet();
        return values.read(Setting.WORKLOADS, given -> SettingParser.workloads(given, known, grid.name()))
                .orElse(known);
    }

    /** The same with other levels. */
    public Settings with(Map<Workload, WorkloadGrid> others) {
        return new Settings(
                nims,
                apiKey,
                tls,
                workloads,
                others,
                timing,
                requests,
                phases,
                slo,
                comparison,
                strict,
                results,
                given);
    }

    /** The levels of the given workloads that are also in {@code available}, in the order of the workloads. */
    public List<LoadPoint> loadPoints(Set<Workload> available) {
        List<LoadPoint> points = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            if (workloads.contains(workload) && available.contains(workload)) {
                points.addAll(grids.get(workload).loadPoints());
            }
        }
        return points;
    }

    /** How the replicas of a NIM are found. */
    public enum Replicas {
        /** Each has its URL. */
        LISTED,
        /** The host of the one URL has an address for each. */
        DNS;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param urls base URLs of its replicas, without {@code /v1}; empty: not given
     * @param model empty: the one that the NIM lists
     * @param metricsUrl of a second page of metrics, whole; empty: Triton's is looked for
     * @param headers that the user gives, without the API key
     */
    public record Nim(
            List<URI> urls, Replicas replicas, Optional<String> model, Optional<URI> metricsUrl, Headers headers) {
        public Nim {
            urls = List.copyOf(urls);
        }

        private static Nim read(SettingValues values, NimKind kind) {
            String prefix = Setting.PREFIX + kind.key();
            Setting replicas = Setting.of(prefix + ".replicas").orElseThrow();
            Nim nim = new Nim(
                    values.read(Setting.of(prefix + ".url").orElseThrow(), SettingParser::baseUrls)
                            .orElse(List.of()),
                    values.read(replicas, given -> SettingParser.oneOf(given, Replicas.values(), Replicas::key))
                            .orElse(Replicas.LISTED),
                    values.read(Setting.of(prefix + ".model").orElseThrow(), Given::value),
                    values.read(Setting.of(prefix + ".metricsUrl").orElseThrow(), SettingParser::pageUrl),
                    values.read(
                                    Setting.of(prefix + ".headers").orElseThrow(),
                                    given -> HeaderSetting.read(given, values::variable))
                            .orElse(Headers.NONE));
            nim.requireOneAnswer(prefix);
            return nim;
        }

        private void requireOneAnswer(String prefix) {
            if (replicas == Replicas.DNS
                    && (urls.size() != 1 || !urls.get(0).getScheme().equals("http"))) {
                throw new UserError(
                        prefix + ".replicas=dns needs one " + prefix + ".url of http://, whose host is the name"
                                + " of all replicas, and there "
                                + (urls.size() == 1 ? "is " + urls.get(0) : "are " + urls.size())
                                + "; give e.g. -D" + prefix
                                + ".url=http://nim-headless:8000, or the replicas' own URLs with commas"
                                + " and no " + prefix + ".replicas");
            }
            if (metricsUrl.isPresent() && (urls.size() > 1 || replicas == Replicas.DNS)) {
                throw new UserError(prefix + ".metricsUrl=" + metricsUrl.get() + " is one page, and " + prefix
                        + ".url has several replicas; leave it out: each replica's own pages are read");
            }
        }
    }

    /**
     * @param caFile PEM certificates to trust instead of the JVM's own
     * @param insecure trust any server
     */
    public record Tls(Optional<Path> caFile, boolean insecure) {
        private static Tls read(SettingValues values) {
            Tls tls =
                    new Tls(values.read(Setting.TLS_CA, SettingParser::path), values.flag(Setting.TLS_INSECURE, false));
            if (tls.insecure && tls.caFile.isPresent()) {
                throw new UserError("nim.tls.ca and nim.tls.insecure=true contradict each other; give one of them");
            }
            return tls;
        }
    }

    /**
     * @param duration of the measured part; empty: depends on whether the embedded NIM is loaded
     * @param warmUp before it, sent and not counted; empty likewise
     * @param requestTimeout from send to last byte; after it the request is an error
     * @param patience how long a NIM that is not ready is waited for; empty: not at all before the load
     * @param start of several generators; empty for the only one
     */
    public record Timing(
            Optional<Duration> duration,
            Optional<Duration> warmUp,
            Duration requestTimeout,
            Until until,
            Optional<Duration> patience,
            Optional<Start> start) {
        private static final Duration SHORTEST = Duration.ofMillis(100);

        private static Timing read(SettingValues values) {
            Optional<Duration> duration =
                    values.read(Setting.DURATION, given -> SettingParser.duration(given, SHORTEST));
            return new Timing(
                    duration,
                    values.read(Setting.WARM_UP, given -> SettingParser.duration(given, Duration.ZERO)),
                    values.read(Setting.REQUEST_TIMEOUT, given -> SettingParser.duration(given, SHORTEST))
                            .orElse(Duration.ofSeconds(60)),
                    Until.read(values, duration),
                    values.read(Setting.WAIT, given -> SettingParser.duration(given, Duration.ZERO)),
                    Start.read(values));
        }
    }

    /**
     * What one of several generators knows of their common time.
     *
     * @param at when all of them begin the first level
     * @param clock empty where nobody compared it
     */
    public record Start(Instant at, Optional<ClockOffset> clock) {
        /** They would end the window of one generator before another's, or need the whole level. */
        private static final List<Setting> NOT_OF_ONE =
                List.of(Setting.SAMPLES, Setting.PRECISION, Setting.MAX_DURATION, Setting.SLO, Setting.BASELINE);

        private static Optional<Start> read(SettingValues values) {
            Optional<Instant> at = values.read(Setting.START_AT, SettingParser::instant);
            Optional<ClockOffset> clock = values.read(Setting.CLOCK, SettingParser::clock);
            Optional<Given> generator = values.find(Setting.GENERATOR);
            if (generator.isEmpty()) {
                values.find(Setting.START_AT)
                        .or(() -> values.find(Setting.CLOCK))
                        .ifPresent(given -> {
                            throw new UserError(given.origin() + "=" + given.value() + " is for several generators;"
                                    + " leave it out, or give nim.generator too, e.g. -Dnim.generator=1/2");
                        });
                return Optional.empty();
            }
            for (Setting setting : NOT_OF_ONE) {
                values.find(setting).ifPresent(given -> {
                    throw new UserError(given.origin() + "=" + given.value()
                            + ": one of several generators does not see the whole level, and all their windows are"
                            + " nim.duration long; leave it out, " + instead(setting));
                });
            }
            if (at.isEmpty()) {
                throw new UserError(generator.get().origin() + "="
                        + generator.get().value() + " needs an instant at which all generators begin; give all of them"
                        + " the same, some minutes from now, e.g. -Dnim.startAt=2026-11-26T17:00:00Z");
            }
            return Optional.of(new Start(at.get(), clock));
        }

        private static String instead(Setting setting) {
            return switch (setting) {
                case SLO -> "and give the file to the merge: --slo FILE";
                case BASELINE -> "and compare the merged run: mvn compile exec:java@compare";
                default -> "and give nim.duration";
            };
        }
    }

    /**
     * When the measured part of a level, once it has lasted its duration, ends.
     *
     * @param samples right answers that it waits for
     * @param precision half the width of the intervals of p50, p95 and requests/s that it waits for, as a share of the
     *     value; empty: it does not
     * @param longest how long it waits, counted from its beginning; empty: depends on its duration
     */
    public record Until(int samples, OptionalDouble precision, Optional<Duration> longest) {
        /** What p99 takes. */
        private static final int SAMPLES = 100;

        private static final int MOST_SAMPLES = 100_000_000;

        private static Until read(SettingValues values, Optional<Duration> duration) {
            return new Until(
                    values.read(Setting.SAMPLES, given -> SettingParser.wholeNumber(given, 1, MOST_SAMPLES))
                            .orElse(SAMPLES),
                    values.read(Setting.PRECISION, SettingParser::percent)
                            .map(OptionalDouble::of)
                            .orElse(OptionalDouble.empty()),
                    values.read(
                            Setting.MAX_DURATION,
                            given -> SettingParser.duration(given, duration.orElse(Timing.SHORTEST))));
        }
    }

    /**
     * @param embedding what requests to embed look like
     * @param ranking what requests to rank look like
     * @param seed of the texts: the same seed sends the same texts
     * @param share of users and texts that this generator sends
     */
    public record Requests(EmbeddingForm embedding, RankingForm ranking, long seed, Share share) {
        /** As NIMs take them, with the fields that every model takes, from the only generator. */
        public Requests(EncodingFormat encodingFormat, Truncate truncate, long seed) {
            this(EmbeddingForm.nim(encodingFormat, truncate), RankingForm.nim(truncate), seed, Share.WHOLE);
        }

        /** What requests to a kind of NIM look like. */
        public WireForm form(NimKind kind) {
            return switch (kind) {
                case EMBEDDING -> embedding;
                case RERANKING -> ranking;
            };
        }

        /**
         * The same texts as an emulator of this generator alone takes them: it knows a NIM's usual fields, and refuses no
         * text for its length.
         */
        public Requests asEmulated() {
            return new Requests(embedding.encodingFormat(), Truncate.END, seed);
        }

        private static Requests read(SettingValues values) {
            EncodingFormat encodingFormat = values.read(
                            Setting.ENCODING_FORMAT,
                            given -> SettingParser.oneOf(given, EncodingFormat.values(), EncodingFormat::wire))
                    .orElse(EncodingFormat.FLOAT);
            Truncate truncate = values.read(
                            Setting.TRUNCATE, given -> SettingParser.oneOf(given, Truncate.values(), Truncate::name))
                    .orElse(Truncate.END);
            return new Requests(
                    FormSettings.embedding(values, encodingFormat, truncate),
                    FormSettings.reranking(values, truncate),
                    values.read(Setting.SEED, SettingParser::seed).orElseGet(() -> seed(values)),
                    values.read(Setting.GENERATOR, SettingParser::share).orElse(Share.WHOLE));
        }

        /** Another one in each run; the same for all generators of a run, so that each can leave the others' texts out. */
        private static long seed(SettingValues values) {
            return values.read(Setting.START_AT, SettingParser::instant)
                    .map(Instant::toEpochMilli)
                    .orElseGet(() -> (long) ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE));
        }
    }

    /**
     * @param rehearsal whether the client's code is compiled by a rehearsal before the first level
     * @param calibrate whether what this client adds to each level is measured
     * @param repeat how often the whole grid runs
     */
    public record Phases(boolean rehearsal, boolean calibrate, int repeat) {
        static final int MAX_REPEATS = 100;

        private static Phases read(SettingValues values, OptionalInt gridRepeat) {
            return new Phases(
                    values.flag(Setting.REHEARSAL, true),
                    values.flag(Setting.CALIBRATE, true),
                    values.read(Setting.REPEAT, given -> SettingParser.wholeNumber(given, 1, MAX_REPEATS))
                            .orElse(gridRepeat.orElse(1)));
        }
    }

    /**
     * @param baseline results.json of a finished run, or its directory
     * @param allowDifferent whether to compare runs that are not alike
     * @param maxRegression share by which a level may be worse than in the baseline, 0.05 = 5 %
     */
    public record Comparison(Path baseline, boolean allowDifferent, OptionalDouble maxRegression) {
        private static Optional<Comparison> read(SettingValues values) {
            boolean allowDifferent = values.flag(Setting.BASELINE_ALLOW_DIFFERENT, false);
            OptionalDouble maxRegression = values.read(Setting.MAX_REGRESSION, SettingParser::percent)
                    .map(OptionalDouble::of)
                    .orElse(OptionalDouble.empty());
            Optional<Path> baseline = values.read(Setting.BASELINE, SettingParser::path);
            if (maxRegression.isPresent() && baseline.isEmpty()) {
                throw new UserError(
                        "nim.maxRegression needs a run to compare with; give -Dnim.baseline=…/results.json");
            }
            return baseline.map(path -> new Comparison(path, allowDifferent, maxRegression));
        }
    }
}
