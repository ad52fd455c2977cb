package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunQueueWaitTest {
    @TempDir
    private Path tasks;

    private void task(int id, String name, String schedstat) throws IOException {
        Path task = Files.createDirectory(tasks.resolve(Integer.toString(id)));
        Files.writeString(task.resolve("comm"), name + "\n");
        Files.writeString(task.resolve("schedstat"), schedstat + "\n");
    }

    private RunQueueWait of(String... threads) {
        return new RunQueueWait(tasks, List.of(threads));
    }

    @Test
    void itIsTheSecondFieldOfTheNamedThreadsByTheirFirst15Characters() throws IOException {
        task(1, "gatling-http-1-", "500 1000 3");
        task(2, "gatling-http-1-", "500 20 3");
        task(3, "bodies", "500 7 3");
        assertThat(of("gatling-http-1-10").nanos()).hasValue(1020);
        assertThat(of("bodies").nanos()).hasValue(7);
    }

    @Test
    void withoutSuchAThreadOrTheFileItIsNotKnown() throws IOException {
        task(1, "other", "500 1000 3");
        task(2, "short", "500");
        assertThat(of("gatling").nanos()).isEmpty();
        assertThat(of("short").nanos()).isEmpty();
        assertThat(new RunQueueWait(tasks.resolve("missing"), List.of("other")).nanos())
                .isEmpty();
    }
}
