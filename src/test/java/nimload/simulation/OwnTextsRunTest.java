package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run with the user's own texts and with lengths that scatter. */
class OwnTextsRunTest {
    private static final String SECRET = "xylographer";

    @TempDir
    Path directory;

    @Test
    void ownTextsAreCountedByTheServerAndStandNowhere() throws Exception {
        Path queries = Files.write(
                directory.resolve("queries.txt"),
                IntStream.range(0, 50)
                        .mapToObj(i -> SECRET + " number " + i + " of many".repeat(i % 5))
                        .toList());
        Path rankings = Files.write(
                directory.resolve("rankings.jsonl"),
                List.of(
                        "{\"query\": \"" + SECRET + "\", \"passages\": [\"one " + SECRET + "\", \"two\"]}",
                        "{\"query\": \"who\", \"passages\": [\"a " + SECRET + "\", \"b\", \"c c\"]}"));
        GatlingRun run = GatlingRun.start(
                directory,
                Map.of(),
                "PublishedGridSimulation",
                "nim.duration=300ms",
                "nim.warmup=0s",
                "nim.samples=30",
                "nim.query.texts=" + queries,
                "nim.query.concurrency=2",
                "nim.reranking.texts=" + rankings,
                "nim.reranking.concurrency=2",
                "nim.passage.tokens=100~20",
                "nim.passage.batch=4",
                "nim.passage.concurrency=1");
        assertThat(run.exitCode()).as(run.output()).isZero();
        run.keepForTheSchemasTest("own-texts");

        JsonNode levels = run.json().required("levels");
        JsonNode query = levels.get(0);
        assertThat(query.required("texts").required("lines").intValue()).isEqualTo(50);
        assertThat(query.has("inputTokens")).isFalse();
        assertThat(query.has("expectedTokensPerItem")).isFalse();
        assertThat(query.required("tokenLengths").required("of").textValue()).isEqualTo("text");
        assertThat(query.required("tokenLengths").required("max").intValue())
                .isGreaterThan(query.required("tokenLengths").required("p50").intValue());
        assertThat(query.required("remarks").toString()).contains("queries.txt has 50 lines, and each was sent up to ");

        JsonNode passage = levels.get(1);
        assertThat(passage.required("inputTokensSpread").intValue()).isEqualTo(20);
        assertThat(passage.required("measuredTokensPerItem").doubleValue())
                .isEqualTo(passage.required("drawnTokensPerItem").doubleValue());
        assertThat(passage.required("tokenLengths").required("of").textValue()).isEqualTo("request");

        JsonNode reranking = levels.get(2);
        assertThat(reranking.has("itemsPerRequest")).isFalse();
        assertThat(reranking.required("itemsPerSecond").doubleValue()
                        / reranking.required("requestsPerSecond").doubleValue())
                .isBetween(2.0, 3.0);

        assertThat(run.output()).doesNotContain(SECRET);
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile)
                            .filter(file -> !file.equals(queries) && !file.equals(rankings)))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(content(file)).doesNotContain(SECRET));
        }
    }

    private static String content(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
