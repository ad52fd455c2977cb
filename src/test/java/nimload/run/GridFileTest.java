package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nimload.UserError;
import nimload.plan.Grid;
import nimload.plan.PublishedGrid;
import nimload.plan.SettingValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridFileTest {
    @TempDir
    private Path directory;

    private static Grid read(Map<String, String> properties) {
        return GridFile.read(SettingValues.of(properties, Map.of()), PublishedGrid.NAME);
    }

    @Test
    void withoutTheSettingItIsThePublishedGrid() {
        assertThat(read(Map.of()).workloads()).isEqualTo(PublishedGrid.load());
        assertThat(read(Map.of()).name()).isEqualTo("published");
    }

    @Test
    void aFileIsReadAndItsMistakesNameIt() throws IOException {
        Path file = directory.resolve("grid.yml");
        Files.copy(Path.of("simulations-data", "rag-blueprint.yaml"), file);
        assertThat(read(Map.of("nim.grid", file.toString())).workloads())
                .isEqualTo(read(Map.of("nim.grid", "rag-blueprint")).workloads());
        assertThat(read(Map.of("nim.grid", file.toString())).name()).isEqualTo(file.toString());
        Files.writeString(file, "query: 1");
        assertThatThrownBy(() -> read(Map.of("nim.grid", file.toString())))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(file + " line 1, column 8: 1 is not a workload's levels");
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        assertThatThrownBy(() -> read(Map.of("nim.grid", "none/such.yaml")))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "nim.grid=none/such.yaml cannot be read (java.nio.file.NoSuchFileException: none/such.yaml);"
                                + " give a YAML or JSON file in UTF-8, as src/docs/grids.md explains");
    }
}
