package nimload.emulator;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import nimload.nim.NimKind;

/**
 * What an embedded NIM is to be like.
 *
 * @param models that it serves, at most one of each kind
 * @param strict whether it refuses what a NIM refuses
 * @param queueLimit requests that may wait; a further one gets status 503
 * @param slowdown all times of the modelled GPU multiplied; 1.05 = 5 % slower
 * @param fixedDelay of every answer, instead of the modelled GPU's time
 * @param remembering whether a repeated request gets its answer without being parsed again
 */
record Emulation(
        List<EmulatedModel> models,
        boolean strict,
        OptionalInt queueLimit,
        double slowdown,
        Optional<Duration> fixedDelay,
        boolean remembering) {

    /** The guide's two models on an H200. */
    static Emulation ofTheGuide() {
        return new Emulation(
                List.of(ModelFile.known(EmbeddedNim.EMBEDDING_MODEL), ModelFile.known(EmbeddedNim.RERANKING_MODEL)),
                true,
                OptionalInt.empty(),
                1,
                Optional.empty(),
                false);
    }

    Emulation slowedBy(double factor) {
        return new Emulation(models, strict, queueLimit, factor, fixedDelay, remembering);
    }

    /** To measure clients: it takes whatever they send. */
    Emulation withFixedDelay(Duration delay, boolean remembers) {
        return new Emulation(models, false, queueLimit, slowdown, Optional.of(delay), remembers);
    }

    /** How it names itself. */
    String label() {
        if (fixedDelay.isPresent()) {
            return "server with a fixed delay of " + fixedDelay.get().toMillis() + " ms";
        }
        List<String> others = models.stream()
                .filter(model -> !model.measured())
                .map(EmulatedModel::id)
                .toList();
        String times = slowdown == 1 ? "" : ", all its times × " + slowdown;
        return others.isEmpty()
                ? EmbeddedNim.LABEL + times
                : "embedded NIM (" + String.join(", ", others) + " with the times of another model: nobody's)" + times;
    }

    Accelerator accelerator(NimKind kind, EventLoop loop) {
        Function<Duration, Accelerator> fixed = delay -> new FixedDelay(loop, delay);
        return fixedDelay.map(fixed).orElseGet(() -> {
            ServiceTimes times = switch (kind) {
                case EMBEDDING -> ServiceTimes.h200Embedding();
                case RERANKING -> ServiceTimes.h200Reranking();
            };
            return new Gpu(loop, slowdown == 1 ? times : times.slowedBy(slowdown));
        });
    }
}
