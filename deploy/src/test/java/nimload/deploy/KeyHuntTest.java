package nimload.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nimload.deploy.helm.ReleaseRecords;
import nimload.deploy.mock.Bootstrap;
import nimload.deploy.mock.ChildJvm;
import nimload.deploy.mock.FakeKubelet;
import nimload.deploy.mock.MockCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks for the key everywhere it does not belong, after `up --debug` in a separate process. */
class KeyHuntTest {

    private static final String KEY = Bootstrap.KEY;

    @TempDir
    Path folder;

    @TempDir
    Path scratch;

    /** The forms in which a key leaks: itself, in Base64, as Basic credentials. */
    private static List<String> forms() {
        List<String> forms = new ArrayList<>();
        for (String text : List.of(KEY, "$oauthtoken:" + KEY)) {
            forms.add(text);
            forms.add(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        }
        return forms;
    }

    private static void assertClean(String where, String text) {
        assertThat(forms()).as(where).noneMatch(text::contains);
    }

    private String run(Bootstrap bootstrap, int expectedExitCode) throws Exception {
        Map<String, String> environment = new HashMap<>(bootstrap.environment);
        ScheduledExecutorService kubelet = Executors.newSingleThreadScheduledExecutor();
        try (ChildJvm child =
                ChildJvm.start(folder, scratch, environment, entry -> true, "up", "--debug", "--timeout", "60s")) {
            kubelet.scheduleAtFixedRate(bootstrap.kubelet::step, 100, 500, TimeUnit.MILLISECONDS);
            assertClean("command line", child.commandLine());
            assertThat(child.exitCode(60)).as(child.out() + child.err()).isEqualTo(expectedExitCode);
            return child.out() + child.err();
        } finally {
            kubelet.shutdownNow();
            kubelet.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    private void hunt(Bootstrap bootstrap, String output) throws IOException {
        assertClean("output", output);
        for (Path root : List.of(folder, scratch)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertClean(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        int releases = 0;
        try (KubernetesClient client = bootstrap.cluster.client()) {
            for (Secret secret : client.secrets().inAnyNamespace().list().getItems()) {
                if (secret.getData().containsKey("release")) {
                    releases++;
                    assertClean(
                            "release record",
                            ReleaseRecords.json(secret.getData().get("release")));
                }
            }
        }
        assertThat(releases).isPositive();
        bootstrap.cluster.objects().stream()
                .filter(object ->
                        !object.contains("\"name\":\"ngc-api\"") && !object.contains("\"name\":\"ngc-secret\""))
                .forEach(object -> assertClean("object", object));
    }

    @Test
    void keyIsNowhereElseAfterASuccessfulUp() throws Exception {
        try (Bootstrap bootstrap = new Bootstrap(folder)) {
            String output = run(bootstrap, 0);

            assertThat(output)
                    .contains("embedding: ready at http")
                    .contains("USER-SUPPLIED VALUES")
                    .contains("DEBUG");
            hunt(bootstrap, output);
            assertThat(bootstrap.cluster.objects())
                    .as("the hunt finds the key where it belongs")
                    .anyMatch(object -> object.contains("\"name\":\"ngc-api\"") && object.contains(forms().get(1)));
        }
    }

    @Test
    void keyIsNowhereElseAfterAFailedUp() throws Exception {
        try (Bootstrap bootstrap = new Bootstrap(folder)) {
            bootstrap.kubelet.setStatus(FakeKubelet.waiting("ErrImagePull", "401 Unauthorized"));

            String output = run(bootstrap, 1);

            assertThat(output).contains("the registry does not accept the key").contains("DeployException");
            hunt(bootstrap, output);
        }
    }

    @Test
    void keyIsNotInTheMessageAboutARefusedSecret() throws Exception {
        try (Bootstrap bootstrap = new Bootstrap(folder)) {
            bootstrap.cluster.intercept(request -> request.getMethod().equals("POST")
                            && request.getPath().endsWith("/secrets")
                    ? MockCluster.failure(
                            403, "Forbidden", "secrets is forbidden: User \"dev\" cannot create resource \"secrets\"")
                    : null);

            String output = run(bootstrap, 1);

            assertThat(output).contains("the cluster refused: secrets is forbidden");
            assertClean("output", output);
        }
    }
}
