package nimload.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import nimload.emulator.EmbeddedNim;
import nimload.faults.FaultServer.Done;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes out of a connection for each deed, byte by byte. */
class FaultServerTest {
    private static final String RANKING =
            "POST /v1/ranking|{'model':'nvidia/llama-3.2-nv-rerankqa-1b-v2','query':{'text':'q'},'passages':"
                    + "[{'text':'a'},{'text':'b'},{'text':'c'}]}";
    private static final String OTHER_RANKING = RANKING.replace("'a'", "'d'");
    private static final String TEXTS =
            "POST /v1/embeddings|{'model':'nvidia/nv-embedqa-e5-v5','input':['a','b'],'input_type':'query'}";
    private static final String BASE64 = TEXTS.replace("}", ",'encoding_format':'base64'}");

    private static EmbeddedNim emulator;
    private final List<Done> log = new ArrayList<>();

    @BeforeAll
    static void start() {
        emulator = EmbeddedNim.startWithFixedDelayReadingAll(0, Duration.ZERO);
    }

    @AfterAll
    static void end() {
        emulator.close();
    }

    private FaultServer serverThat(String deed) {
        return server("{spares: nimload, faults: [{name: f, do: {" + deed + "}}]}");
    }

    private FaultServer server(String script) {
        return FaultServer.start(0, emulator.url(), ScriptFile.parse("s", script), 2, log::add);
    }

    /** @param end {@code end}, {@code reset}, or {@code silence} after the given time */
    private record Seen(String bytes, String end) {
        String body() {
            return bytes.substring(bytes.indexOf("\r\n\r\n") + 4);
        }

        JsonNode json() throws IOException {
            return Json.MAPPER.readTree(body());
        }

        Map<Integer, String> logits() throws IOException {
            Map<Integer, String> logits = new TreeMap<>();
            json().path("rankings")
                    .forEach(entry -> logits.put(
                            entry.path("index").intValue(), entry.path("logit").toString()));
            return logits;
        }

        List<float[]> vectors() throws Exception {
            return EmbeddingAnswer.parse(body().getBytes(StandardCharsets.ISO_8859_1), 2)
                    .vectors();
        }
    }

    private static Seen send(FaultServer server, String request, String... headers) {
        return send(server.url().getPort(), 20_000, request, headers);
    }

    private static Seen send(int port, int silenceMillis, String request, String... headers) {
        String[] parts = request.replace('\'', '"').split("\\|");
        String body = parts.length > 1 ? parts[1] : "";
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(silenceMillis);
            String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            socket.getOutputStream()
                    .write((parts[0] + " HTTP/1.1\r\nHost: nim\r\nConnection: close\r\n" + lines + "Content-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                seen.write(b);
            }
            return new Seen(seen.toString(StandardCharsets.ISO_8859_1), "end");
        } catch (SocketTimeoutException e) {
            return new Seen(seen.toString(StandardCharsets.ISO_8859_1), "silence");
        } catch (ConnectException e) {
            return new Seen("", "refused");
        } catch (IOException e) {
            return new Seen(seen.toString(StandardCharsets.ISO_8859_1), "reset");
        }
    }

