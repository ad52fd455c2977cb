package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import nimload.UserError;
import nimload.nim.NimKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemarksTest {
    private static Remarks read(Map<String, String> properties, Map<String, String> environment) {
        SettingValues values = SettingValues.of(properties, environment);
        return Remarks.of(Settings.parse(values, PublishedGrid.load()).given());
    }

    @Test
    void labelNotesPriceAndGpusAreWhatTheUserGave() {
        Remarks remarks = read(
                Map.of(
                        "nim.label", "H100 | NIM 1.5.0",
                        "nim.note.ticket", "PERF-7",
                        "nim.gpuHour", "2.50 EUR",
                        "nim.reranking.gpus", "8"),
                Map.of("NIM_NOTE_GPU_TYPE", "H100 PCIe", "NIM_NOTE_TICKET", "overridden"));
        assertThat(remarks.label()).contains("H100 | NIM 1.5.0");
        assertThat(remarks.notes()).containsExactly(Map.entry("gpu-type", "H100 PCIe"), Map.entry("ticket", "PERF-7"));
        assertThat(remarks.gpuHour()).contains(new Price(2.5, Optional.of("EUR"), "2.50 EUR"));
        assertThat(remarks.gpus()).containsExactly(Map.entry(NimKind.RERANKING, 8));
    }

    @Test
    void withoutAnyThereIsNothing() {
        assertThat(read(Map.of(), Map.of()))
                .isEqualTo(new Remarks(Optional.empty(), new TreeMap<>(), Optional.empty(), Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"2.50,", "2,", "0.0001,", "999999,", "2.50 EUR,EUR", "2.50EUR,EUR", "2.50€,€", "2.50 $,$", "300 JPY,JPY"
    })
    void aPriceIsANumberWithOrWithoutACurrency(String text, String currency) {
        Price price = read(Map.of("nim.gpuHour", text), Map.of()).gpuHour().orElseThrow();
        assertThat(price.currency()).isEqualTo(Optional.ofNullable(currency));
        assertThat(price.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.00", "-1", "1e3", "1,50", "NaN", "2.50 euros", "EUR", "1000000", "2.50001", "٢.٥"})
    void anythingElseIsNoPrice(String text) {
        assertThatThrownBy(() -> read(Map.of("nim.gpuHour", text), Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "nim.gpuHour=" + text + ": not a price above 0; give the price of one GPU for one hour, with or"
                                + " without its currency, e.g. -Dnim.gpuHour=2.50");
    }

    @Test
    void aLabelHasAtMost80CharactersAndANote200() {
        assertThatCode(() -> read(Map.of("nim.label", "🙂".repeat(80), "nim.note.x", "n".repeat(200)), Map.of()))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> read(Map.of("nim.label", "l".repeat(81)), Map.of()))
                .hasMessage("nim.label has 81 characters; give at most 80");
        assertThatThrownBy(() -> read(Map.of("nim.note.x", "n".repeat(201)), Map.of()))
                .hasMessage("nim.note.x has 201 characters; give at most 200");
    }

    @Test
    void aLabelIsOneLine() {
        assertThatThrownBy(() -> read(Map.of("nim.label", "a\nb"), Map.of()))
                .hasMessage("nim.label has a line break or another control character; give one line of text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1x", "a.b", "a b", "a_b", "abcdefghijklmnopqrstuvwxyz12345"})
    void aNotesNameIsAShortWord(String name) {
        assertThatThrownBy(() -> read(Map.of("nim.note." + name, "x"), Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(
                        "nim.note." + name + ": \"" + name + "\" is not a name for a note; give a letter,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "100001", "one"})
    void gpusAreAWholeNumber(String count) {
        assertThatThrownBy(() -> read(Map.of("nim.embedding.gpus", count), Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("nim.embedding.gpus=" + count);
    }
}
