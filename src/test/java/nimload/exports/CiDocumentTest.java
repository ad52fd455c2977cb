package nimload.exports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import nimload.plan.Setting;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The examples of src/docs/ci.md, and the workflow of this project, which users copy. */
class CiDocumentTest {
    private static final Path DOCUMENT = Path.of("src/docs/ci.md");
    private static final Path WORKFLOW = Path.of(".github/workflows/ci.yml");
    private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)\n```", Pattern.DOTALL);
    private static final Pattern GIVEN = Pattern.compile("-D(nim\\.[\\w.]+)=");

    private static List<Map<String, Object>> yaml() throws IOException {
        List<String> texts = new ArrayList<>(List.of(Files.readString(WORKFLOW)));
        BLOCK.matcher(Files.readString(DOCUMENT))
                .results()
                .map(block -> block.group(1))
                .forEach(texts::add);
        return texts.stream()
                .map(text -> new Yaml(new SafeConstructor(new LoaderOptions())).<Map<String, Object>>load(text))
                .toList();
    }

    @Test
    void everyExampleInYamlCanBeRead() throws IOException {
        assertThat(yaml())
                .satisfiesExactly(
                        workflow -> assertThat(workflow).containsKey("jobs"),
                        github -> assertThat(github).containsKey("jobs"),
                        gitlab -> assertThat(gitlab.get("nim"))
                                .asString()
                                .contains("{junit=result/" + JunitXml.NAME + ", metrics=result/" + OpenMetrics.NAME
                                        + "}"),
                        alert -> assertThat(alert).containsKey("groups"));
    }

    @Test
    void everySettingThatTheExamplesGiveExists() throws IOException {
        List<String> given = GIVEN.matcher(Files.readString(DOCUMENT) + Files.readString(WORKFLOW))
                .results()
                .map(setting -> setting.group(1))
                .distinct()
                .toList();
        assertThat(given)
                .hasSizeGreaterThan(8)
                .allSatisfy(name -> assertThat(Setting.of(name)).isPresent());
    }
}
