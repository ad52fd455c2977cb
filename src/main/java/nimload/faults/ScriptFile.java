package nimload.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.Spelling;
import nimload.UserError;
import nimload.YamlText;
import nimload.faults.Wires.Place;

/** Reads a script of faults from YAML. {@code src/docs/faults.md} explains the format. */
public final class ScriptFile {
    private static final String FORMAT = "src/docs/faults.md";
    private static final List<String> KEYS = List.of("spares", "faults");
    private static final List<String> FAULT_KEYS = List.of("name", "does", "when", "do");
    private static final List<String> WHEN_KEYS =
            List.of("tokens", "replica", "after", "each", "run", "from", "until", "connections");
    private static final List<String> DEEDS = List.of(
            "status",
            "reset",
            "end",
            "hang",
            "close",
            "unframed",
            "length",
            "cut",
            "chunked",
            "noise",
            "drip",
            "later",
            "stall",
            "restart",
            "die",
            "cache",
            "number",
            "items",
            "index",
            "dimension",
            "scale",
            "base64",
            "logits",
            "answers",
            "model",
            "usage");

    /** Only beside a status. */
    private static final List<String> STATUS_KEYS = List.of("body", "headers");

    private static final Map<String, Deed> ANSWERS = Map.of(
            "exchanged", Contents.values(Contents::firstTwoExchanged),
            "reversed", Contents.values(Contents::reversed),
            "shifted", Contents.values(Contents::shifted),
            "ascending", Contents.ascending(),
            "constant", Contents.constant(),
            "of other texts", Contents.ofOtherTexts(),
            "previous", Contents.ofPrevious(),
            "in flight", Contents.exchangedInFlight());

