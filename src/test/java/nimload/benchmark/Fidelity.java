package nimload.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import nimload.CommandLineTool;
import nimload.nim.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * How near the embedded NIM comes to the service that was measured on the H200: {@code mvn test-compile exec:java@fidelity}.
 *
 * <p>The measured reranking levels had pairs of 512 tokens in all, so the run has to be made with {@code
 * -Dnim.reranking.tokens=448 -Dnim.reranking.queryTokens=64}. Levels that were not measured on the H200 are left out.
 */
@Command(
        name = "fidelity",
        customSynopsis = "mvn test-compile exec:java@fidelity [-Dexec.args=RUN]",
        description = "Compares a run of the embedded NIM with what was measured on the H200.",
        footer = "  mvn test-compile exec:java@fidelity -Dexec.args=\"nim-results/latest\"")
public final class Fidelity implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "RUN",
            converter = CommandLineTool.ExistingPath.class,
            defaultValue = "nim-results/latest",
            description = "The run's directory; default: ${DEFAULT-VALUE}.")
    private Path results;

    public static void main(String[] args) {
        CommandLineTool.main(new Fidelity(), args);
    }

    @Override
    public Integer call() throws Exception {
        JsonNode run = Json.MAPPER.readTree(Files.readAllBytes(results.resolve("results.json")));
        System.out.printf(
                "%-10s %6s %5s %5s | %9s %9s %7s | %9s %9s %7s | %s%n",
                "workload", "tokens", "items", "conc.", "H200 p50", "here", "", "H200 r/s", "here", "", "verdict");
        try (InputStream in = Fidelity.class.getResourceAsStream("/h200-service-times.json")) {
            for (JsonNode measured : Json.MAPPER.readTree(in).required("service")) {
                for (JsonNode level : run.required("levels")) {
                    if (same(measured, level)) {
                        print(measured, level);
                    }
                }
            }
        }
        return 0;
    }

    private static boolean same(JsonNode measured, JsonNode level) {
        return measured.required("workload").equals(level.required("workload"))
                && measured.required("items").equals(level.required("itemsPerRequest"))
                && measured.required("concurrency").equals(level.required("concurrency"))
                && measured.required("inputTokens").intValue()
                        == level.required("inputTokens").intValue()
                                + level.path("queryTokens").intValue();
    }

    private static void print(JsonNode measured, JsonNode level) {
        double p50 = measured.required("p50Ms").doubleValue();
        double rate = measured.required("requestsPerSecond").doubleValue();
        double p50Here = level.required("latencyMs").required("p50").doubleValue();
        double rateHere = level.required("requestsPerSecond").doubleValue();
        System.out.printf(
                Locale.ROOT,
                "%-10s %6d %5d %5d | %9.2f %9.2f %+6.1f%% | %9.1f %9.1f %+6.1f%% | %s%n",
                measured.required("workload").textValue(),
                measured.required("inputTokens").intValue(),
                measured.required("items").intValue(),
                measured.required("concurrency").intValue(),
                p50,
                p50Here,
                100 * (p50Here / p50 - 1),
                rate,
                rateHere,
                100 * (rateHere / rate - 1),
                level.required("valid").booleanValue()
                        ? "valid"
                        : level.required("reasons").required(0).textValue());
    }
}
