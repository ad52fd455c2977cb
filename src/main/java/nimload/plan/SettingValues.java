package nimload.plan;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import nimload.UserError;

/**
 * The values that the user gave, as text, each with its origin. A system property overrides an environment variable, which
 * overrides the endpoints file; the rest are defaults.
 */
public final class SettingValues {

    /**
     * @param value as given, without white space around it
     * @param origin for messages: {@code nim.duration}, {@code NIM_DURATION}, {@code nim.duration (endpoints.json)}
     */
    public record Given(Setting setting, String value, String origin) {
        /** A part of the value. */
        Given with(String part) {
            return new Given(setting, part, origin);
        }

        /** Whether it came in an environment variable. */
        boolean fromEnvironment() {
            return setting.environmentVariables().contains(origin);
        }
    }

    private static final Pattern NOTE_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,29}");

    private static final String NOTE_VARIABLE = "NIM_NOTE_";

    private final Map<Setting, Given> given;
    private final SortedMap<String, String> notes;
    private final Map<String, String> environment;

    private SettingValues(Map<Setting, Given> given, SortedMap<String, String> notes, Map<String, String> environment) {
        this.given = given;
        this.notes = notes;
        this.environment = environment;
    }

    /**
     * @param systemProperties all of them; those that start with {@value Setting#PREFIX} must be known
     * @param environment all of it; unknown {@code NIM_…} are ignored, since NVIDIA's own start with it too
     * @throws UserError for an unknown name, a blank value, an API key given with {@code -D}, or two spellings of
     *     a variable that disagree
     */
    public static SettingValues of(Map<String, String> systemProperties, Map<String, String> environment) {
        Map<Setting, Given> given = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            for (String variable : setting.environmentVariables()) {
                String value = environment.get(variable);
                Given other = given.get(setting);
                if (value != null && other != null && !value.equals(other.value())) {
                    throw new UserError(variable + " and " + other.origin() + " disagree; set only one of them");
                }
                if (value != null) {
                    given.put(setting, new Given(setting, notBlank(value, variable), variable));
                }
            }
        }
        for (String name : new TreeSet<>(systemProperties.keySet())) {
            if (name.startsWith(Setting.PREFIX) && !name.startsWith(Remarks.NOTE)) {
                Setting setting = Setting.of(name).orElseThrow(() -> unknown(name));
                if (setting == Setting.API_KEY) {
                    throw new UserError("nim.apiKey was given with -D, where every user of this machine can read it in"
                            + " the process list; give it in the environment: NIM_API_KEY=… mvn gatling:test");
                }
                given.put(setting, new Given(setting, notBlank(systemProperties.get(name), name), name));
            }
        }
        return new SettingValues(given, notes(systemProperties, environment), Map.copyOf(environment));
    }

    private static SortedMap<String, String> notes(
            Map<String, String> systemProperties, Map<String, String> environment) {
        SortedMap<String, String> notes = new TreeMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(NOTE_VARIABLE)) {
                String name = variable.substring(NOTE_VARIABLE.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
                notes.put(noteName(name, variable), notBlank(value, variable));
            }
        });
        systemProperties.forEach((property, value) -> {
            if (property.startsWith(Remarks.NOTE)) {
                notes.put(noteName(property.substring(Remarks.NOTE.length()), property), notBlank(value, property));
            }
        });
        return notes;
    }

    private static String noteName(String name, String origin) {
        if (!NOTE_NAME.matcher(name).matches()) {
            throw new UserError(
                    origin + ": \"" + name + "\" is not a name for a note; give a letter, then letters, digits"
                            + " and hyphens, at most 30, e.g. -Dnim.note.gpu=\"H100 PCIe\"");
        }
        return name;
    }

    /** These values, and those of {@code fallback}, given by {@code origin}, for settings not among them. */
    public SettingValues orElse(Map<Setting, String> fallback, String origin) {
        Map<Setting, Given> all = new LinkedHashMap<>(given);
        fallback.forEach((setting, value) ->
                all.putIfAbsent(setting, new Given(setting, value, setting.property() + " (" + origin + ")")));
        return new SettingValues(all, notes, environment);
    }

    /** What {@code nim.note.<name>} gave, by name. */
    SortedMap<String, String> notes() {
        return notes;
    }

    public Optional<Given> find(Setting setting) {
        return Optional.ofNullable(given.get(setting));
    }

    <T> Optional<T> read(Setting setting, Function<Given, T> parser) {
        return find(setting).map(parser);
    }

    boolean flag(Setting setting, boolean otherwise) {
        return read(setting, SettingParser::bool).orElse(otherwise);
    }

    /** The value of an environment variable that a setting names. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name));
    }

    /** The given values by name, for the results; the API key and what headers take from the environment as stars. */
    public Map<String, String> shown() {
        Map<String, String> shown = new LinkedHashMap<>();
        given.forEach((setting, value) -> shown.put(setting.property(), shown(value)));
        notes.forEach((name, value) -> shown.put(Remarks.NOTE + name, value));
        return shown;
    }

    private static String shown(Given value) {
        return switch (value.setting()) {
            case API_KEY -> "***";
            case EMBEDDING_HEADERS, RERANKING_HEADERS -> HeaderSetting.shown(value);
            default -> value.value();
        };
    }

    private static String notBlank(String value, String name) {
        if (value.isBlank()) {
            throw new UserError(name + " is empty; give it a value or leave it out");
        }
        return value.strip();
    }

    private static UserError unknown(String name) {
        return new UserError("unknown setting " + name + "; did you mean "
                + Setting.nearest(name).property() + "? Known: " + String.join(", ", Setting.names()) + ", "
                + Remarks.NOTE + "<name>");
    }
}
