package nimload.capacity;

import java.util.ArrayList;
import java.util.List;

/**
 * One search against a simulated server.
 *
 * @param outcomes of its steps
 */
record SearchRun(Found found, List<Outcome> outcomes) {
    static SearchRun of(CapacitySearch search, Server server, long seed) {
        List<Outcome> outcomes = new ArrayList<>();
        while (true) {
            Next next = search.next(outcomes);
            if (next instanceof Next.Done done) {
                return new SearchRun(done.found(), List.copyOf(outcomes));
            }
            Next.Probe probe = (Next.Probe) next;
            StepTrial test = search.test(probe);
            server.run(probe.value(), 1000 * seed + outcomes.size(), test);
            outcomes.add(test.outcome(probe.value()));
        }
    }

    long requests() {
        return outcomes.stream().mapToLong(Outcome::requests).sum();
    }

    boolean holds(double value) {
        return found.low().orElseThrow() <= value && value <= found.high().orElseThrow();
    }
}
