package nimload.report;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import nimload.measure.LevelSamples;
import nimload.measure.LoadPointResult;
import nimload.plan.LoadPoint;

/**
 * {@code results.csv}: a row a level. Times in ms, rates a second; a field is empty where the value is not known, never 0.
 * Fields that hold a comma or quote are quoted as RFC 4180 says.
 */
public final class ResultsCsv {
    public static final String HEADER = "workload,input_tokens,items_per_request,concurrency,valid,requests,errors,"
            + "avg_ms,std_ms,min_ms,p50_ms,p90_ms,p95_ms,p99_ms,max_ms,requests_per_s,items_per_s,tokens_per_s,"
            + "measured_tokens_per_item,achieved_concurrency";

    private ResultsCsv() {}

    public static String of(List<LoadPointResult> results) {
        StringBuilder csv = new StringBuilder(HEADER).append('\n');
        results.forEach(result -> csv.append(row(result)).append('\n'));
        return csv.toString();
    }

    private static String row(LoadPointResult result) {
        LoadPoint point = result.point();
        LevelSamples samples = result.samples();
        List<String> reasons = result.reasonsAgainst();
        StringJoiner row = new StringJoiner(",");
        row.add(point.workload().key());
        row.add(Integer.toString(point.inputTokens()));
        row.add(Integer.toString(point.items()));
        row.add(Integer.toString(point.concurrency()));
        row.add(reasons.isEmpty() ? "true" : quoted(String.join("; ", reasons)));
        row.add(Long.toString(result.requests()));
        row.add(Long.toString(samples.errorCount()));
        row.add(decimals(samples.meanMillis(), 3));
        row.add(decimals(samples.standardDeviationMillis(), 3));
        row.add(decimals(samples.minMillis(), 3));
        for (double percentile : List.of(50.0, 90.0, 95.0, 99.0)) {
            row.add(decimals(samples.percentileMillis(percentile), 3));
        }
        row.add(decimals(samples.maxMillis(), 3));
        row.add(decimals(samples.requestsPerSecond(), 3));
        row.add(decimals(result.itemsPerSecond(), 3));
        row.add(decimals(result.tokensPerSecond(), 1));
        row.add(decimals(result.measuredTokensPerItem(), 2));
        row.add(decimals(samples.achievedConcurrency(), 3));
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
