package nimload.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Percentile;
import nimload.results.RunResults;
import nimload.results.Soak;
import nimload.results.SoakFindings;
import nimload.results.SoakSlice;
import nimload.results.SoakSlice.ClientState;
import nimload.results.SoakSlice.ServerState;
import nimload.results.SoakSlice.Share;
import nimload.results.SoakSlice.Value;

/**
 * A soak: what its slices show together, and how each number went over time.
 *
 * @param verdict how it went
 * @param facts what was sent, how long, in how many slices
 * @param events of {@link SoakEvents}, a sentence each
 */
record SoakSection(String verdict, String facts, List<String> events, List<Chart> charts) {
    private static final double MIB = 1 << 20;
    private static final List<Percentile> PERCENTILES = List.of(Percentile.P50, Percentile.P95, Percentile.P99);
    private static final Duration LONG = Duration.ofHours(3);

    /**
     * One figure; {@code soak.js} draws it.
     *
     * @param id of its element
     * @param unit of its values
     * @param time unit of {@code x}
     * @param gaps without load, in {@code time}
     */
    record Chart(
            String id,
            String title,
            String note,
            String value,
            String unit,
            String time,
            List<Series> series,
            List<Span> gaps) {}

    record Series(String label, List<Point> points) {}

    /** @param y empty: a gap in the line */
    record Point(double x, OptionalDouble y, OptionalDouble low, OptionalDouble high, boolean hollow) {}

    record Span(double from, double to, List<String> labels) {}

    /** The hours or minutes of a soak. */
    private record Axis(Instant start, boolean hours) {
        static Axis of(List<SoakSlice> slices) {
            Instant start = slices.get(0).began();
            return new Axis(
                    start,
                    Duration.between(start, slices.get(slices.size() - 1).ended())
                                    .compareTo(LONG)
                            >= 0);
        }

        double at(Instant time) {
            return Duration.between(start, time).toMillis() / (hours ? 3.6e6 : 6e4);
        }

        double middle(SoakSlice slice) {
            return (at(slice.began()) + at(slice.ended())) / 2;
        }

        String unit() {
            return hours ? "h" : "min";
        }
    }

    /** Empty for a run that is no soak, or of which no slice has ended. */
    static Optional<SoakSection> of(RunResults run) {
        return run.soak().filter(soak -> !soak.slices().isEmpty()).map(soak -> {
            SoakFindings found = SoakFindings.of(soak);
            return new SoakSection(found.verdict(soak), facts(soak), SoakEvents.of(soak, found), charts(soak));
        });
    }

    private static String facts(Soak soak) {
        return soak.mix().stream().map(point -> point.shape().description()).collect(Collectors.joining("; ")) + ". "
                + soak.slices().size() + " of " + soak.slicesPlanned() + " slices of "
                + SoakFindings.text(Duration.ofMillis(Math.round(1e3 * soak.sliceSeconds())))
                + ". A request belongs to the slice in which it was to be sent. Hollow points should not be quoted;"
                + " the events say why.";
    }

    private static List<Chart> charts(Soak soak) {
        List<Chart> charts = new ArrayList<>();
        soak.mix().stream().map(LoadPoint::workload).forEach(workload -> {
            charts.add(chart(
                    soak,
                    workload.key() + "-response",
                    workload.key() + ": response time",
                    "from the intended send, with 95 % intervals",
                    "response time",
                    "ms",
                    PERCENTILES.stream()
                            .map(percentile -> series(
                                    soak,
                                    percentile.key(),
                                    slice -> share(slice, workload)
                                            .flatMap(share -> Optional.ofNullable(
                                                    share.responseMs().get(percentile.key()))),
                                    slice -> spoilt(slice, workload)))
                            .toList()));
            charts.add(chart(
                    soak,
                    workload.key() + "-rate",
                    workload.key() + ": rate",
                    "right answers, with 95 % intervals; requests that failed, and that were never sent",
                    "requests",
                    "/s",
                    List.of(
                            series(
                                    soak,
                                    "right",
                                    slice -> share(slice, workload).flatMap(Share::requestsPerSecond),
                                    slice -> spoilt(slice, workload)),
                            errors(soak, workload, "failed", Share::errorCount),
                            errors(soak, workload, "never sent", Share::notSent))));
        });
        charts.addAll(servers(soak));
        charts.addAll(client(soak));
        return charts.stream().filter(SoakSection::known).toList();
    }

    private static Series errors(Soak soak, Workload workload, String label, ToLongFunction<Share> count) {
        return plain(
                soak,
                label,
                slice -> share(slice, workload)
                        .map(share -> OptionalDouble.of(count.applyAsLong(share) / slice.seconds()))
                        .orElse(OptionalDouble.empty()));
    }

    private static boolean known(Chart chart) {
        return chart.series().stream()
                .flatMap(series -> series.points().stream())
                .anyMatch(point -> point.y().isPresent());
    }

