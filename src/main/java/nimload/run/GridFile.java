package nimload.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import nimload.UserError;
import nimload.plan.Grid;
import nimload.plan.Setting;
import nimload.plan.SettingValues;
import nimload.plan.SettingValues.Given;

/** Finds the grid that {@code nim.grid} names: one that comes with nimload, or the user's file. */
final class GridFile {
    private GridFile() {}

    /**
     * @param otherwise the name of the grid if the user names none
     * @throws UserError if there is no such grid, or its file cannot be read or is not right
     */
    static Grid read(SettingValues values, String otherwise) {
        Given given = values.find(Setting.GRID).orElse(new Given(Setting.GRID, otherwise, "default"));
        return Grid.isFile(given.value()) ? file(given) : Grid.named(given);
    }

    private static Grid file(Given given) {
        String text;
        try {
            text = Files.readString(Path.of(given.value()));
        } catch (IOException | InvalidPathException e) {
            throw new UserError(
                    given.origin() + "=" + given.value() + " cannot be read (" + e + "); give a YAML or JSON file in"
                            + " UTF-8, as src/docs/grids.md explains",
                    e);
        }
        return Grid.parse(given.value(), given.value(), text);
    }
}
