package nimload.sizing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import nimload.CommandLineTool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private static MeasuredRun searched() {
        return new MeasuredRun()
                .search("rate", "p95 <= 20 ms", 80, 100)
                .users(9, 500, 8, 9)
                .cpu(0.01, 2);
    }

    private int size(MeasuredRun run, String options) throws IOException {
        Files.writeString(directory.resolve("results.json"), run.json());
        return CommandLineTool.of(new Size())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.concat(
                                Stream.of(options.split(" ")).filter(option -> !option.isEmpty()),
                                Stream.of(directory.toString()))
                        .toArray(String[]::new));
    }

    @Test
    void saysGpusCostAndGenerators() throws IOException {
        assertThat(size(searched(), "--rate 1000 --p95 20ms --gpu-hour 2.50EUR --bytes 250/19000"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "query, 20 tokens, 1 text: 1000 requests/s at p95 <= 20 ms need 10 to 13 GPUs",
                        "  measured: at least 80 and at most 100 requests/s on 1 GPU (95 %), by a search with this limit",
                        "  cost: 25.00 to 32.50 EUR per hour (2.50EUR per GPU hour)",
                        "  generators: 1; CPU saturates first",
                        "    CPU: 0.32 cores (0.32 ms per request; generators of 16 cores, up to 70 % busy)",
                        "    network: 0.25 MB/s up and 19 MB/s down (up to 70 % of 10 Gbit/s per generator)",
                        "    sockets: 4 requests in flight (rate × mean of 4 ms; 28232 connections from a generator to one"
                                + " address)",
                        "Assumed: capacity grows in proportion to the GPUs, and requests are dealt out to them evenly.");
    }

    @Test
    void gpusAndPriceAreTheRunsOwnAndHeadroomIsKept() throws IOException {
        MeasuredRun run = searched().setting("nim.embedding.gpus", "8").setting("nim.gpuHour", "3");
        assertThat(size(run, "--rate 100 --p95 0.02s --headroom 20% --workload query"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("need 10 to 13 GPUs with 20 % of the capacity kept free")
                .contains("requests/s on 8 GPUs (95 %)")
                .contains("  cost: 30.00 to 39.00 per hour (3 per GPU hour)")
                .contains("network: not known; give the size of a request and an answer with --bytes");
    }

    @Test
    void bytesAreTheRunsOwnUnlessTheyAreGiven() throws IOException {
        assertThat(size(searched().bytes(250, 19_000), "--rate 1000 --p95 20ms --nic 2"))
                .isZero();
        assertThat(out.toString()).contains("network: 0.25 MB/s up and 19 MB/s down (up to 70 % of 2 Gbit/s");
        assertThat(size(searched().bytes(250, 19_000), "--rate 1000 --p95 20ms --bytes 500/3000"))
                .isZero();
        assertThat(out.toString()).contains("network: 0.5 MB/s up and 3 MB/s down (up to 70 % of 10 Gbit/s");
    }

    @Test
    void everyLineOfATwinsRunSaysThatItIsNotNvidias() throws IOException {
        assertThat(size(searched().emulated(), "--rate 1000 --p95 20ms")).isZero();
        assertThat(out.toString().lines())
                .hasSizeGreaterThan(5)
                .noneMatch(line -> line.contains("cost"))
                .allMatch(line -> line.endsWith(" [embedded NIM (twin of run 20261126-100000), not NVIDIA's NIM]"));
    }

    @Test
    void withoutCpuNetworkAndSocketsSayHowManyGeneratorsAreNeededAtLeast() throws IOException {
        MeasuredRun run = new MeasuredRun()
                .emulated()
                .users(1, 100, 5, 6)
                .bytes(250, 19_000)
                .cpu(0.5, 10);
        assertThat(size(run.merged(), "--rate 250 --p95 20ms --gpu-hour 2 --nic 0.05"))
                .isZero();
        assertThat(out.toString().lines().map(line -> line.replaceFirst(" \\[.*", "")))
                .containsSequence(
                        "query, 20 tokens, 1 text: 250 requests/s at p95 <= 20 ms need 3 or fewer GPUs",
                        "  measured: at least 99 requests/s on 1 GPU (95 %), by levels with users who wait for their answers;"
                                + " arrivals at random break the limit earlier",
                        "  cost: up to 6.00 per hour (2 per GPU hour)",
                        // 38 of 50 Mbit/s × 70 %
                        "  generators: at least 2; CPU not known",
                        "    network: 0.0625 MB/s up and 4.75 MB/s down (up to 70 % of 0.05 Gbit/s per generator)",
                        "    sockets: 0.625 requests in flight (rate × mean of 2.5 ms; 28232 connections from a generator to"
                                + " one address)",
                        "Assumed: capacity grows in proportion to the GPUs, and requests are dealt out to them evenly.");
    }

    @Test
    void unknownGeneratorsAreSaidToBeUnknown() throws IOException {
        MeasuredRun run = new MeasuredRun()
                .search("rate", "p95 <= 20 ms", 80, 100)
                .users(1, 100, 5, 6)
                .cpu(0.5, 10)
                .requests(99);
        assertThat(size(run, "--rate 250 --p95 20ms")).isZero();
        assertThat(out.toString())
                .contains("  generators: not known, since no valid level of 100 requests or more shows what they use")
                .doesNotContain("network", "sockets");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--p95 20ms|2|Missing required option: '--rate=R'",
                "--rate 1000|2|no limit; give one of --p50, --p90, --p95 and --p99, e.g. --p95 20ms",
                "--rate 1000 --p95 20ms --p99 50ms|2|2 limits; give one of --p50, --p90, --p95 and --p99",
                "--rate 0 --p95 20ms|2|--rate 0: not a number above 0; give e.g. 1000",
                "--rate 1O00 --p95 20ms|2|--rate 1O00: not a number above 0; give e.g. 1000",
                "--rate 1000 --p95 20|2|--p95 20: not a time above 0; give e.g. 20ms or 0.5s",
                "--rate 1000 --p95 0ms|2|--p95 0ms: not a time above 0; give e.g. 20ms or 0.5s",
                "--rate 1000 --p95 20ms --headroom 90.1%|2|--headroom 90.1%: not a percentage from 0 to 90",
                "--rate 1000 --p95 20ms --gpu-hour free|2|--gpu-hour free: not a price above 0; give e.g. 2.50EUR",
                "--rate 1000 --p95 20ms --bytes 250|2|--bytes 250: not two sizes; give a request's and its answer's",
                "--rate 1000 --p95 20ms --nic 0|2|--nic 0: not a number above 0",
                "--rates 1000 --p95 20ms|2|--rates: unknown option; did you mean --rate?",
                "--rate 1000 --p95 5ms|1|RUN does not tell how many requests/s keep p95 <= 5 ms: ",
                "--rate 1000 --p95 20ms --workload passage|1|RUN does not tell how many requests/s keep p95 <= 20 ms"
                        + " (passage): ",
            })
    void wrongUseAndAnUnusableRunAreOneLine(String options, int exitCode, String problem) throws IOException {
        assertThat(size(searched(), options)).isEqualTo(exitCode);
        assertThat(err.toString())
                .startsWith("✗ " + problem.replace("RUN", directory.toString()))
                .hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }
}
