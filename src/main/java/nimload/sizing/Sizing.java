package nimload.sizing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import nimload.UserError;
import nimload.plan.Price;
import nimload.plan.Shape;
import nimload.plan.Workload;
import nimload.results.RunResults;
import nimload.sizing.GeneratorUse.Bodies;
import nimload.sizing.GeneratorUse.Network;

/**
 * How many GPUs and generators a demand needs, in lines for people.
 *
 * @param demand the same for each shape
 * @param workload only shapes of it; empty: all
 * @param price of one GPU hour; empty: as the run has it
 * @param bodies of a request and its answer; empty: as the run has them
 * @param bitsPerSecond of a generator's network, in each direction
 */
record Sizing(
        Demand demand,
        Optional<Workload> workload,
        Optional<Price> price,
        Optional<Bodies> bodies,
        double bitsPerSecond) {

    /**
     * @param name of the run, for errors
     * @throws UserError if nothing in the run is known to keep the limit
     */
    List<String> of(String name, RunResults run) {
        List<Shape> shapes = MeasuredCapacity.shapes(run).stream()
                .filter(shape -> workload.isEmpty() || workload.get() == shape.workload())
                .toList();
        List<String> lines = new ArrayList<>();
        List<Shape> unknown = new ArrayList<>();
        for (Shape shape : shapes) {
            MeasuredCapacity.of(run, shape, demand)
                    .ifPresentOrElse(measured -> lines.addAll(lines(run, shape, measured)), () -> unknown.add(shape));
        }
        if (lines.isEmpty()) {
            throw new UserError(name + " does not tell how many requests/s keep " + demand.limit()
                    + workload.map(only -> " (" + only.key() + ")").orElse("")
                    + ": no search with this limit found a rate that keeps it, and no valid level is known to (95 %); give a run"
                    + " of CapacitySimulation with -Dnim.capacity.limit='"
                    + demand.limit().replace(" ", "") + "', or another limit");
        }
        unknown.forEach(shape ->
                lines.add(shape.description() + ": nothing in the run is known to keep " + demand.limit() + " (95 %)"));
        lines.add("Assumed: capacity grows in proportion to the GPUs, and requests are dealt out to them evenly.");
        String standIn = run.info()
                .standIn()
                .map(stand -> " [" + stand + ", not NVIDIA's NIM]")
                .orElse("");
        return lines.stream().map(line -> line + standIn).toList();
    }

    private List<String> lines(RunResults run, Shape shape, MeasuredCapacity measured) {
        int gpus = run.info().gpus(shape.workload().nim());
        Count needed = measured.gpus(demand, gpus);
        List<String> lines = new ArrayList<>();
        lines.add(shape.description() + ": " + Figures.of(demand.requestsPerSecond()) + " requests/s at "
                + demand.limit() + " need " + needed.text() + (needed.most() == 1 ? " GPU" : " GPUs")
                + (demand.headroom() > 0
                        ? " with " + Figures.of(100 * demand.headroom()) + " % of the capacity kept free"
                        : ""));
        lines.add("  measured: at least " + Figures.of(measured.atLeast())
                + (measured.atMost().isPresent()
                        ? " and at most " + Figures.of(measured.atMost().getAsDouble())
                        : "")
                + " requests/s on " + gpus + (gpus == 1 ? " GPU" : " GPUs") + " (95 %), by "
                + measured.by());
        price.or(() -> run.info().remarks().gpuHour()).ifPresent(hour -> lines.add("  cost: " + cost(hour, needed)));
        lines.addAll(generators(run, shape));
        return lines;
    }

    private static String cost(Price hour, Count gpus) {
        String least = !gpus.bounded() && gpus.most() > 1
                ? "up to "
                : gpus.least() < gpus.most() ? money(hour, gpus.least()) + " to " : "";
        return least + money(hour, gpus.most())
                + hour.currency().map(currency -> " " + currency).orElse("") + " per hour (" + hour.text()
                + " per GPU hour)";
    }

    private static String money(Price hour, long gpus) {
        return String.format(Locale.ROOT, "%.2f", hour.amount() * gpus);
    }

    private List<String> generators(RunResults run, Shape shape) {
        GeneratorUse use = GeneratorUse.of(run, shape);
        Optional<Network> network = bodies.or(use::bodies).map(known -> new Network(known, bitsPerSecond));
        List<GeneratorUse.Resource> resources = use.at(demand.requestsPerSecond(), network);
        if (resources.isEmpty()) {
            return List.of("  generators: not known, since no valid level of 100 requests or more shows what they use");
        }
        GeneratorUse.Resource first = resources.get(0);
        long count = Count.up(first.generators());
        boolean cpu = use.cpuMillis().isPresent();
        List<String> lines = new ArrayList<>();
        lines.add("  generators: "
                + (cpu ? count + "; " + first.name() + " saturates first" : "at least " + count + "; CPU not known"));
        resources.forEach(resource -> lines.add("    " + resource.name() + ": " + resource.used()));
        if (cpu && run.info().emulated()) {
            lines.add("    the CPU includes the embedded NIM's own work if it ran in the generator's process");
        }
        if (network.isEmpty()) {
            lines.add("    network: not known; give the size of a request and an answer with --bytes");
        }
        return lines;
    }
}
