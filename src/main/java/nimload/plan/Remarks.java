package nimload.plan;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import nimload.UserError;
import nimload.nim.NimKind;
import nimload.plan.SettingValues.Given;

/**
 * What the user says about a run. It changes nothing of the load.
 *
 * @param label what to call the run in reports
 * @param notes by name, e.g. {@code gpu} or {@code ticket}
 * @param gpuHour what one hour of one GPU costs
 * @param gpus that serve a kind of NIM, where given
 */
public record Remarks(
        Optional<String> label, SortedMap<String, String> notes, Optional<Price> gpuHour, Map<NimKind, Integer> gpus) {
    /** Settings that begin so are notes. */
    public static final String NOTE = Setting.PREFIX + "note.";

    static final int LONGEST_LABEL = 80;
    static final int LONGEST_NOTE = 200;
    private static final int MOST_GPUS = 100_000;

    public Remarks {
        notes = Collections.unmodifiableSortedMap(new TreeMap<>(notes));
        gpus = Map.copyOf(gpus);
    }

    /**
     * From settings as results.json has them.
     *
     * @param settings by name, as {@link #check} lets them pass
     */
    public static Remarks of(Map<String, String> settings) {
        SortedMap<String, String> notes = new TreeMap<>();
        settings.forEach((name, value) -> {
            if (name.startsWith(NOTE)) {
                notes.put(name.substring(NOTE.length()), value);
            }
        });
        Map<NimKind, Integer> gpus = new EnumMap<>(NimKind.class);
        for (NimKind kind : NimKind.values()) {
            Optional.ofNullable(settings.get(gpus(kind).property()))
                    .ifPresent(count -> gpus.put(kind, Integer.valueOf(count)));
        }
        return new Remarks(
                Optional.ofNullable(settings.get(Setting.LABEL.property())),
                notes,
                Optional.ofNullable(settings.get(Setting.GPU_HOUR.property())).flatMap(Price::parse),
                gpus);
    }

    /** @throws UserError for one that is not a line of text, or not a price */
    static void check(SettingValues values) {
        values.find(Setting.LABEL).ifPresent(label -> line(label.origin(), label.value(), LONGEST_LABEL));
        values.notes().forEach((name, value) -> line(NOTE + name, value, LONGEST_NOTE));
        values.read(Setting.GPU_HOUR, Remarks::price);
        for (NimKind kind : NimKind.values()) {
            values.read(gpus(kind), given -> SettingParser.wholeNumber(given, 1, MOST_GPUS));
        }
    }

    private static Setting gpus(NimKind kind) {
        return Setting.of(Setting.PREFIX + kind.key() + ".gpus").orElseThrow();
    }

    private static void line(String origin, String value, int longest) {
        int length = value.codePointCount(0, value.length());
        if (length > longest) {
            throw new UserError(origin + " has " + length + " characters; give at most " + longest);
        }
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            throw new UserError(origin + " has a line break or another control character; give one line of text");
        }
    }

    private static Price price(Given given) {
        return Price.parse(given.value())
                .orElseThrow(() -> SettingParser.refused(
                        given,
                        "not a price above 0",
                        "give the price of one GPU for one hour, with or without its currency, "
                                + SettingParser.example(given, "2.50")));
    }
}
