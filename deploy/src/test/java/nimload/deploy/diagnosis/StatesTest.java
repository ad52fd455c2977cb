package nimload.deploy.diagnosis;

import static nimload.deploy.diagnosis.States.container;
import static nimload.deploy.diagnosis.States.pod;
import static nimload.deploy.diagnosis.States.podEvent;
import static nimload.deploy.diagnosis.States.read;
import static nimload.deploy.diagnosis.States.readAt;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import nimload.deploy.diagnosis.Diagnosis.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Every state in src/test/resources/states, as it is and with one thing changed, against the row in expected.txt. */
class StatesTest {

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvFileSource(files = "src/test/resources/states/expected.txt", delimiter = '|', quoteCharacter = '`')
    void stateHasItsDiagnosis(String state, String change, String value, State expected, String text, String next) {
        Diagnosis diagnosis = Diagnose.of(change == null ? read(state) : changed(state, change, value));

        assertThat(diagnosis.text()).matches(pattern(text));
        assertThat(diagnosis.next()).matches(pattern(next == null ? "" : next));
        assertThat(diagnosis.state()).isEqualTo(expected);
        assertThat(diagnosis.toString()).hasLineCount(1);
    }

    @Test
    void everyStateHasARow() throws IOException {
        String rows = Files.readString(States.FOLDER.resolve("expected.txt"));

        try (var files = Files.list(States.FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(file -> file.endsWith(".yaml"))
                            .map(file -> "\n" + file.replace(".yaml", "") + " | | | "))
                    .isNotEmpty()
                    .allMatch(rows::contains);
        }
    }

    private static Observation changed(String state, String change, String value) {
        if (change.equals("at")) {
            return readAt(Instant.parse("2026-11-22T" + value + "Z"), state);
        }
        if (change.equals("log")) {
            return read(state, value);
        }
        Observation seen = read(state);
        switch (change) {
            case "event" -> seen.events().get(0).setMessage(value);
            case "waiting" -> container(seen).getState().getWaiting().setMessage(value);
            case "condition" -> pod(seen).getStatus().getConditions().get(0).setMessage(value);
            case "restarts" -> container(seen).setRestartCount(Integer.valueOf(value));
            case "add" -> {
                String[] event = value.split(" ", 3);
                seen.events().add(podEvent(event[0], "2026-11-22T" + event[1] + "Z", event[2]));
            }
            case "status" -> {
                String[] reason = value.split(": ?", 2);
                pod(seen).getStatus().setReason(reason[0]);
                pod(seen).getStatus().setMessage(reason[1].isEmpty() ? null : reason[1]);
            }
            default -> throw new IllegalArgumentException(change);
        }
        return seen;
    }

    private static Pattern pattern(String text) {
        String whole = text.replaceAll("\\bPOD\\b", States.POD)
                .replaceAll("\\bCLAIM\\b", "model-store-" + States.POD)
                .replaceAll("\\bIMAGE\\b", "nvcr.io/nim/nvidia/nv-embedqa-e5-v5:1.5.0");
        return Pattern.compile(
                Arrays.stream(whole.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }
}
