package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import nimload.UserError;
import nimload.measure.ErrorKind;
import nimload.measure.TokenCheck;
import nimload.nim.EmbeddingForm;
import nimload.nim.EncodingFormat;
import nimload.nim.Json;
import nimload.nim.RankingForm;
import nimload.nim.Truncate;
import nimload.plan.Headers;
import nimload.plan.Load;
import nimload.plan.LoadPoint;
import nimload.plan.PublishedGrid;
import nimload.plan.Setting;
import nimload.plan.SettingValues;
import nimload.plan.SettingValues.Given;
import nimload.plan.Settings;
import nimload.plan.Share;
import nimload.plan.Workload;
import nimload.run.Body.Arrangement;
import nimload.text.CommonWords;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning.PairCounting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of the user's own texts, and of lengths with a spread. */
class OwnTextBodiesTest {
    /** NVIDIA's "Performance for NeMo Retriever Embedding NIM", 2.2.0. */
    private static final List<String> QUESTIONS = List.of(
            "What was the first car ever driven?",
            "Who served as the 5th President of the United States of America?",
            "Is the Sydney Opera House located in Australia?",
            "In what state did they film Shrek 2?");

    private static final int OVERHEAD = 4;

    @TempDir
    private Path directory;

    private Path file(String name, List<String> lines) throws IOException {
        return Files.write(directory.resolve(name), lines);
    }

    private static RequestFactory factory(Optional<TextFile> own) {
        return new RequestFactory(
                "nvidia/model",
                new TokenCosts(OVERHEAD, CommonWords.load(), true),
                PairCounting.QUERY_ONCE,
                new Settings.Requests(EncodingFormat.FLOAT, Truncate.END, 1),
                own);
    }

    private static LoadPoint point(Workload workload, TextFile file, int index) {
        return PublishedGrid.load()
                .get(workload)
                .with(file.texts())
                .loadPoints()
                .get(index);
    }

    private static TextFile read(Path file, Integer... linesPerRequest) {
        return TextFile.read(new Given(Setting.TEXTS, file.toString(), "nim.texts"), Set.of(linesPerRequest));
    }

    private static JsonNode json(Body body) throws IOException {
        return Json.MAPPER.readTree(body.bytes());
    }

    /** What AIPerf's {@code nim_embeddings} endpoint sends with {@code --extra-inputs input_type:query truncate:END}. */
    @Test
    void embeddingBodiesAreThoseThatAiperfSendsForItsDocumentedLinesAndTheEncodingFormat() throws IOException {
        TextFile file = read(
                file(
                        "a.jsonl",
                        QUESTIONS.stream()
                                .map(text -> "{\"texts\": [\"" + text + "\"]}")
                                .toList()),
                1);
        LoadPoint point = point(Workload.QUERY, file, 0);
        Set<JsonNode> sent = new HashSet<>();
        for (int number = 0; number < 4; number++) {
            JsonNode body = json(factory(Optional.of(file)).body(point, 0, number, Arrangement.WHOLE));
            assertThat(((ObjectNode) body).remove("encoding_format").textValue())
                    .isEqualTo("float");
            sent.add(body);
        }
        Set<JsonNode> aiperf = new HashSet<>();
        for (String text : QUESTIONS) {
            aiperf.add(Json.MAPPER.readTree("{\"model\": \"nvidia/model\", \"input\": [\"" + text
                    + "\"], \"input_type\": \"query\", \"truncate\": \"END\"}"));
        }
        assertThat(sent).isEqualTo(aiperf);
    }

    @Test
    void generatorsSendDisjointLinesAsFarAsTheFileReaches() throws IOException {
        List<String> lines =
                IntStream.range(0, 60).mapToObj(line -> "line " + line).toList();
        TextFile file = read(file("many.txt", lines), 1);
        LoadPoint point = point(Workload.QUERY, file, 0);
        List<String> sent = new ArrayList<>();
        for (int generator = 1; generator <= 3; generator++) {
            RequestFactory requests = new RequestFactory(
                    "nvidia/model",
                    new TokenCosts(OVERHEAD, CommonWords.load(), true),
                    PairCounting.QUERY_ONCE,
                    new Settings.Requests(
                            EmbeddingForm.nim(EncodingFormat.FLOAT, Truncate.END),
                            RankingForm.nim(Truncate.END),
                            1,
                            new Share(generator, 3)),
                    Optional.of(file));
            for (int number = 0; number < 20; number++) {
                json(requests.body(point, 1, number, Arrangement.WHOLE))
                        .required("input")
                        .forEach(text -> sent.add(text.textValue()));
            }
        }
        assertThat(sent).containsExactlyInAnyOrderElementsOf(lines);
    }

