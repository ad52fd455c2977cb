package nimload.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import nimload.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptFileTest {
    private static Script script(String fault) {
        return ScriptFile.parse("f.yaml", "faults:\n- " + fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 1, 0, 1 | true",
                "each: 7 | 7, 0, 1 | true",
                "each: 7 | 8, 0, 1 | false",
                "after: 7, each: 7 | 7, 0, 1 | false",
                "after: 7, each: 7 | 14, 0, 1 | true",
                "each: 20, run: 2 | 21, 0, 1 | true",
                "each: 20, run: 2 | 22, 0, 1 | false",
                "from: 2.7s | 1, 2.699, 1 | false",
                "from: 2700ms | 1, 2.7, 1 | true",
                "until: 1m | 1, 59.9, 1 | true",
                "until: 1m | 1, 60, 1 | false",
                "connections: 2 | 1, 0, 1 | false",
                "connections: 2 | 1, 0, 2 | true",
            })
    void aFaultIsDoneWhereAllConditionsHold(String when, String request, boolean hits) {
        String[] parts = request.split(", ");
        assertThat(script("{name: f, when: {" + when + "}, do: {status: 500}}")
                        .faults()
                        .get(0)
                        .when()
                        .hits(Integer.parseInt(parts[0]), Double.parseDouble(parts[1]), Integer.parseInt(parts[2])))
                .isEqualTo(hits);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{name: f, do: {stats: 500}} | line 2, column 18: stats is not known; did you mean status?",
                "{name: f, do: {status: 99}} | line 2, column 26: 99 is not a whole number from 200 to 599; give one",
                "{name: f, do: {status: 500, hang: in the body}} | line 2, column 17: 2 deeds in a fault; give one of status, reset, .*",
                "{name: f, do: {}} | line 2, column 17: 0 deeds in a fault; give one of status, reset, .*",
                "{name: f, do: {hang: in the body, body: a}} | line 2, column 17: body and headers without a status; give them beside status, or leave them out",
                "{name: f, do: {reset: somewhere}} | line 2, column 25: somewhere is not known here; give one of before any byte, after the status line, in the headers, after the headers, in the body",
                "{name: f, do: {later: 5}} | line 2, column 25: 5 is not a time; give a number and its unit, ms, s or m, e.g. 200ms or 2.7s",
                "{name: f, do: {cut: 101%}} | line 2, column 23: 101% is not a percentage up to 100%; give e.g. 50%",
                "{name: f, do: {usage: 1}} | line 2, column 25: 1 is not a whole number with its sign; give e.g. \\+1 or -100",
                "{name: f, do: {base64: 5 bits}} | line 2, column 26: 5 bits says not what is left; give e.g. 1001 characters or 4095 bytes",
                "{name: f, do: {scale: big}} | line 2, column 25: big is not a number; give e.g. 0 or 1.5",
                "{name: f, do: {answers: wrong}} | line 2, column 27: wrong is not known here; give one of ascending, constant, exchanged, in flight, of other texts, previous, reversed, shifted",
                "{name: f, do: {die: soon}} | line 2, column 23: soon is not known here; give one of for good",
                "{name: f, when: {eech: 7}, do: {status: 500}} | line 2, column 20: eech is not known; did you mean each\\?",
                "{name: f, when: {each: 0}, do: {status: 500}} | line 2, column 26: 0 is not a whole number from 1 to 1000000000; give one",
                "{name: f, when: always, do: {status: 500}} | line 2, column 19: always is not a condition; give e.g. when: \\{after: 100, each: 7\\}",
                "{name: f} | line 2, column 3: a fault without do; give e.g. .*",
                "{do: {status: 500}} | line 2, column 3: a fault without name; give e.g. .*",
                "{name: f, do: [status]} | line 2, column 17: a list is not a deed; give e.g. do: \\{status: 503\\}",
                "{name: f, do: {status: 5 | line 2, column 27: not YAML .*; src/docs/faults.md explains the format",
            })
    void aMistakeIsRefusedWithItsLineAndColumn(String fault, String problem) {
        assertThatThrownBy(() -> script(fault))
                .isInstanceOf(UserError.class)
                .message()
                .matches("f.yaml " + problem.replace("?", problem.contains("\\?") ? "?" : "\\?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "faults: []", "- a"})
    void aFileWithoutFaultsIsRefused(String yaml) {
        assertThatThrownBy(() -> ScriptFile.parse("f.yaml", yaml))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("f.yaml");
    }

    @Test
    void anUnknownNameIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> script("{name: resets, do: {status: 500}}").only("reset"))
                .hasMessage("--fault reset: f.yaml has no fault with this name; did you mean resets?");
    }

    @Test
    void everyExampleIsAScript() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("simulations-data", "faults"))) {
            assertThat(files.toList()).hasSizeGreaterThan(5).allSatisfy(file -> {
                Script script = ScriptFile.read(file);
                assertThat(script.faults()).isNotEmpty();
                assertThat(script.spares()).contains("Java-http-client");
            });
        }
    }
}