    private static Seen right(String request) {
        return send(emulator.url().getPort(), 20_000, request);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "status: 503, headers: {Retry-After: 5}, body: 'no' | HTTP/1.1 503 Scripted fault\\r\\nContent-Type: application/json\\r\\nRetry-After: 5\\r\\nContent-Length: 2\\r\\n\\r\\nno | end",
                "status: 307, headers: {Location: 'http://x/', Content-Type: text/html} | HTTP/1.1 307 Scripted fault\\r\\nLocation: http://x/\\r\\nContent-Type: text/html\\r\\nContent-Length: 0\\r\\n\\r\\n | end",
                "status: 200, body: '{}' | HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: 2\\r\\n\\r\\n\\{\\} | end",
                "end: before any byte || end",
                "end: after the status line | HTTP/1.1 200 OK\\r\\n | end",
                "end: in the headers | HTTP/1.1 200 OK\\r\\nContent-T | end",
                "end: after the headers | HTTP/1.1 200 OK\\r\\n.*Content-Length: \\d+\\r\\n\\r\\n | end",
                "end: in the body | HTTP/1.1 200 OK\\r\\n.*\\r\\n\\r\\n\\{\"rankings\".*[^}] | end",
                "hang: before any byte || silence",
                "hang: after the headers | HTTP/1.1 200 OK\\r\\n.*\\r\\n\\r\\n | silence",
                "close: unannounced | HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: \\d+\\r\\n\\r\\nRIGHT | end",
                "close: announced | HTTP/1.1 200 OK\\r\\n.*Connection: close\\r\\n.*RIGHT | end",
                "unframed: 100% | HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\n\\r\\nRIGHT | end",
                "unframed: 50% | HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\n\\r\\n\\{\"rankings\".*[^}] | end",
                "length: +100 | .*Content-Length: 242\\r\\n\\r\\nRIGHT | end",
                "length: -100 | .*Content-Length: 42\\r\\n\\r\\nRIGHT | end",
                "cut: 50% | .*Content-Length: 71\\r\\n\\r\\n.{71} | end",
                "chunked: whole | .*Transfer-Encoding: chunked\\r\\n\\r\\n47\\r\\n.{71}\\r\\n47\\r\\n.{71}\\r\\n0\\r\\n\\r\\n | end",
                "chunked: cut | .*Transfer-Encoding: chunked\\r\\n\\r\\n47\\r\\n.{71}\\r\\n47\\r\\n.{71}\\r\\n | end",
                "noise: what | what\\r\\n\\r\\n | end",
                "number: NaN | .*\\{\"rankings\":\\[\\{\"index\":\\d,\"logit\":NaN\\},.* | end",
            })
    void aDeedToTheWireIsWhatItSays(String deed, String bytes, String end) throws Exception {
        Seen right = right(RANKING);
        try (FaultServer server = serverThat(deed)) {
            Seen seen = send(server.url().getPort(), end.equals("silence") ? 500 : 20_000, RANKING);
            String pattern = bytes == null ? "" : bytes.replace("RIGHT", "\\Q" + right.body() + "\\E");
            assertThat(right.body()).as("the numbers above").hasSize(142);
            assertThat(seen.bytes()).matches("(?s)" + pattern);
            assertThat(seen.end()).isEqualTo(end);
        }
    }

    /** What the client had not read may be lost. */
    @ParameterizedTest
    @CsvSource({"before any byte", "after the status line", "in the headers", "after the headers", "in the body"})
    void aResetBreaksOffBeforeTheEnd(String place) {
        try (FaultServer server = serverThat("reset: " + place)) {
            Seen seen = send(server, RANKING);
            assertThat(seen.end()).isEqualTo("reset");
            assertThat(seen.bytes().length()).isLessThan(right(RANKING).bytes().length());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "items: one too few | 0 1",
                "items: one too many | 0 1 2 3",
                "index: 99 | 99",
                "index: twice | 1 2",
            })
    void entriesAreMissingOrTooMany(String deed, String indices) throws Exception {
        try (FaultServer server = serverThat(deed)) {
            JsonNode rankings = send(server, RANKING).json().path("rankings");
            List<Integer> seen = new ArrayList<>();
            rankings.forEach(entry -> seen.add(entry.path("index").intValue()));
            switch (deed) {
                case "items: one too few" -> assertThat(seen).hasSize(2).doesNotHaveDuplicates();
                case "items: one too many" -> assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3);
                case "index: 99" -> assertThat(seen).hasSize(3).endsWith(99);
                default -> assertThat(seen).hasSize(3).endsWith(seen.get(0));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"exchanged, 1 0 2", "reversed, 2 1 0", "shifted, 2 0 1", "ascending, 0 1 2"})
    void valuesGoToOtherItems(String order, String from) throws Exception {
        List<String> right = List.copyOf(right(RANKING).logits().values());
        try (FaultServer server = serverThat("answers: " + order)) {
            Seen seen = send(server, RANKING);
            assertThat(List.copyOf(seen.logits().values()))
                    .isEqualTo(List.of(from.split(" ")).stream()
                            .map(place -> right.get(Integer.parseInt(place)))
                            .toList());
            List<Double> written = new ArrayList<>();
            seen.json()
                    .path("rankings")
                    .forEach(entry -> written.add(entry.path("logit").doubleValue()));
            assertThat(written.get(0) < written.get(2)).isEqualTo(order.equals("ascending"));
        }
    }

    @Test
    void otherValuesAreThoseOfOtherTextsOrAllTheSame() throws Exception {
        Map<Integer, String> right = right(RANKING).logits();
        try (FaultServer other = serverThat("answers: of other texts");
                FaultServer constant = serverThat("answers: constant");
                FaultServer zero = serverThat("logits: 0")) {
            assertThat(send(other, RANKING).logits()).hasSize(3).doesNotContainValue(right.get(0));
            assertThat(send(constant, RANKING).logits().values())
                    .hasSize(3)
                    .containsOnly(send(constant, OTHER_RANKING).logits().get(0));
            assertThat(send(zero, RANKING).logits().values()).hasSize(3).containsOnly("0.0");
            List<float[]> same = send(constant, TEXTS).vectors();
            assertThat(same.get(0))
                    .isEqualTo(same.get(1))
                    .isNotEqualTo(right(TEXTS).vectors().get(0));
            assertThat(send(other, TEXTS).vectors().get(0))
                    .isNotEqualTo(right(TEXTS).vectors().get(0));
        }
    }

    @Test
    void theModelAndTheUsageAreOff() throws Exception {
        try (FaultServer model = serverThat("model: other/model");
                FaultServer usage = serverThat("usage: -2")) {
            assertThat(send(model, TEXTS).json().path("model").textValue()).isEqualTo("other/model");
            assertThat(send(usage, TEXTS).json().at("/usage/total_tokens").intValue())
                    .isEqualTo(right(TEXTS).json().at("/usage/total_tokens").intValue() - 2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dimension: 256 | 256 | 1",
                "dimension: 1023 | 1023 | 1",
                "scale: 3 | 1024 | 3",
                "scale: 0 | 1024 | 0"
            })
    void vectorsHaveAnotherDimensionOrLength(String deed, int dimension, double length) throws Exception {
        try (FaultServer server = serverThat(deed)) {
            for (String request : List.of(TEXTS, BASE64)) {
                for (float[] vector : send(server, request).vectors()) {
                    assertThat(vector).hasSize(dimension);
                    assertThat(Math.sqrt(IntStream.range(0, dimension)
                                    .mapToDouble(i -> (double) vector[i] * vector[i])
                                    .sum()))
                            .isBetween(length - 1e-4, length + 1e-4);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"base64: 1001 characters | 1001", "base64: 4095 bytes | 5460"})
    void base64IsCut(String deed, int characters) throws Exception {
        try (FaultServer server = serverThat(deed)) {
            JsonNode data = send(server, BASE64).json().path("data");
            assertThat(data.at("/0/embedding").textValue()).hasSize(characters);
            assertThat(data.at("/1/embedding").textValue()).hasSize(5464);
        }
    }

    @Test
    void thePreviousAnswerComesAgainAndTwoInFlightAreExchanged() throws Exception {
        Map<Integer, String> right = right(RANKING).logits();
        Map<Integer, String> other = right(OTHER_RANKING).logits();
        assertThat(right).isNotEqualTo(other);
        try (FaultServer server = serverThat("answers: previous")) {
            assertThat(send(server, RANKING).logits()).as("none before").isEqualTo(right);
            assertThat(send(server, OTHER_RANKING).logits()).isEqualTo(right);
            assertThat(send(server, OTHER_RANKING).logits()).isEqualTo(other);
        }
        assertThat(log.stream().map(Done::faulty)).containsExactly(false, true, true);
        try (FaultServer server = serverThat("answers: in flight")) {
            boolean exchanged = false;
            for (int attempt = 0; attempt < 50 && !exchanged; attempt++) {
                CompletableFuture<Seen> first = CompletableFuture.supplyAsync(() -> send(server, RANKING));
                Map<Integer, String> second = send(server, OTHER_RANKING).logits();
                exchanged = second.equals(right) && first.join().logits().equals(other);
            }
            assertThat(exchanged).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"later: 80ms", "drip: 80ms", "stall: 80ms", "cache: 80ms"})
    void theRightAnswerComesLate(String deed) throws Exception {
        try (FaultServer server = serverThat(deed)) {
            long began = System.nanoTime();
            assertThat(send(server, RANKING).logits()).isEqualTo(right(RANKING).logits());
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(80_000_000);
        }
    }

    @ParameterizedTest
    @CsvSource({"stall: 3s", "cache: 3s"})
    void aStallComesOnceAndACacheKnowsATextFromThenOn(String deed) {
        try (FaultServer server = serverThat(deed)) {
            send(server, RANKING);
            long began = System.nanoTime();
            send(server, RANKING);
            assertThat(System.nanoTime() - began).isLessThan(3_000_000_000L);
        }
    }

    @Test
    void aRestartedServerComesBackAndADeadOneRefuses() throws Exception {
        try (FaultServer server = serverThat("restart: 300ms")) {
            assertThat(send(server, RANKING).bytes()).isEmpty();
            long deadline = System.nanoTime() + 20_000_000_000L;
            Seen seen = send(server, RANKING);
            while (seen.bytes().isEmpty() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
                seen = send(server, RANKING);
            }
            assertThat(seen.logits()).isEqualTo(right(RANKING).logits());
        }
        try (FaultServer server = serverThat("die: for good")) {
            assertThat(send(server, RANKING).bytes()).isEmpty();
            // One that the kernel had taken before the server stopped listening ends without an answer.
            long deadline = System.nanoTime() + 20_000_000_000L;
            Seen seen = send(server, RANKING);
            while (!seen.end().equals("refused") && System.nanoTime() < deadline) {
                assertThat(seen.bytes()).isEmpty();
                seen = send(server, RANKING);
            }
            assertThat(seen.end()).isEqualTo("refused");
        }
    }

    @Test
    void onlyWorkThatTheEmulatorAnswersIsCountedAndTheSparedAreNot() throws Exception {
        try (FaultServer server = serverThat("status: 500")) {
            assertThat(send(server, "GET /v1/health/ready").bytes()).startsWith("HTTP/1.1 200 ");
            assertThat(send(server, RANKING, "User-Agent: nimload/1").bytes()).startsWith("HTTP/1.1 200 ");
            assertThat(send(server, "POST /v1/ranking|{}").bytes()).startsWith("HTTP/1.1 422 ");
            assertThat(log).isEmpty();
            assertThat(send(server, RANKING, "User-Agent: curl", "Expect: 100-continue")
                            .bytes())
                    .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 ");
            assertThat(send(server, RANKING, "Transfer-Encoding: chunked").bytes())
                    .startsWith("HTTP/1.1 411 ");
            assertThat(log).singleElement().satisfies(done -> {
                assertThat(done.faulty()).isTrue();
                assertThat(done.tokens()).hasValue(8);
            });
        }
    }

    @Test
    void theFirstFaultWhoseTurnItIsIsDoneAndEachCountsTheRequestsThatItSelects() {
        String script =
                "faults: [{name: a, when: {each: 2}, do: {status: 500}}, {name: b, when: {each: 3}, do: {status:"
                        + " 501}}, {name: c, when: {tokens: 99}, do: {status: 502}}, {name: d, when: {replica: 1}, do: {status:"
                        + " 503}}, {name: e, when: {tokens: 8, replica: 2, after: 6}, do: {status: 504}}]";
        try (FaultServer server = server("{" + script + "}")) {
            List<String> statuses = IntStream.rangeClosed(1, 9)
                    .mapToObj(i -> send(server, RANKING).bytes().substring(9, 12))
                    .toList();
            assertThat(statuses).containsExactly("200", "500", "501", "500", "200", "500", "504", "500", "501");
        }
    }
}
