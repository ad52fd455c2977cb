package nimload.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The results.json that runs of the tests left, against the schema that its readers are given. */
class ResultsSchemaTest {
    private static String read(String property) throws IOException {
        Path path = Path.of(System.getProperty(property));
        assertThat(path)
                .as("-D" + property + "=…, from the root project's tests")
                .isRegularFile();
        return Files.readString(path);
    }

    private static List<Error> errors(String json) throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(read("nimload.schema"), InputFormat.JSON);
        return schema.validate(
                json,
                InputFormat.JSON,
                context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    private static String realResults() throws IOException {
        return read("nimload.realResults");
    }

    @Test
    void realRunsResultsAreAsTheSchemaSays() throws IOException {
        Path kept = Path.of(System.getProperty("nimload.realResults")).getParent();
        for (String run : List.of(
                "results", "replicas", "own-texts", "generators", "capacity", "capacity-users", "pipeline", "soak")) {
            assertThat(errors(Files.readString(kept.resolve(run + ".json"))))
                    .as(run)
                    .isEmpty();
        }
    }

    @Test
    void aFieldThatTheSchemaDoesNotKnowIsFound() throws IOException {
        assertThat(errors(realResults().replaceFirst("\"tokensVerified\"", "\"tokensVerified2\"")))
                .extracting(Error::getKeyword)
                .contains("required", "additionalProperties");
    }

    @Test
    void aNumberThatBecameATextIsFound() throws IOException {
        assertThat(errors(realResults().replaceFirst("\"p50\" : ([\\d.]+)", "\"p50\" : \"$1\"")))
                .extracting(Error::getKeyword)
                .containsExactly("type");
    }

    @Test
    void anotherVersionIsFound() throws IOException {
        assertThat(errors(realResults().replaceFirst("\"schema\" : 2", "\"schema\" : 1")))
                .extracting(Error::getKeyword)
                .containsExactly("const");
    }
}
