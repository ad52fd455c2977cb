package nimload.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import nimload.CommandLineTool;
import nimload.MainProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The embedded NIM as the process that {@code exec:java@emulator} starts. */
class EmulatorTest {
    private static final String MAIN = "nimload.emulator.Emulator";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port 0||embedded NIM (H200-like)",
                "--port 0 --fixed-delay-millis 3||server with a fixed delay of 3 ms",
                "|-Demulator.port=0 -Demulator.slowdown=1.05|embedded NIM (H200-like), all its times × 1.05",
                "|-Demulator.port=0 -Demulator.fixedDelayMillis=0|server with a fixed delay of 0 ms",
                "--port 0|-Demulator.times=simulations-data/h200-service-times.json|embedded NIM (times of h200-service-times.json)",
                "--port 0 --model bge-m3||embedded NIM (baai/bge-m3 with the times of another model: nobody's)",
                "--port 0 --model bge-m3|-Demulator.times=simulations-data/h200-service-times.json|embedded NIM"
                        + " (times of h200-service-times.json; nothing says that these times are those of baai/bge-m3)",
                "--port 0|-Demulator.faults=simulations-data/faults/restart.yaml -Demulator.fault=restart|embedded NIM (H200-like)"
                        + " with the faults of simulations-data/faults/restart.yaml",
                "--port 0 --slowdown 1.5|-Demulator.port=1 -Demulator.slowdown=2|embedded NIM (H200-like), all its times × 1.5",
            })
    void propertiesAreTheDefaultsOfTheOptionsAndItSaysWhatItIsAndWhere(String options, String properties, String label)
            throws Exception {
        try (MainProcess emulator = MainProcess.start(arguments(properties, options))) {
            String line = emulator.awaitLine(" at http://127.0.0.1:");
            assertThat(line).startsWith(label + " at ").endsWith(" (Ctrl-C ends it)");
            URI url = URI.create(line.replaceFirst(".* at (\\S+) .*", "$1"));
            assertThat(HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(url.resolve("/v1/health/ready"))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port 65536||--port 65536: not a whole number from 0 to 65535",
                "|-Demulator.port=80O0|--port 80O0: not a whole number from 0 to 65535",
                "--fixed-delay-millis 100000||--fixed-delay-millis 100000: not a whole number from 0 to 99999",
                "--slowdown 0||--slowdown 0: not a factor above 0 and below 10; give e.g. 1.05",
                "|-Demulator.slowdown=10|--slowdown 10: not a factor above 0 and below 10; give e.g. 1.05",
                "|-Demulator.prt=8000|-Demulator.prt: unknown property; did you mean -Demulator.port?",
                "--fixed-delay-millis 5|-Demulator.slowdown=2|--fixed-delay-millis and --slowdown exclude each other;"
                        + " give one of them",
            })
    void wrongValuesAndUnknownPropertiesAreRefusedInOneLine(String options, String properties, String problem)
            throws Exception {
        try (MainProcess emulator = MainProcess.start(arguments(properties, options))) {
            assertThat(emulator.exitCode()).isEqualTo(2);
            assertThat(emulator.err())
                    .isEqualTo("✗ " + problem + " (help: mvn compile exec:java@emulator -Dexec.args=--help)");
        }
    }

    @Test
    void aTakenPortIsRefusedWithTheOptionThatChoosesAnother() throws Exception {
        try (EmbeddedNim other = EmbeddedNim.start(0);
                MainProcess emulator = MainProcess.start(
                        MAIN, "--port", Integer.toString(other.url().getPort()))) {
            assertThat(emulator.exitCode()).isEqualTo(1);
            assertThat(emulator.err())
                    .startsWith("✗ cannot listen on port " + other.url().getPort() + " (")
                    .endsWith("; stop the process that uses it, or choose another port with --port")
                    .doesNotContain("\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--strict maybe|--strict maybe: neither true nor false; give one of them",
                "--replicas 0|--replicas 0: not a whole number from 1 to 64",
                "--port 65535 --replicas 2|--port 65535 with --replicas 2: the last port would be beyond 65535; give smaller ones",
                "--times x.json --fixed-delay-millis 5|--fixed-delay-millis and --times exclude each other; give one of them",
                "--queue-limit 0|--queue-limit 0: not a whole number from 1 to 999999",
                "--fixed-delay-millis 5 --queue-limit 1|--fixed-delay-millis and --queue-limit exclude each other, since nothing waits then; give one of them",
                "--fault x|--fault x without a script; give --faults FILE too",
            })
    void optionsThatMakeNoServerAreWrongUse(String options, String problem) {
        StringWriter err = new StringWriter();
        assertThat(CommandLineTool.of(new Emulator())
                        .setErr(new PrintWriter(err, true))
                        .execute(options.split(" ")))
                .isEqualTo(2);
        assertThat(err).hasToString("✗ " + problem + " (help: mvn compile exec:java@emulator -Dexec.args=--help)\n");
    }

    @Test
    @Timeout(60)
    void aModelOfAKindThatTheTimesAreNotForIsRefused(@TempDir Path directory) throws IOException {
        Path twin = Files.writeString(directory.resolve("twin.json"), """
                {"twinOf": "20261126-120000", "gpu": {"embed": {"batchOverheadMs": 0, "hostMs": 0.1,
                  "maxItemsPerBatch": 32, "rows": [{"tokensPerItem": 20, "itemsAndMs": [[1, 0.1], [10, 0.5]]}]}}}
                """);
        for (String models : List.of("llama-3.2-nv-rerankqa-1b-v2", "bge-m3,llama-3.2-nv-rerankqa-1b-v2")) {
            StringWriter err = new StringWriter();
            assertThat(CommandLineTool.of(new Emulator())
                            .setErr(new PrintWriter(err, true))
                            .execute("--port", "0", "--times", twin.toString(), "--model", models))
                    .isEqualTo(1);
            assertThat(err)
                    .hasToString("✗ --times " + twin + " has no reranking times, which --model"
                            + " nvidia/llama-3.2-nv-rerankqa-1b-v2 needs; leave out that model, or give a file that has"
                            + " them\n");
        }
    }

    @Test
    void replicasListenEachOnItsPortAndTheirAddressesAreThoseOfASetting() throws Exception {
        try (MainProcess emulator = MainProcess.start(
                arguments("-Demulator.replicas=3 -Demulator.queueLimit=5 -Demulator.strict=false", "--port 0"))) {
            String line = emulator.awaitLine(" at http://127.0.0.1:");
            String[] urls = line.replaceFirst(".* at (\\S+) .*", "$1").split(",");
            assertThat(urls).hasSize(3).doesNotHaveDuplicates();
            for (String url : urls) {
                assertThat(HttpClient.newHttpClient()
                                .send(
                                        HttpRequest.newBuilder(URI.create(url + "/v1/metrics"))
                                                .build(),
                                        BodyHandlers.ofString())
                                .body())
                        .contains("instance=\"" + URI.create(url).getAuthority() + "\"");
            }
        }
    }

    private static String[] arguments(String properties, String options) {
        return Stream.of(properties, MAIN, options)
                .filter(words -> words != null)
                .flatMap(words -> Stream.of(words.split(" ")))
                .toArray(String[]::new);
    }
}
