package nimload.results;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import java.util.stream.Stream;

/**
 * {@code results.csv}: a row a level. Times in ms, rates a second; a field is empty where the value is not known, never 0.
 * Fields that hold a comma or quote are quoted as RFC 4180 says.
 */
public final class ResultsCsv {
    public static final String HEADER = "workload,input_tokens,items_per_request,concurrency,valid,requests,errors,"
            + "avg_ms,std_ms,min_ms,p50_ms,p90_ms,p95_ms,p99_ms,max_ms,requests_per_s,items_per_s,tokens_per_s,"
            + "measured_tokens_per_item,achieved_concurrency";

    private ResultsCsv() {}

    public static String of(List<LevelResults> levels) {
        StringBuilder csv = new StringBuilder(HEADER).append('\n');
        levels.forEach(level -> csv.append(row(level)).append('\n'));
        return csv.toString();
    }

    private static String row(LevelResults level) {
        Latency latency = level.latencyMs();
        StringJoiner row = new StringJoiner(",");
        row.add(level.workload());
        row.add(Integer.toString(level.inputTokens()));
        row.add(Integer.toString(level.itemsPerRequest()));
        row.add(Integer.toString(level.concurrency()));
        row.add(level.valid() ? "true" : quoted(String.join("; ", level.reasons())));
        row.add(Long.toString(level.requests()));
        row.add(Long.toString(level.errors()));
        Stream.of(
                        latency.avg(),
                        latency.std(),
                        latency.min(),
                        latency.p50(),
                        latency.p90(),
                        latency.p95(),
                        latency.p99(),
                        latency.max(),
                        level.requestsPerSecond(),
                        level.itemsPerSecond())
                .forEach(value -> row.add(decimals(value, 3)));
        row.add(decimals(level.tokensPerSecond(), 1));
        row.add(decimals(level.measuredTokensPerItem(), 2));
        row.add(decimals(level.achievedConcurrency(), 3));
        return row.toString();
    }

    private static String decimals(OptionalDouble value, int decimals) {
        return value.isPresent() ? String.format(Locale.ROOT, "%." + decimals + "f", value.getAsDouble()) : "";
    }

    private static String quoted(String text) {
        return text.contains(",") || text.contains("\"") || text.contains("\n")
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }
}
