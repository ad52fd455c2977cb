package nimload.run;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import nimload.plan.Setting;
import nimload.plan.SettingValues.Given;

/** Reads a file of texts as a run does, then some of its lines; for JVMs with a small heap. Prints one line. */
final class ReadTexts {
    private ReadTexts() {}

    /** @param args the file */
    public static void main(String[] args) {
        long begin = System.nanoTime();
        TextFile file = TextFile.read(new Given(Setting.TEXTS, args[0], "nim.texts"), Set.of(1, 64));
        long lines = file.texts().lines();
        for (int i = 0; i < 1000; i++) {
            file.lines(lines / 1000 * i, 64);
        }
        System.out.printf(
                "%d lines, SHA-256 %s…, %d s, heap at most %d MiB%n",
                lines,
                file.texts().digest(),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin),
                Runtime.getRuntime().maxMemory() >> 20);
    }
}
