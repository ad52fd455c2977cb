package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents name the settings as {@link Setting} has them. */
class SettingsDocumentTest {
    private static final Path DOCUMENTS = Path.of("src", "docs");
    private static final Path FILE = DOCUMENTS.resolve("settings.md");
    private static final String REGENERATE = "mvn test -Dtest=SettingsDocumentTest -Dsettings.write=true";
    private static final Pattern VALUE = Pattern.compile("`([^`]+)`");

    /** {@code nim.duration}, {@code -Dnim.duration}, or the beginning of several: {@code nim.query}. */
    private static final Pattern NAME = Pattern.compile("(?:(?<![\\w.-])|(?<=-D))nim(\\.[a-zA-Z]+)+");

    private static final String HEAD = "| setting | default | meaning |\n|---|---|---|\n";

    private static String table() {
        return Arrays.stream(Setting.values())
                .map(setting -> "| `" + setting.property() + "` | " + setting.defaultText() + " | " + setting.meaning()
                        + " |\n")
                .collect(Collectors.joining("", HEAD, ""));
    }

    /** From its head to the first line that is no row. */
    private static String tableIn(String document) {
        int start = document.indexOf(HEAD);
        assertThat(start).as("the head of the table in " + FILE).isNotNegative();
        return document.substring(start)
                .lines()
                .takeWhile(line -> line.startsWith("|"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    void theTableInTheDocumentIsMadeFromTheSettings() throws IOException {
        String document = Files.readString(FILE);
        String found = tableIn(document);
        if (Boolean.getBoolean("settings.write")) {
            Files.writeString(FILE, document.replace(found, table()));
        } else {
            assertThat(found)
                    .as(FILE + " differs from the settings of nimload.plan.Setting; make its table again with: "
                            + REGENERATE)
                    .isEqualTo(table());
        }
    }

    static Stream<Setting> settingsWithAValueAsDefault() {
        return Arrays.stream(Setting.values())
                .filter(setting -> VALUE.matcher(setting.defaultText()).matches());
    }

    @ParameterizedTest
    @MethodSource("settingsWithAValueAsDefault")
    void theDefaultInTheTableMeansTheSameAsLeavingTheSettingOut(Setting setting) {
        Matcher value = VALUE.matcher(setting.defaultText());
        assertThat(value.matches()).isTrue();
        assertThat(settings(Map.of(setting.property(), value.group(1))))
                .usingRecursiveComparison()
                .ignoringFields("given", "requests.seed") // drawn anew each time
                .isEqualTo(settings(Map.of()));
    }

    private static Settings settings(Map<String, String> properties) {
        return Settings.parse(SettingValues.of(properties, Map.of()), PublishedGrid.load());
    }

    @Test
    void everySettingThatADocumentNamesExists() throws IOException {
        List<Path> documents;
        try (Stream<Path> tree = Files.walk(DOCUMENTS)) {
            documents = Stream.concat(Stream.of(Path.of("README.md")), tree)
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
        }
        assertThat(documents).contains(FILE);
        for (Path document : documents) {
            List<String> unknown = NAME.matcher(Files.readString(document))
                    .results()
                    .map(MatchResult::group)
                    .filter(name -> !(name + ".").startsWith(Remarks.NOTE))
                    .filter(name -> Setting.names().stream()
                            .noneMatch(known -> known.equals(name) || known.startsWith(name + ".")))
                    .toList();
            assertThat(unknown).as("unknown settings in " + document).isEmpty();
        }
    }
}