    /** NVIDIA's "Performance for NeMo Retriever Reranking NIM", 2.0; AIPerf's {@code nim_rankings}. */
    @Test
    void rankingBodiesAreThoseThatAiperfSendsForItsDocumentedLinesAndTruncate() throws IOException {
        TextFile file = read(
                file(
                        "r.jsonl",
                        List.of(
                                "{\"texts\": [{\"name\":\"query\",\"contents\":[\"What was the first car ever driven?\"]},"
                                        + "{\"name\":\"passages\",\"contents\":[\"The first car was driven in the late 19th"
                                        + " century.\",\"A steam-powered vehicle was demonstrated before gasoline automobiles"
                                        + " became common.\"]}]}")),
                1);
        JsonNode body =
                json(factory(Optional.of(file)).body(point(Workload.RERANKING, file, 0), 0, 0, Arrangement.WHOLE));
        assertThat(((ObjectNode) body).remove("truncate").textValue()).isEqualTo("END");
        assertThat(body)
                .isEqualTo(
                        Json.MAPPER.readTree("{\"model\": \"nvidia/model\", \"query\": {\"text\": \"What was the first"
                                + " car ever driven?\"}, \"passages\": [{\"text\": \"The first car was driven in the late 19th"
                                + " century.\"}, {\"text\": \"A steam-powered vehicle was demonstrated before gasoline"
                                + " automobiles became common.\"}]}"));
    }

