package nimload.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.UserError;
import nimload.nim.EmbeddingForm;
import nimload.nim.EncodingFormat;
import nimload.nim.Truncate;
import nimload.plan.Headers;
import nimload.plan.Settings;
import nimload.preflight.MisbehavingNim.Answer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers mean "not yet", and what the others are about. */
class ReadinessTest {
    private static final String READY = "/v1/health/ready";

    private final NoWaiting clock = new NoWaiting();
    private final List<String> progress = new ArrayList<>();
    private MisbehavingNim nim;

    @BeforeEach
    void start() throws IOException {
        nim = new MisbehavingNim();
    }

    @AfterEach
    void stop() {
        nim.close();
    }

    private Optional<String> await(URI url, Duration wait) {
        NimClient client = new NimClient(Trust.context(new Settings.Tls(Optional.empty(), false)), Headers.NONE);
        return new Readiness(client, Patience.REAL, wait, clock, progress::add)
                .await(EmbeddingForm.nim(EncodingFormat.FLOAT, Truncate.END), url);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(URI url, Duration wait) {
        return assertThatThrownBy(() -> await(url, wait)).isInstanceOf(UserError.class);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused() {
        return refused(nim.url(), Duration.ZERO);
    }

    @Test
    void a503IsNotReadyYet() {
        nim.answer(READY, 503, "{'message':'Service is not ready.'}");
        refused()
                .hasMessage(nim.url() + " is not ready (HTTP 503 from /v1/health/ready); a first start downloads the"
                        + " model and may take 30 minutes, wait for it with -Dnim.wait=30m or watch it with: curl -i "
                        + nim.url() + "/v1/health/ready");
        assertThat(nim.requests(READY)).isEqualTo(1);
        assertThat(clock.pauses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void aRefusedKeyIsNotWaitedFor(int status) {
        nim.answer(READY, status, "{'detail':'Unauthorized'}");
        refused(nim.url(), Duration.ofMinutes(30))
                .hasMessage(nim.url() + "/v1/health/ready answered HTTP " + status
                        + " (Unauthorized); give a valid key in the environment: NIM_API_KEY=…,"
                        + " or the header that it takes: -Dnim.embedding.headers=…");
        assertThat(nim.requests(READY)).isEqualTo(1);
    }

    private void redirect(int status, String location) {
        nim.answer(READY, request -> new Answer(status, "<html>", Map.of("Location", location)));
    }

    @ParameterizedTest
    @CsvSource({
        "308, https://nim.example/v1/health/ready, https://nim.example",
        "301, https://nim.example/v1/health/ready/, https://nim.example",
        "302, https://nim.example:8443/a/v1/health/ready?x=y, https://nim.example:8443/a",
        "303, //nim.example/v1/health/ready, http://nim.example",
    })
    void aRedirectOfTheRouteGivesTheAddressToGive(int status, String location, String address) {
        redirect(status, location);
        refused(nim.url(), Duration.ofMinutes(30))
                .hasMessage(nim.url() + " redirects to " + address + " (HTTP " + status
                        + "); give that address: -Dnim.embedding.url=" + address);
    }

    @Test
    void aRedirectToALogInIsOneAndItsQueryIsNotShown() {
        redirect(302, "https://sso.example/login?rd=secret");
        refused()
                .hasMessage(nim.url() + ": a log-in stands before it (it redirects to https://sso.example/login); give"
                        + " an address behind that, or the key that it takes in the environment: NIM_API_KEY=…");
    }

    @Test
    void aRedirectToAnotherRouteOrToItselfOrToNowhereIsNamed() {
        redirect(307, "/welcome");
        refused()
                .hasMessage(nim.url() + "/v1/health/ready redirects to " + nim.url()
                        + "/welcome (HTTP 307), which is another route; give the NIM's own address:"
                        + " -Dnim.embedding.url=…");
        redirect(307, READY);
        refused()
                .hasMessage(nim.url() + "/v1/health/ready redirects to itself (HTTP 307); check what stands before the"
                        + " NIM");
        redirect(307, "http://a b/");
        refused()
                .hasMessage(nim.url() + "/v1/health/ready redirects without saying where (HTTP 307); give the NIM's own"
                        + " address: -Dnim.embedding.url=…");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405})
    void withoutTheRouteTheFirstRequestDecides(int status) {
        nim.answer(READY, status, "{'detail':'Method Not Allowed'}");
        assertThat(await(nim.url(), Duration.ZERO))
                .hasValue("embedding: this server does not say whether it is ready (HTTP " + status
                        + " from /v1/health/ready); its first answer was taken for that.");
    }

    @Test
    void anotherErrorIsNamedWithTheServersWords() {
        nim.answer(READY, 500, "{'message':'CUDA\\u001b[31m error'}");
        refused(nim.url(), Duration.ofMinutes(30))
                .hasMessage(nim.url() + "/v1/health/ready answered HTTP 500 (CUDA [31m error); check the NIM's log");
    }

    @Test
    void aNimThatStartsIsWaitedForWithALineAtEachChangeAndEvery10Seconds() {
        nim.answer(
                READY,
                request -> request.number() <= 12
                        ? new Answer(503, "")
                        : request.number() == 13 ? new Answer(502, "") : new Answer(200, ""));
        assertThat(await(nim.url(), Duration.ofMinutes(30))).isEmpty();
        assertThat(progress)
                .containsExactly(
                        "embedding: not ready yet (HTTP 503), 0 s of 30 min",
                        "embedding: not ready yet (HTTP 503), 10 s of 30 min",
                        "embedding: not ready yet (HTTP 502), 12 s of 30 min");
        assertThat(clock.pauses()).hasSize(13).containsOnly(Duration.ofSeconds(1));
    }

    @Test
    void waitingEndsWhenItsTimeIsOver() {
        nim.answer(READY, 503, "");
        refused(nim.url(), Duration.ofMillis(80_500))
                .hasMessageStartingWith(nim.url() + " is not ready after 1 min 20 s (HTTP 503 from /v1/health/ready);");
        assertThat(nim.requests(READY)).isEqualTo(82);
    }

    @Test
    void aRefusedConnectionAndAnUnknownNameAreWaitedFor() throws IOException {
        URI nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
        refused(nobody, Duration.ofSeconds(3))
                .hasMessageStartingWith(nobody + " cannot be reached (")
                .hasMessageEndingWith(" (waited 3 s)");
        assertThat(progress).containsExactly("embedding: not ready yet (connection refused), 0 s of 3 s");
        progress.clear();
        refused(URI.create("http://nim.invalid:8000"), Duration.ofSeconds(2))
                .hasMessage("http://nim.invalid:8000 cannot be reached (no host nim.invalid); check the name"
                        + " (waited 2 s)");
        assertThat(progress).containsExactly("embedding: not ready yet (no host nim.invalid), 0 s of 2 s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nim-that-is-not-here", "nim.default.svc", "nim.default.svc.cluster.local"})
    void aNameOfAServiceIsKnownOnlyInTheCluster(String host) {
        refused(URI.create("http://" + host + ":8000"), Duration.ZERO)
                .hasMessage("http://" + host + ":8000 cannot be reached (no host " + host + "); names of Services are"
                        + " known only inside the cluster: give the address of a port-forward, or run in the cluster:"
                        + " mvn -f deploy compile exec:java -Dexec.args=run");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 s", "59, 59 s", "60, 1 min", "80, 1 min 20 s", "3600, 1 h", "3661, 1 h 1 min 1 s"})
    void durationsAreInWords(long seconds, String text) {
        assertThat(Readiness.text(Duration.ofSeconds(seconds))).isEqualTo(text);
    }
}
