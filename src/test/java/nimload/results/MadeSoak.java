package nimload.results;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.SoakSlice.ClientState;
import nimload.results.SoakSlice.ServerState;
import nimload.results.SoakSlice.Share;
import nimload.results.SoakSlice.Value;

/** A soak that nobody ran: queries at 50/s in slices of a minute. */
public final class MadeSoak {
    public static final Instant START = Instant.parse("2026-11-26T03:00:00Z");

    private static final LoadPoint QUERY = new LoadPoint(Workload.QUERY, 20, 0, 1, 128).at(Load.constant(50));

    private final List<SoakSlice> slices = new ArrayList<>();
    private Instant now = START;
    private int part = 1;

    /** The next minute. */
    public MadeSoak slice(double p95) {
        return slice(p95, 0, Optional.empty());
    }

    public MadeSoak slice(double p95, long errors, Optional<String> restart) {
        return slice(p95, errors, "connection", "not established", restart);
    }

    /** The next minute, in which requests failed. */
    public MadeSoak errors(long count, String kind, String firstText) {
        return slice(7, count, kind, firstText, Optional.empty());
    }

    private MadeSoak slice(double p95, long errors, String kind, String firstText, Optional<String> restart) {
        slices.add(new SoakSlice(
                slices.size() + 1,
                part,
                now,
                60,
                List.of(new Share(
                        Workload.QUERY,
                        3000,
                        0,
                        errors == 0 ? Map.of() : Map.of(kind, errors),
                        errors == 0 ? Map.of() : Map.of(kind, firstText),
                        Optional.of(new Value(50, OptionalDouble.of(49.9), OptionalDouble.of(50.1))),
                        Map.of("p50", exact(2), "p95", exact(p95), "p99", exact(9)),
                        Map.of("p50", exact(2), "p95", exact(p95), "p99", exact(9)),
                        errors == 0
                                ? List.of()
                                : List.of(errors + " of 3000 requests failed: " + kind + " ×" + errors))),
                Optional.of(new ClientState(
                        OptionalLong.of(45L << 20),
                        OptionalLong.of(300L << 20),
                        OptionalLong.of(240),
                        30,
                        OptionalLong.of(4096L * (slices.size() + 1)))),
                Map.of("embedding", server(restart, List.of()))));
        now = now.plusSeconds(60);
        return this;
    }

    /** What is known of the NIMs as the last slice ends. */
    public MadeSoak servers(Map<String, ServerState> states) {
        SoakSlice last = slices.remove(slices.size() - 1);
        slices.add(new SoakSlice(
                last.number(), last.part(), last.began(), last.seconds(), last.workloads(), last.client(), states));
        return this;
    }

    /** Of the last slice. */
    public MadeSoak notSent(long count) {
        return share(share -> new Share(
                share.workload(),
                share.arrivals(),
                count,
                share.errors(),
                share.firstErrors(),
                share.requestsPerSecond(),
                share.responseMs(),
                share.latencyMs(),
                share.reasons()));
    }

    /** Why the numbers of the last slice should not be quoted. */
    public MadeSoak reasons(String... reasons) {
        return share(share -> new Share(
                share.workload(),
                share.arrivals(),
                share.notSent(),
                share.errors(),
                share.firstErrors(),
                share.requestsPerSecond(),
                share.responseMs(),
                share.latencyMs(),
                List.of(reasons)));
    }

    private MadeSoak share(UnaryOperator<Share> change) {
        SoakSlice last = slices.remove(slices.size() - 1);
        slices.add(new SoakSlice(
                last.number(),
                last.part(),
                last.began(),
                last.seconds(),
                last.workloads().stream().map(change).toList(),
                last.client(),
                last.servers()));
        return this;
    }

    /** Of a NIM that started again, or whose GPU is slowed down. */
    public static ServerState server(Optional<String> restart, List<String> throttled) {
        return new ServerState(
                restart,
                Optional.empty(),
                OptionalDouble.of(0.25),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.of(1980),
                OptionalDouble.empty(),
                Optional.of(throttled));
    }

    /** It is killed, and continued after this time. */
    public MadeSoak killedFor(int seconds) {
        now = now.plusSeconds(seconds);
        part++;
        return this;
    }

    public Soak of(int planned) {
        return new Soak(planned, 60, List.of(QUERY), slices, Optional.empty());
    }

    private static Value exact(double value) {
        return new Value(value, OptionalDouble.of(value), OptionalDouble.of(value));
    }
}