    @Test
    void everyTextIsSentOnceBeforeAnyIsSentAgain() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 640; i++) {
            lines.add("text " + i);
        }
        TextFile file = read(file("a.txt", lines), 64);
        LoadPoint point = point(Workload.PASSAGE, file, 0);
        RequestFactory factory = factory(Optional.of(file));
        Set<String> sent = new TreeSet<>();
        for (int number = 0; number < 10; number++) {
            Body body = factory.body(point, 3, number, Arrangement.WHOLE);
            assertThat(body.items()).isEqualTo(64);
            json(body).required("input").forEach(text -> sent.add(text.textValue()));
        }
        assertThat(sent).hasSize(640);
        assertThat(factory.body(point, 3, 10, Arrangement.WHOLE).bytes())
                .isEqualTo(factory.body(point, 3, 0, Arrangement.WHOLE).bytes());
        assertThat(json(factory.body(point, 3, 7, Arrangement.FIRST_ALONE)).required("input"))
                .containsExactly(json(factory.body(point, 3, 7, Arrangement.WHOLE))
                        .required("input")
                        .get(0));
        assertThat(json(factory.body(point, 3, 7, Arrangement.ROTATED))
                        .required("input")
                        .get(63))
                .isEqualTo(json(factory.body(point, 3, 7, Arrangement.WHOLE))
                        .required("input")
                        .get(0));
    }

    @Test
    void theLargestRequestOfTheFileIsTriedAndItsTokensAreNotPlanned() throws IOException {
        TextFile file = read(file("a.txt", List.of("a", "b", "the longest", "c")), 1);
        LoadPoint point = point(Workload.QUERY, file, 0);
        Body largest = factory(Optional.of(file)).largestBody(point, -1);
        assertThat(json(largest).required("input").get(0).textValue()).isEqualTo("the longest");
        assertThat(largest.tokens()).isZero();
        assertThat(factory(Optional.of(file)).tokenCheck(point)).isEqualTo(TokenCheck.ofOwnTexts(true, true));
    }

    @Test
    void referencesNeedNotDifferWhereTheFilesTextsDoNot() throws IOException {
        TextFile same = read(file("a.txt", List.of("same", "same", "same")), 1, 64 / 32);
        assertThat(factory(Optional.of(same)).referencesDiffer(point(Workload.QUERY, same, 0)))
                .isFalse();
        TextFile others = read(file("b.txt", List.of("one", "two")), 1);
        assertThat(factory(Optional.of(others)).referencesDiffer(point(Workload.QUERY, others, 0)))
                .isTrue();
    }

    @Test
    void lengthsWithASpreadAreWithinBoundsAndAddUpToThePlannedTokens() throws IOException {
        LoadPoint point = new LoadPoint(Workload.PASSAGE, 300, 60, 0, 64, 1, Load.CLOSED, Optional.empty());
        TreeSet<Integer> lengths = new TreeSet<>();
        long all = 0;
        for (int number = 0; number < 50; number++) {
            Body body = factory(Optional.empty()).body(point, 0, number, Arrangement.WHOLE);
            long tokens = 0;
            for (JsonNode text : json(body).required("input")) {
                int length = OVERHEAD + text.textValue().split(" ").length;
                lengths.add(length);
                tokens += length;
            }
            assertThat(body.tokens()).isEqualTo(tokens);
            all += tokens;
        }
        assertThat(lengths.first()).isBetween(120, 160);
        assertThat(lengths.last()).isBetween(440, 480);
        // 60 / √3200 is 1.1.
        assertThat(all / 3200.0).isBetween(296.0, 304.0);
    }

    @Test
    void aQueryThatCountsOnceIsPlannedOnce() throws IOException {
        LoadPoint point = new LoadPoint(Workload.RERANKING, 100, 20, 30, 10, 1, Load.CLOSED, Optional.empty());
        Body body = factory(Optional.empty()).body(point, 0, 0, Arrangement.WHOLE);
        long passages = 0;
        for (JsonNode passage : json(body).required("passages")) {
            passages += OVERHEAD + passage.required("text").textValue().split(" ").length;
        }
        assertThat(body.tokens()).isEqualTo(passages + 30);
    }

    @Test
    void whatAServerSaysOfTheUsersTextsIsNotRepeated() {
        AnswerCheck check = new AnswerCheck(
                EmbeddingForm.nim(EncodingFormat.FLOAT, Truncate.END), ExpectedAnswer.UNKNOWN, Headers.NONE, true);
        for (String echo : List.of(
                "{\"message\": \"bad text: secret\"}",
                "{\"detail\": [{\"msg\": \"secret is wrong\"}]}",
                "{\"error\": \"secret\"}")) {
            byte[] body = echo.getBytes(StandardCharsets.UTF_8);
            assertThat(check.of(400, true, body, 1, true)
                            .failure()
                            .orElseThrow()
                            .detail())
                    .isEqualTo(
                            "HTTP 400: the server's words are left out, since they may quote your texts; its log has them");
            AnswerCheck.Failure wrong =
                    check.of(200, true, body, 1, true).failure().orElseThrow();
            assertThat(wrong.kind()).isEqualTo(ErrorKind.MALFORMED);
            assertThat(wrong.detail()).doesNotContain("secret");
        }
        byte[] tooLong = "{\"message\": \"secret: Input length 704 exceeds maximum allowed token size 512 secret\"}"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(check.of(400, true, tooLong, 1, true).failure().orElseThrow().detail())
                .isEqualTo("HTTP 400: Input length 704 exceeds maximum allowed token size 512");
    }

    private static Map<Workload, TextFile> files(Set<Workload> running, Map<String, String> given) {
        SettingValues values = SettingValues.of(given, Map.of());
        return TextFiles.read(values, Settings.parse(values, PublishedGrid.load()), running, line -> {});
    }

    @Test
    void aFileThatDoesNotFitAWorkloadIsRefusedWithTheWorkloadsThatItFits() throws IOException {
        Path texts = file("a.txt", QUESTIONS);
        Map<String, String> given = Map.of("nim.texts", texts.toString(), "nim.passage.batch", "2");
        assertThatThrownBy(() -> files(EnumSet.allOf(Workload.class), given))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "nim.texts=" + texts + ": line 1 has texts to embed, and reranking sends queries with passages;"
                                + " give a file for it, -Dnim.reranking.texts=…, or run without it,"
                                + " -Dnim.workloads=query,passage");
        assertThat(files(EnumSet.of(Workload.QUERY, Workload.PASSAGE), given)).hasSize(2);
        Path ranking = file("r.jsonl", List.of("{\"query\": \"q\", \"passages\": [\"a\"]}"));
        assertThat(files(EnumSet.allOf(Workload.class), Map.of("nim.reranking.texts", ranking.toString())))
                .containsOnlyKeys(Workload.RERANKING);
        assertThatThrownBy(() -> files(
                        EnumSet.of(Workload.RERANKING),
                        Map.of("nim.texts", ranking.toString(), "nim.reranking.passages", "10")))
                .hasMessage("nim.reranking.passages=10: the texts of nim.texts=" + ranking
                        + " are as they are in the file; leave one of the two settings out");
    }
}
