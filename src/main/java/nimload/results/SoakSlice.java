package nimload.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import nimload.plan.Workload;
import nimload.statistics.Interval;

/**
 * Some minutes of a soak. A request belongs to the slice in which it was to be sent.
 *
 * @param number from 1, over all parts
 * @param part of the soak, from 1; each time it is continued begins one
 * @param workloads those of the mix
 * @param client the load generator as the slice ended
 * @param servers by the NIM's kind, as the slice ended; those whose metrics are read
 */
public record SoakSlice(
        int number,
        int part,
        Instant began,
        double seconds,
        List<Share> workloads,
        Optional<ClientState> client,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, ServerState> servers) {

    public SoakSlice {
        workloads = workloads == null ? List.of() : List.copyOf(workloads);
        client = client == null ? Optional.empty() : client;
        servers = ordered(servers);
    }

    /** By name, so that the same slice is the same text in every file. */
    private static <T> Map<String, T> ordered(Map<String, T> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
    }

    public Instant ended() {
        return began.plus(Duration.ofMillis(Math.round(1e3 * seconds)));
    }

    /** Failed requests. */
    public long errors() {
        return workloads.stream().mapToLong(Share::errorCount).sum();
    }

    /** Requests that were never sent. */
    public long notSent() {
        return workloads.stream().mapToLong(Share::notSent).sum();
    }

    /**
     * One workload's requests.
     *
     * @param arrivals requests that were to be sent
     * @param notSent those that were never sent
     * @param errors failed, by kind
     * @param firstErrors the first error's text of each kind
     * @param requestsPerSecond right answers in the slice
     * @param responseMs from the intended send, by percentile
     * @param latencyMs from the real send, by percentile
     * @param reasons why its numbers should not be quoted, a phrase each
     */
    public record Share(
            Workload workload,
            long arrivals,
            long notSent,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Long> errors,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> firstErrors,
            Optional<Value> requestsPerSecond,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Value> responseMs,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Value> latencyMs,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> reasons) {

        public Share {
            errors = ordered(errors);
            firstErrors = ordered(firstErrors);
            requestsPerSecond = requestsPerSecond == null ? Optional.empty() : requestsPerSecond;
            responseMs = ordered(responseMs);
            latencyMs = ordered(latencyMs);
            reasons = reasons == null ? List.of() : List.copyOf(reasons);
        }

        /** Whether its times are this client's rather than the server's. */
        public boolean clientLimited() {
            return reasons.stream().anyMatch(reason -> reason.startsWith("client-limited"));
        }

        /** Failed requests. */
        public long errorCount() {
            return errors.values().stream().mapToLong(Long::longValue).sum();
        }

        /** Response time in ms; empty with too few answers. */
        public OptionalDouble response(Percentile percentile) {
            Value value = responseMs.get(percentile.key());
            return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.value());
        }
    }

    /** A number and the ends of its 95 % interval; an end that cannot be given is empty. */
    public record Value(double value, OptionalDouble low, OptionalDouble high) {
        public static Value of(Estimate estimate) {
            return new Value(
                    estimate.value(),
                    estimate.interval().map(Interval::low).orElse(OptionalDouble.empty()),
                    estimate.interval().map(Interval::high).orElse(OptionalDouble.empty()));
        }
    }

    /**
     * The process that sends.
     *
     * @param heapBytes in use after the last garbage collection
     * @param residentBytes of the process in memory
     * @param openFiles handles, sockets included
     * @param diskBytes that the run's files take
     */
    public record ClientState(
            OptionalLong heapBytes,
            OptionalLong residentBytes,
            OptionalLong openFiles,
            int threads,
            OptionalLong diskBytes) {}

    /**
     * A NIM by its metrics.
     *
     * @param restart how the metrics show that it is another process than a slice before; empty if they do not
     * @param unread why the metrics could not be read
     * @param utilization of its GPUs, mean, 0 to 1
     * @param powerWatts of all its GPUs
     * @param memoryUsedBytes of all its GPUs
     * @param clockMhz of the multiprocessors, of the slowest GPU
     * @param celsius of the hottest GPU
     * @param throttled what slows its GPUs down, a phrase each; empty if nothing does, absent if the metrics do not say it
     */
    public record ServerState(
            Optional<String> restart,
            Optional<String> unread,
            OptionalDouble utilization,
            OptionalDouble powerWatts,
            OptionalDouble memoryUsedBytes,
            OptionalDouble clockMhz,
            OptionalDouble celsius,
            Optional<List<String>> throttled) {
        public static ServerState unread(String why) {
            return new ServerState(
                    Optional.empty(),
                    Optional.of(why),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    Optional.empty());
        }
    }
}
