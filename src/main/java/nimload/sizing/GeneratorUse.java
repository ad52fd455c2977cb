package nimload.sizing;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import nimload.plan.Shape;
import nimload.results.Arrivals;
import nimload.results.LevelResults;
import nimload.results.RunResults;

/**
 * What a request costs the load generator, by the valid level of a run that sent the most per second.
 *
 * @param cpuMillis CPU time of the generator's process per request; empty where not known, or where several generators ran
 *     the level
 * @param cores of its machine; empty where not known
 * @param meanMillis for which a request is in flight; empty where not known
 * @param bodies mean sizes; empty where not known
 */
record GeneratorUse(
        OptionalDouble cpuMillis, OptionalDouble cores, OptionalDouble meanMillis, Optional<Bodies> bodies) {

    /** The name of a client's cores in results.json. */
    private static final String CORES = "cores";

    /** A level of fewer does not show what one costs. */
    private static final int FEWEST_REQUESTS = 100;

    /** The share of its cores that a generator may use: above it, requests wait for the generator. */
    static final double CPU_SHARE = 0.7;

    /** The share of a network's speed that requests and answers may use, without headers and retransmission. */
    static final double NIC_SHARE = 0.7;

    /** Linux's default {@code net.ipv4.ip_local_port_range}, 32768 to 60999: connections to one address. */
    static final int PORTS = 28_232;

    /**
     * @param request bytes of a request's body
     * @param answer bytes of its answer's body
     */
    record Bodies(double request, double answer) {}

    /** @param bitsPerSecond of a generator's network, in each direction */
    record Network(Bodies bodies, double bitsPerSecond) {}

    /**
     * One resource of the generators.
     *
     * @param used at the demanded rate, in words
     * @param generators that it needs, not rounded
     */
    record Resource(String name, String used, double generators) {}

    static GeneratorUse of(RunResults run, Shape shape) {
        OptionalDouble cores = Optional.ofNullable(run.info().client().get(CORES))
                .filter(text -> text.matches("[1-9]\\d{0,4}"))
                .map(text -> OptionalDouble.of(Double.parseDouble(text)))
                .orElse(OptionalDouble.empty());
        return MeasuredCapacity.levels(run, shape).stream()
                .filter(level -> level.requests().count() >= FEWEST_REQUESTS)
                .max(Comparator.comparingDouble(
                        level -> level.throughput().requestsPerSecond().orElse(0)))
                .map(level -> new GeneratorUse(cpuMillis(level, cores), cores, meanMillis(level), bodies(level)))
                .orElse(new GeneratorUse(OptionalDouble.empty(), cores, OptionalDouble.empty(), Optional.empty()));
    }

    private static OptionalDouble cpuMillis(LevelResults level, OptionalDouble cores) {
        OptionalDouble share = level.client().processCpu();
        OptionalDouble seconds = level.throughput().elapsedSeconds();
        long requests = level.requests().count();
        // Several generators' shares of their own cores are not one process.
        return !level.client().generators().isEmpty()
                        || share.isEmpty()
                        || share.getAsDouble() == 0
                        || seconds.isEmpty()
                        || cores.isEmpty()
                        || requests == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(share.getAsDouble() * cores.getAsDouble() * seconds.getAsDouble() * 1e3 / requests);
    }

    private static OptionalDouble meanMillis(LevelResults level) {
        return level.throughput()
                .arrivals()
                .map(Arrivals::response)
                .orElse(level.latency())
                .avg();
    }

    private static Optional<Bodies> bodies(LevelResults level) {
        OptionalDouble request = level.throughput().requestBytes();
        OptionalDouble answer = level.throughput().answerBytes();
        return request.isPresent() && answer.isPresent()
                ? Optional.of(new Bodies(request.getAsDouble(), answer.getAsDouble()))
                : Optional.empty();
    }

    /**
     * What the generators need at a rate, the scarcest first. What is not known is not in it.
     *
     * @param network empty where the size of requests is not known
     */
    List<Resource> at(double requestsPerSecond, Optional<Network> network) {
        return Stream.of(
                        cpu(requestsPerSecond),
                        network.map(known -> nic(requestsPerSecond, known)),
                        sockets(requestsPerSecond))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingDouble(Resource::generators).reversed())
                .toList();
    }

    private Optional<Resource> cpu(double rate) {
        if (cpuMillis.isEmpty()) {
            return Optional.empty();
        }
        double busy = rate * cpuMillis.getAsDouble() / 1e3;
        return Optional.of(new Resource(
                "CPU",
                Figures.of(busy) + " cores (" + Figures.of(cpuMillis.getAsDouble()) + " ms per request; generators of "
                        + Figures.of(cores.getAsDouble()) + " cores, up to 70 % busy)",
                busy / (cores.getAsDouble() * CPU_SHARE)));
    }

    private static Resource nic(double rate, Network network) {
        double up = rate * network.bodies().request();
        double down = rate * network.bodies().answer();
        return new Resource(
                "network",
                Figures.of(up / 1e6) + " MB/s up and " + Figures.of(down / 1e6) + " MB/s down (up to 70 % of "
                        + Figures.of(network.bitsPerSecond() / 1e9) + " Gbit/s per generator)",
                Math.max(up, down) * 8 / (network.bitsPerSecond() * NIC_SHARE));
    }

    private Optional<Resource> sockets(double rate) {
        if (meanMillis.isEmpty()) {
            return Optional.empty();
        }
        double inFlight = rate * meanMillis.getAsDouble() / 1e3;
        return Optional.of(new Resource(
                "sockets",
                Figures.of(inFlight) + " requests in flight (rate × mean of " + Figures.of(meanMillis.getAsDouble())
                        + " ms; " + PORTS + " connections from a generator to one address)",
                inFlight / PORTS));
    }
}
