package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import nimload.MainProcess;
import nimload.emulator.EmbeddedNim;
import nimload.results.Generator;
import nimload.results.LevelResults;
import nimload.results.ResultsFile;
import nimload.results.RunResults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two generators as two JVMs against one server; the second is killed while the last level runs. */
@Execution(ExecutionMode.CONCURRENT)
class GeneratorsRunTest {
    /** For two JVMs to start, tried one after the other: on a busy machine they leave out what they come too late for. */
    private static final List<Integer> PREPARATION_SECONDS = List.of(25, 90, 240);

    @TempDir
    Path directory;

    private static GatlingRun generator(int number, Path directory, EmbeddedNim nim, Instant startAt)
            throws IOException {
        return GatlingRun.startWithoutReport(
                directory,
                "QueryEmbeddingSimulation",
                List.of(
                        "nim.generator=" + number + "/2",
                        "nim.startAt=" + startAt,
                        "nim.embedding.url=" + nim.url(),
                        "nim.query.concurrency=3,4",
                        "nim.duration=4s",
                        "nim.warmup=0s"));
    }

    @Test
    void twoGeneratorsSendALevelTogetherAndOneThatIsKilledCostsTheOthersNothing() {
        RunResults merged = PREPARATION_SECONDS.stream()
                .map(this::run)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no generator was ever on time"));

        assertThat(merged.levels()).extracting(LevelResults::concurrency).containsExactly(3, 4);
        LevelResults together = merged.levels().get(0);
        assertThat(together.client().generators())
                .extracting(Generator::number, Generator::users)
                .containsExactly(tuple(1, 2), tuple(2, 1));
        assertThat(together.client().generators()).allSatisfy(generator -> {
            assertThat(generator.requests()).isPositive();
            assertThat(generator.errors()).isZero();
            assertThat(generator.windows())
                    .singleElement()
                    .satisfies(window -> assertThat(window.lateMs()).isNotNegative());
        });
        assertThat(together.requests().count())
                .isEqualTo(together.client().generators().stream()
                        .mapToLong(Generator::requests)
                        .sum());
        assertThat(together.evidence().ledger().orElseThrow().unaccounted()).isZero();
        assertThat(together.validity().reasons()).noneMatch(reason -> reason.contains("missing"));

        LevelResults alone = merged.levels().get(1);
        assertThat(alone.client().generators())
                .extracting(Generator::number, Generator::users)
                .containsExactly(tuple(1, 2));
        assertThat(alone.validity().reasons()).contains("generator 2 is missing: the level had 2 of its 4 users less");
        assertThat(alone.requests().count())
                .isEqualTo(alone.client().generators().get(0).requests());
        assertThat(merged.complete()).isFalse();
        assertThat(merged.info().notes()).startsWith("Merged from 2 of 2 generators.");
    }

    /** Empty where a generator was too late for a level. */
    private Optional<RunResults> run(int seconds) {
        Path first = directory.resolve("first-" + seconds);
        Path second = directory.resolve("second-" + seconds);
        try (EmbeddedNim nim = EmbeddedNim.start(0)) {
            Instant startAt = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(seconds);
            GatlingRun survivor = generator(1, Files.createDirectories(first), nim, startAt);
            GatlingRun killed = generator(2, Files.createDirectories(second), nim, startAt);
            boolean onTime = killed.reaches("▶ Running: input_type=query, tokens=20, batch=1, concurrency=4");
            killed.kill();
            survivor.exitCode();
            return onTime
                            && !survivor.output().contains("left out")
                            && !killed.output().contains("left out")
                    ? Optional.of(merge(first, second))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a user does it. */
    private RunResults merge(Path first, Path second) throws IOException, InterruptedException {
        Path out = directory.resolve("merged");
        try (MainProcess merge = MainProcess.start(
                "nimload.merge.Merge",
                first.resolve("results/latest").toString(),
                second.resolve("results/latest").toString(),
                "--out",
                out.toString())) {
            assertThat(merge.exitCode()).isZero();
        }
        Path kept = Files.createDirectories(Path.of("target", "real-results"));
        Files.writeString(
                kept.resolve("generators.json"),
                Files.readString(out.resolve("latest").resolve(ResultsFile.NAME)));
        return ResultsFile.read(out.resolve("latest"));
    }
}