    private static final Pattern TIME = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)(ms|s|m)");
    private static final int MOST = 1_000_000_000;

    private ScriptFile() {}

    /** @throws UserError if it cannot be read, or for the first mistake, with its line and column */
    public static Script read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UserError(
                    "--faults " + file + " cannot be read (" + e + "); give a YAML file like those in"
                            + " simulations-data/faults",
                    e);
        }
    }

    /** @param source the file, as messages name it */
    static Script parse(String source, String yaml) {
        YamlText root = YamlText.parse(source, FORMAT, yaml)
                .orElseThrow(() -> new UserError(source + " has no faults; add some as " + FORMAT + " explains"));
        Optional<String> spares = Optional.empty();
        List<Fault> faults = new ArrayList<>();
        for (Map.Entry<YamlText, YamlText> entry :
                entries(root, KEYS, "is not a script", "give faults:").entrySet()) {
            YamlText value = entry.getValue();
            if (entry.getKey().text().equals("spares")) {
                spares = Optional.of(value.text());
            } else {
                value.list()
                        .orElseThrow(() -> value.refused("is not a list", "start each fault with a dash"))
                        .forEach(item -> faults.add(fault(item)));
            }
        }
        if (faults.isEmpty()) {
            throw root.error("a script without faults", "give e.g. faults: [{name: refuses, do: {status: 503}}]");
        }
        return new Script(source, spares, faults);
    }

    private static Map<YamlText, YamlText> entries(YamlText value, List<String> known, String why, String right) {
        Map<YamlText, YamlText> entries = value.mapping().orElseThrow(() -> value.refused(why, right));
        for (YamlText key : entries.keySet()) {
            if (!known.contains(key.text())) {
                throw key.refused("is not known", "did you mean " + Spelling.nearest(key.text(), known) + "?");
            }
        }
        return entries;
    }

    private static Fault fault(YamlText item) {
        String name = "";
        String does = "";
        When when = When.always();
        Optional<Deed> deed = Optional.empty();
        for (Map.Entry<YamlText, YamlText> entry :
                entries(item, FAULT_KEYS, "is not a fault", "give name and do").entrySet()) {
            YamlText value = entry.getValue();
            switch (entry.getKey().text()) {
                case "name" -> name = value.text();
                case "does" -> does = value.text();
                case "when" -> when = when(value);
                default -> deed = Optional.of(deed(value));
            }
        }
        if (name.isEmpty() || deed.isEmpty()) {
            throw item.error(
                    "a fault without " + (name.isEmpty() ? "name" : "do"),
                    "give e.g. {name: refuses, when: {each: 7}, do: {status: 503}}");
        }
        return new Fault(name, does, when, deed.get());
    }

    private static When when(YamlText value) {
        When when = When.always();
        OptionalInt tokens = OptionalInt.empty();
        OptionalInt replica = OptionalInt.empty();
        int after = when.after();
        int each = when.each();
        int run = when.run();
        int connections = when.connections();
        double from = when.fromSeconds();
        double until = when.untilSeconds();
        for (Map.Entry<YamlText, YamlText> entry : entries(
                        value, WHEN_KEYS, "is not a condition", "give e.g. when: {after: 100, each: 7}")
                .entrySet()) {
            YamlText given = entry.getValue();
            switch (entry.getKey().text()) {
                case "tokens" -> tokens = OptionalInt.of(count(given));
                case "replica" -> replica = OptionalInt.of(count(given));
                case "after" -> after = count(given);
                case "each" -> each = count(given);
                case "run" -> run = count(given);
                case "from" -> from = seconds(given);
                case "until" -> until = seconds(given);
                default -> connections = count(given);
            }
        }
        return new When(tokens, replica, after, each, run, from, until, connections);
    }

    private static Deed deed(YamlText value) {
        List<String> known = new ArrayList<>(DEEDS);
        known.addAll(STATUS_KEYS);
        Map<YamlText, YamlText> entries = entries(value, known, "is not a deed", "give e.g. do: {status: 503}");
        List<Map.Entry<YamlText, YamlText>> deeds = entries.entrySet().stream()
                .filter(entry -> DEEDS.contains(entry.getKey().text()))
                .toList();
        if (deeds.size() != 1) {
            throw value.error(
                    deeds.size() + " deeds in a fault", "give one of " + String.join(", ", DEEDS) + " per fault");
        }
        String deed = deeds.get(0).getKey().text();
        if (!deed.equals("status") && entries.size() > 1) {
            throw value.error("body and headers without a status", "give them beside status, or leave them out");
        }
        return deed(deed, deeds.get(0).getValue(), entries);
    }

    private static Deed deed(String name, YamlText value, Map<YamlText, YamlText> entries) {
        return switch (name) {
            case "status" -> status(value, entries);
            case "reset" -> Wires.reset(place(value));
            case "end" -> Wires.end(place(value));
            case "hang" -> Wires.silence(place(value));
            case "close" ->
                Wires.closeAfterwards(either(value, "announced", "unannounced") ? "Connection: close\r\n" : "");
            case "unframed" -> Wires.closeDelimited(share(value));
            case "length" -> Wires.contentLength(signed(value));
            case "cut" -> Wires.cutWithRightLength(share(value));
            case "chunked" -> Wires.chunked(either(value, "whole", "cut"));
            case "noise" -> Wires.noise(value.text());
            case "drip" -> Wires.drip(time(value));
            case "later" -> Wires.later(time(value));
            case "stall" -> Wires.stall(time(value));
            case "restart" -> Wires.restart(time(value));
            case "die" -> {
                chosen(value, List.of("for good"));
                yield Wires.dieForGood();
            }
            case "cache" -> Wires.cache(time(value));
            case "number" -> Contents.number(value.text());
            case "items" -> either(value, "one too few", "one too many") ? Contents.tooFew() : Contents.tooMany();
            case "index" ->
                Contents.lastIndex(value.text().equals("twice") ? Optional.empty() : Optional.of(count(value)));
            case "dimension" -> {
                int dimension = count(value);
                yield Contents.vectors(vector -> Contents.cut(vector, dimension));
            }
            case "scale" -> {
                float factor = (float) decimal(value);
                yield Contents.vectors(vector -> Contents.scaled(vector, factor));
            }
            case "base64" -> base64(value);
            case "logits" -> Contents.allLogits(Double.toString(decimal(value)));
            case "answers" ->
                ANSWERS.get(chosen(value, ANSWERS.keySet().stream().sorted().toList()));
            case "model" -> {
                String other = value.text();
                yield Contents.changed(answer -> answer.withModel(other));
            }
            case "usage" -> {
                int more = signed(value);
                yield Contents.changed(answer -> answer.withTokens(more));
            }
            default -> throw new IllegalStateException(name + " is listed and not read");
        };
    }

    private static Deed status(YamlText value, Map<YamlText, YamlText> entries) {
        int status = number(value, 200, 599);
        String body = "";
        StringBuilder headers = new StringBuilder();
        for (Map.Entry<YamlText, YamlText> entry : entries.entrySet()) {
            switch (entry.getKey().text()) {
                case "body" -> body = entry.getValue().text();
                case "headers" ->
                    entry.getValue()
                            .mapping()
                            .orElseThrow(() ->
                                    entry.getValue().refused("are no headers", "give e.g. headers: {Retry-After: 5}"))
                            .forEach((key, text) -> headers.append(key.text())
                                    .append(": ")
                                    .append(text.text())
                                    .append("\r\n"));
                default -> {
                    // The status itself.
                }
            }
        }
        return Wires.status(status, headers.toString(), body);
    }

    private static Deed base64(YamlText value) {
        Matcher matcher = Pattern.compile("(\\d{1,6}) (characters|bytes)").matcher(value.text());
        if (!matcher.matches()) {
            throw value.refused("says not what is left", "give e.g. 1001 characters or 4095 bytes");
        }
        int left = Integer.parseInt(matcher.group(1));
        return matcher.group(2).equals("bytes") ? Contents.base64Bytes(left) : Contents.base64Characters(left);
    }

    private static Place place(YamlText value) {
        String chosen =
                chosen(value, Arrays.stream(Place.values()).map(Place::text).toList());
        return Arrays.stream(Place.values())
                .filter(place -> place.text().equals(chosen))
                .findFirst()
                .orElseThrow();
    }

    private static String chosen(YamlText value, List<String> known) {
        if (!known.contains(value.text())) {
            throw value.refused("is not known here", "give one of " + String.join(", ", known));
        }
        return value.text();
    }

    private static boolean either(YamlText value, String first, String second) {
        return chosen(value, List.of(first, second)).equals(first);
    }

    private static int count(YamlText value) {
        return number(value, 1, MOST);
    }

    private static int number(YamlText value, int least, int most) {
        if (!value.text().matches("\\d{1,9}")
                || Integer.parseInt(value.text()) < least
                || Integer.parseInt(value.text()) > most) {
            throw value.refused("is not a whole number from " + least + " to " + most, "give one");
        }
        return Integer.parseInt(value.text());
    }

    private static int signed(YamlText value) {
        if (!value.text().matches("[+-]\\d{1,6}")) {
            throw value.refused("is not a whole number with its sign", "give e.g. +1 or -100");
        }
        return Integer.parseInt(value.text());
    }

    private static double decimal(YamlText value) {
        if (!value.text().matches("-?\\d{1,6}(\\.\\d{1,6})?")) {
            throw value.refused("is not a number", "give e.g. 0 or 1.5");
        }
        return Double.parseDouble(value.text());
    }

    private static double share(YamlText value) {
        if (!value.text().matches("\\d{1,2}%|100%")) {
            throw value.refused("is not a percentage up to 100%", "give e.g. 50%");
        }
        return Integer.parseInt(value.text().replace("%", "")) / 100.0;
    }

    private static double seconds(YamlText value) {
        return time(value).toNanos() / 1e9;
    }

    private static Duration time(YamlText value) {
        Matcher time = TIME.matcher(value.text());
        if (!time.matches()) {
            throw value.refused("is not a time", "give a number and its unit, ms, s or m, e.g. 200ms or 2.7s");
        }
        double seconds = switch (time.group(2)) {
            case "ms" -> 1e-3;
            case "s" -> 1;
            default -> 60;
        };
        return Duration.ofNanos(Math.round(1e9 * seconds * Double.parseDouble(time.group(1))));
    }
}
