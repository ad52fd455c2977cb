package nimload.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import nimload.nim.EmbeddingRequest;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.Truncate;
import org.junit.jupiter.api.Test;

class FixedDelayServersTest {
    @Test
    void delaysAreArgumentsInWholeMicroseconds() {
        assertThat(FixedDelayServers.arguments(List.of(Duration.ofMillis(2), Duration.ofNanos(1999))))
                .containsExactly("2000", "1");
    }

    private static HttpResponse<String> embed(URI url) throws Exception {
        byte[] request = new EmbeddingRequest(
                        EmbeddedNim.EMBEDDING_MODEL,
                        List.of("a"),
                        InputType.QUERY,
                        EncodingFormat.BASE64,
                        Truncate.NONE)
                .toJson();
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(url.resolve("/v1/embeddings"))
                                .POST(BodyPublishers.ofByteArray(request))
                                .build(),
                        BodyHandlers.ofString());
    }

    @Test
    void eachDelayHasAServerUntilTheInputEnds() throws Exception {
        PipedOutputStream input = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(input);
        PipedOutputStream output = new PipedOutputStream();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(new PipedInputStream(output), StandardCharsets.UTF_8));
        CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> {
            try (PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
                FixedDelayServers.serve(List.of("3000", "1000"), in, out);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        URI url = null;
        for (String micros : List.of("3000", "1000")) {
            String line = lines.readLine();
            assertThat(line).startsWith(FixedDelayServers.LINE);
            url = URI.create(line.substring(FixedDelayServers.LINE.length()));
            HttpResponse<String> answer = embed(url);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-nimload-compute-us")).contains(micros);
            assertThat(answer.headers().firstValue("x-nimload-queue-us")).contains("0");
            assertThat(answer.headers()
                            .firstValueAsLong(EmbeddedNim.SERVICE_HEADER)
                            .orElseThrow())
                    .isGreaterThanOrEqualTo(Long.parseLong(micros));
        }
        input.write(0);
        input.flush();
        assertThat(embed(url).statusCode()).as("a byte is not the end").isEqualTo(200);
        assertThat(serving).isNotDone();
        input.close();
        serving.get(1, TimeUnit.MINUTES);
        int port = url.getPort();
        assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(ConnectException.class);
    }
}
