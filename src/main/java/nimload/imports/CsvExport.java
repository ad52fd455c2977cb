package nimload.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.UserError;
import nimload.imports.Measured.Source;
import nimload.plan.Load;

/**
 * {@code profile_export_genai_perf.csv}: a block with one row per metric and one column per statistic, then a block of single
 * values, as genai-perf's csv_exporter.py (triton-inference-server/perf_analyzer) writes them. Only the name of its directory
 * says anything about the level. AIPerf's CSV looks the same and is refused, because only its JSON says whether the run was
 * cancelled.
 */
final class CsvExport {
    private static final Pattern LATENCY = Pattern.compile("Request Latency \\((.+)\\)");

    /** {@code <model>-openai-embeddings-concurrency5} */
    private static final Pattern DIRECTORY = Pattern.compile("(.+)-openai-(.+)-concurrency(\\d{1,6})");

    private static final CsvMapper CSV =
            CsvMapper.builder().enable(CsvParser.Feature.WRAP_AS_ARRAY).build();

    private final Path file;
    private final Map<String, String> latency = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();
    private double millis;

    private CsvExport(Path file) {
        this.file = file;
    }

    /** @throws UserError if it is not such a file */
    static Measured parse(Path file, String csv) {
        CsvExport export = new CsvExport(file);
        List<String> header = List.of();
        for (String[] row : rows(file, csv)) {
            if (row.length < 2) {
                continue;
            }
            if (row[0].equals("Metric")) {
                header = List.of(row);
            } else if (header.size() > 2) {
                export.statistics(header, row);
            } else {
                export.values.put(row[0], row[1]);
            }
        }
        return export.measured();
    }

    private static List<String[]> rows(Path file, String csv) {
        try (MappingIterator<String[]> rows = CSV.readerFor(String[].class).readValues(csv)) {
            return rows.readAll();
        } catch (JsonProcessingException e) {
            throw new UserError(
                    file + " is not CSV (" + e.getOriginalMessage() + "); give a file as the tool wrote it", e);
        } catch (IOException e) {
            throw new UncheckedIOException("from memory", e);
        }
    }

    private void statistics(List<String> header, String[] row) {
        Matcher name = LATENCY.matcher(row[0]);
        if (name.matches()) {
            millis = Units.millis(file, name.group(1));
            for (int column = 1; column < Math.min(header.size(), row.length); column++) {
                latency.put(header.get(column), row[column]);
            }
        }
    }

    /** Checks a row too, since users may rename AIPerf's files; genai-perf does not count failures. */
    private boolean ofAiperf() {
        return file.getFileName().toString().endsWith("_aiperf.csv") || values.containsKey("Error Request Count");
    }

    private Measured measured() {
        if (ofAiperf()) {
            throw new UserError(file + " is AIPerf's CSV, which does not say whether the run was cancelled; give the"
                    + " profile_export_aiperf.json next to it");
        }
        if (latency.isEmpty()) {
            throw new UserError(file + " has no row \"Request Latency (ms)\"; give profile_export_genai_perf.csv");
        }
        return new Measured(
                file,
                "genai-perf",
                Optional.empty(),
                Optional.empty(),
                new Numbers(
                        Math.round(value("Request Count")
                                .orElseThrow(() -> new UserError(
                                        file + " has no Request Count; export it with a newer version of the tool"))),
                        OptionalLong.empty(),
                        value("Request Throughput"),
                        OptionalDouble.empty(),
                        Measured.latency(this::latency)),
                Optional.empty(),
                List.of(),
                source(),
                Map.of(),
                List.of(
                        "The CSV has latencies to 0.01 ms and throughput to 0.01 per second; the JSON next to it has them in"
                                + " full."),
                Optional.empty());
    }

    private Source source() {
        Optional<Matcher> directory = Optional.ofNullable(file.toAbsolutePath().getParent())
                .map(Path::getFileName)
                .map(name -> DIRECTORY.matcher(name.toString()))
                .filter(Matcher::matches);
        return new Source(
                directory.map(name -> InputConfig.supported(file, name.group(2))),
                Optional.empty(),
                directory.map(name -> name.group(1)),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                directory
                        .map(name -> OptionalInt.of(Integer.parseInt(name.group(3))))
                        .orElse(OptionalInt.empty()),
                Load.CLOSED);
    }

    private OptionalDouble latency(String statistic) {
        String text = latency.get(statistic);
        return text == null ? OptionalDouble.empty() : OptionalDouble.of(Units.positive(file, statistic, text, millis));
    }

    /** By the start of its name: the unit that follows has changed between versions. */
    private OptionalDouble value(String name) {
        return values.entrySet().stream()
                .filter(value -> value.getKey().equals(name) || value.getKey().startsWith(name + " ("))
                .mapToDouble(value -> Units.positive(file, name, value.getValue(), 1))
                .findFirst();
    }
}
