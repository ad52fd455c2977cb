package nimload.deploy.load;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nimload.deploy.settings.SettingsException;

/**
 * Files of this machine that settings name, taken along to a run in a pod.
 *
 * @param settings with the files' paths in the pod
 * @param files contents by name, to be mounted at /input
 */
public record InputFiles(Map<String, String> settings, Map<String, String> files) {

    private static final List<String> NAMES =
            List.of("nim.grid", "nim.slo", "nim.texts", "nim.query.texts", "nim.passage.texts", "nim.reranking.texts");

    /** A ConfigMap has at most 1 MiB; the rest is for the endpoints and names. */
    private static final int MOST_BYTES = 900 << 10;

    /**
     * @param given by setting's name; a value that is no file here is left as it is: a grid's name, or a path in the pod
     * @param folder that relative paths begin at
     * @throws SettingsException for a file that cannot be taken along
     */
    public static InputFiles of(Map<String, String> given, Path folder) {
        Map<String, String> settings = new TreeMap<>(given);
        Map<String, String> files = new LinkedHashMap<>();
        long bytes = 0;
        for (String name : NAMES) {
            Path file = given.containsKey(name) ? folder.resolve(given.get(name)) : folder;
            if (!Files.isRegularFile(file)) {
                continue;
            }
            bytes += size(name, file);
            if (bytes > MOST_BYTES) {
                throw new SettingsException("-D " + name + "=" + given.get(name)
                        + ": the files that run takes along have more than " + (MOST_BYTES >> 10)
                        + " KiB; put them into an image (FROM the suite's), name it in"
                        + " benchmark.suiteImage, and give the path in the image");
            }
            String content = content(name, file);
            String key = file.getFileName().toString().replaceAll("[^-._a-zA-Z0-9]", "_");
            if (key.equals("endpoints.json") || !content.equals(files.getOrDefault(key, content))) {
                throw new SettingsException("-D " + name + "=" + given.get(name)
                        + ": another file of this run is called " + key + " too; rename one of them");
            }
            files.put(key, content);
            settings.put(name, "/input/" + key);
        }
        return new InputFiles(settings, files);
    }

    private static long size(String name, Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw unreadable(name, file, e);
        }
    }

    private static String content(String name, Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new SettingsException(
                    "-D " + name + "=" + file + ": is not UTF-8 text, and run takes only text along; unpack it first");
        } catch (IOException e) {
            throw unreadable(name, file, e);
        }
    }

    private static SettingsException unreadable(String name, Path file, IOException e) {
        return new SettingsException("-D " + name + "=" + file + ": cannot be read (" + e.getMessage() + ")");
    }
}
