package nimload.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import nimload.UserError;
import nimload.nim.Json;
import nimload.nim.NimKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesFileTest {
    private static final String GPU = "{'batchOverheadMs':0.5,'hostMs':0.25,'maxItemsPerBatch':8,"
            + "'rows':[{'tokensPerItem':20,'itemsAndMs':[[1,1.0],[8,2.0]]}]}";

    @TempDir
    private Path directory;

    private TimesFile read(String json) throws IOException {
        Path file = Files.writeString(directory.resolve("my times.json"), json.replace('\'', '"'));
        return TimesFile.read("--times x", file);
    }

    @Test
    void timesOfOneKindAreRead() throws IOException {
        TimesFile file = read("{'gpu':{'embed':" + GPU + "}}");
        assertThat(file.label()).isEqualTo("embedded NIM (times of my times.json)");
        assertThat(file.times()).containsOnlyKeys(NimKind.EMBEDDING);
        ServiceTimes times = file.times().get(NimKind.EMBEDDING);
        assertThat(times.batchNanos(8, 160)).isEqualTo(2_500_000);
        assertThat(times.hostNanos(1)).isEqualTo(250_000);
        assertThat(times.maxItemsPerBatch()).isEqualTo(8);
    }

    @Test
    void aTwinsGpuIsReadAsItWasWritten() throws IOException {
        ServiceTimes times = new ServiceTimes(Map.of(1024, new TreeMap<>(Map.of(1, 2.5, 40, 90.0))), 0, 0.5, 0.01, 32);
        String gpu = TimesFile.twin("20261126-120000", Map.of(NimKind.RERANKING, times))
                .gpu()
                .toString();
        TimesFile back = read("{'twinOf':'20261126-120000','gpu':" + gpu + "}");
        assertThat(back.label()).isEqualTo("embedded NIM (twin of run 20261126-120000)");
        ServiceTimes read = back.times().get(NimKind.RERANKING);
        assertThat(read.batchNanos(10, 10_240)).isEqualTo(times.batchNanos(10, 10_240));
        assertThat(read.hostNanos(10)).isEqualTo(600_000);
        assertThat(read.maxItemsPerBatch()).isEqualTo(32);
    }

    @Test
    void aNimWithTheTimesOfATwinNeverCallsItselfH200LikeAndServesOnlyItsKinds() throws IOException {
        TimesFile twin = read("{'twinOf':'20261126-120000','gpu':{'embed':" + GPU + "}}");
        Emulation emulation = Emulation.ofTheGuide().withTimes(twin);
        assertThat(emulation.label()).isEqualTo("embedded NIM (twin of run 20261126-120000)");
        assertThat(emulation.slowedBy(1.05).label())
                .isEqualTo("embedded NIM (twin of run 20261126-120000), all its times × 1.05");
        assertThat(emulation.models()).extracting(EmulatedModel::kind).containsExactly(NimKind.EMBEDDING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'gpu':{}}|gpu.embed and gpu.rerank are missing",
                "[]|gpu.embed and gpu.rerank are missing",
                "{'gpu':{'embed':{}}}|embed.rows is empty",
                "{'gpu':{'embed':{'rows':[{'tokensPerItem':20,'itemsAndMs':[[1,1]]}]}}}|embed.rows.itemsAndMs has fewer than two numbers of items",
                "{'gpu':{'rerank':{'rows':[{'tokensPerItem':0,'itemsAndMs':[[1,1],[2,1]]}]}}}|rerank.rows.tokensPerItem is not a whole number of at least 1",
                "{'gpu':{'embed':{'rows':[{'tokensPerItem':20,'itemsAndMs':[[1,0],[2,1]]}]}}}|embed.rows.itemsAndMs is not a time in ms",
                "{'gpu':{'embed':{'rows':[{'tokensPerItem':20,'itemsAndMs':[[1.5,1],[2,1]]}]}}}|embed.rows.itemsAndMs is not a whole number of at least 1",
                "{'gpu':{'embed':{'rows':[{'tokensPerItem':20,'itemsAndMs':[[1,1],[2,1]]}],'batchOverheadMs':-1}}}|embed.batchOverheadMs is not a time in ms",
                "{'gpu':{'embed':{'rows':[{'tokensPerItem':20,'itemsAndMs':[[1,1],[2,1]]}],'batchOverheadMs':0,'hostMs':0}}}|embed.maxItemsPerBatch is not a whole number of at least 1",
                "{'twinOf':'<b>','gpu':{}}|twinOf is not a run's name",
            })
    void timesThatNoGpuCanHaveAreRefusedByField(String json, String problem) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(UserError.class)
                .hasMessage("--times x has no usable service times: " + problem
                        + "; give one that exec:java@fit wrote, or one like"
                        + " simulations-data/h200-service-times.json");
    }

    @Test
    void aFileThatIsNotThereOrNotJsonIsRefused() {
        assertThatThrownBy(() -> TimesFile.read("nim.embedded.times=x", directory.resolve("x")))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("nim.embedded.times=x cannot be read (")
                .hasMessageContaining("; give one that exec:java@fit wrote");
        assertThatThrownBy(() -> read("twin"))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("--times x is not JSON (");
    }

    @Test
    void theH200sOwnFileIsOfThisForm() throws IOException {
        assertThat(TimesFile.H200.label()).isEqualTo("embedded NIM (H200-like)");
        assertThat(Json.MAPPER
                        .readTree(TimesFile.H200.gpu().toString())
                        .required("embed")
                        .required("rows"))
                .hasSize(3);
    }
}