    private static List<Chart> servers(Soak soak) {
        return List.of(
                server(soak, "gpu-busy", "GPU busy", "%", state -> times(100, state.utilization())),
                server(soak, "gpu-power", "GPU power", "W", ServerState::powerWatts),
                server(
                        soak,
                        "gpu-memory",
                        "GPU memory used",
                        "GiB",
                        state -> times(1 / (1024 * MIB), state.memoryUsedBytes())),
                server(soak, "gpu-clock", "clock of the slowest GPU", "MHz", ServerState::clockMhz),
                server(soak, "gpu-celsius", "temperature of the hottest GPU", "°C", ServerState::celsius),
                server(
                        soak,
                        "gpu-throttled",
                        "reasons that throttle a GPU",
                        "",
                        state -> state.throttled()
                                .map(reasons -> OptionalDouble.of(reasons.size()))
                                .orElse(OptionalDouble.empty())));
    }

    private static Chart server(
            Soak soak, String id, String title, String unit, Function<ServerState, OptionalDouble> value) {
        TreeSet<String> names = soak.slices().stream()
                .flatMap(slice -> slice.servers().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        return chart(
                soak,
                id,
                title,
                "read as each slice ended",
                title,
                unit,
                names.stream()
                        .map(name -> plain(
                                soak,
                                name,
                                slice -> Optional.ofNullable(slice.servers().get(name))
                                        .map(value)
                                        .orElse(OptionalDouble.empty())))
                        .toList());
    }

    private static List<Chart> client(Soak soak) {
        return List.of(
                chart(
                        soak,
                        "memory",
                        "Client: memory",
                        "heap in use after the last collection",
                        "memory",
                        "MiB",
                        List.of(
                                ofClient(soak, "heap", state -> mebibytes(state.heapBytes())),
                                ofClient(soak, "process", state -> mebibytes(state.residentBytes())))),
                chart(
                        soak,
                        "handles",
                        "Client: handles and threads",
                        "as each slice ended",
                        "number",
                        "",
                        List.of(
                                ofClient(soak, "open files and sockets", state -> number(state.openFiles())),
                                ofClient(soak, "threads", state -> OptionalDouble.of(state.threads())))),
                chart(
                        soak,
                        "disk",
                        "Client: disk",
                        "files of this run",
                        "disk",
                        "KiB",
                        List.of(ofClient(soak, "files", state -> times(1 / 1024.0, number(state.diskBytes()))))));
    }

    private static Series ofClient(Soak soak, String label, Function<ClientState, OptionalDouble> value) {
        return plain(soak, label, slice -> slice.client().map(value).orElse(OptionalDouble.empty()));
    }

    private static OptionalDouble number(OptionalLong value) {
        return value.isPresent() ? OptionalDouble.of(value.getAsLong()) : OptionalDouble.empty();
    }

    private static OptionalDouble mebibytes(OptionalLong bytes) {
        return times(1 / MIB, number(bytes));
    }

    private static OptionalDouble times(double factor, OptionalDouble value) {
        return value.isPresent() ? OptionalDouble.of(factor * value.getAsDouble()) : value;
    }

    private static Optional<Share> share(SoakSlice slice, Workload workload) {
        return slice.workloads().stream()
                .filter(share -> share.workload() == workload)
                .findFirst();
    }

    private static boolean spoilt(SoakSlice slice, Workload workload) {
        return share(slice, workload)
                .filter(share -> !share.reasons().isEmpty())
                .isPresent();
    }

    private static Series plain(Soak soak, String label, Function<SoakSlice, OptionalDouble> value) {
        return series(
                soak,
                label,
                slice -> value.apply(slice).stream()
                        .mapToObj(y -> new Value(y, OptionalDouble.empty(), OptionalDouble.empty()))
                        .findFirst(),
                slice -> false);
    }

    private static Series series(
            Soak soak, String label, Function<SoakSlice, Optional<Value>> value, Function<SoakSlice, Boolean> hollow) {
        Axis axis = Axis.of(soak.slices());
        List<Point> points = new ArrayList<>();
        int part = soak.slices().get(0).part();
        for (SoakSlice slice : soak.slices()) {
            if (slice.part() != part) {
                part = slice.part();
                points.add(new Point(
                        axis.at(slice.began()),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        false));
            }
            Optional<Value> known = value.apply(slice);
            points.add(new Point(
                    axis.middle(slice),
                    known.map(number -> OptionalDouble.of(number.value())).orElse(OptionalDouble.empty()),
                    known.map(Value::low).orElse(OptionalDouble.empty()),
                    known.map(Value::high).orElse(OptionalDouble.empty()),
                    hollow.apply(slice)));
        }
        return new Series(label, points);
    }

    private static Chart chart(
            Soak soak, String id, String title, String note, String value, String unit, List<Series> series) {
        Axis axis = Axis.of(soak.slices());
        // The page shades every other stretch.
        List<Span> gaps = soak.gaps().stream()
                .flatMap(gap -> Stream.of(
                        new Span(axis.at(gap.from()), axis.at(gap.to()), List.of("no load")),
                        new Span(axis.at(gap.to()), axis.at(gap.to()), List.of())))
                .toList();
        return new Chart("soak-" + id, title, note, value, unit, axis.unit(), series, gaps);
    }
}
