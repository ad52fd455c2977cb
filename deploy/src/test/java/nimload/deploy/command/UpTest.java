package nimload.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import nimload.deploy.mock.Bootstrap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpTest {

    @TempDir
    Path folder;

    private Bootstrap bootstrap;

    @BeforeEach
    void start() throws Exception {
        bootstrap = new Bootstrap(folder);
    }

    @AfterEach
    void stop() {
        bootstrap.close();
    }

    @Test
    void firstUpInstallsBothAndHandsOverTheirAddresses() throws Exception {
        Bootstrap.Result result = bootstrap.run("up");
        System.out.println(result);
        System.out.println(bootstrap.run("status").out());
        System.out.println(bootstrap.run("plan").out());
        System.out.println(bootstrap.run("verify").out());
        System.out.println(bootstrap.run("up").out());
        assertThat(result.exitCode()).isZero();
        System.out.println(Files.readString(folder.resolve("target/endpoints.json")));
        System.out.println(bootstrap.run("down", "--purge", "embedding-nim,reranking-nim"));
    }
}
