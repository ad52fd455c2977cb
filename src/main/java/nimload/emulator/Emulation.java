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
 * @param times of its modelled GPUs
 * @param slowdown all times of the modelled GPU multiplied; 1.05 = 5 % slower
 * @param fixedDelay of every answer, instead of the modelled GPU's time
 * @param remembering whether a repeated request gets its answer without being parsed again
 */
record Emulation(
        List<EmulatedModel> models,
        boolean strict,
        OptionalInt queueLimit,
        TimesFile times,
        double slowdown,
        Optional<Duration> fixedDelay,
        boolean remembering) {

    /** The guide's two models on an H200. */
    static Emulation ofTheGuide() {
        return new Emulation(
                List.of(ModelFile.known(EmbeddedNim.EMBEDDING_MODEL), ModelFile.known(EmbeddedNim.RERANKING_MODEL)),
                true,
                OptionalInt.empty(),
                TimesFile.H200,
                1,
                Optional.empty(),
                false);
    }

    Emulation slowedBy(double factor) {
        return new Emulation(models, strict, queueLimit, times, factor, fixedDelay, remembering);
    }

    /** To measure clients: it takes whatever they send. */
    Emulation withFixedDelay(Duration delay, boolean remembers) {
        return new Emulation(models, false, queueLimit, times, slowdown, Optional.of(delay), remembers);
    }

    /** The guide's models of the kinds that these times are for. */
    Emulation withTimes(TimesFile others) {
        List<EmulatedModel> timed = models.stream()
                .filter(model -> others.times().containsKey(model.kind()))
                .toList();
        return new Emulation(timed, strict, queueLimit, others, slowdown, fixedDelay, remembering);
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
        String slowed = slowdown == 1 ? "" : ", all its times × " + slowdown;
        if (others.isEmpty()) {
            return times.label() + slowed;
        }
        String names = String.join(", ", others);
        return "embedded NIM ("
                + (times.equals(TimesFile.H200)
                        ? names + " with the times of another model: nobody's"
                        : times.name() + "; nothing says that these times are those of " + names)
                + ")" + slowed;
    }

    Accelerator accelerator(NimKind kind, EventLoop loop) {
        Function<Duration, Accelerator> fixed = delay -> new FixedDelay(loop, delay);
        return fixedDelay.map(fixed).orElseGet(() -> {
            ServiceTimes modelled = times.times().get(kind);
            return new Gpu(loop, slowdown == 1 ? modelled : modelled.slowedBy(slowdown));
        });
    }
}
