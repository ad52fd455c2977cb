package nimload.emulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nimload.Spelling;
import nimload.UserError;
import nimload.YamlText;
import nimload.nim.NimKind;
import nimload.nim.RankingRequest;

/** Reads models from YAML. {@code simulations-data/models.yaml} explains the format, and holds those that nimload knows. */
final class ModelFile {
    private static final String KNOWN = "simulations-data/models.yaml";
    private static final String RESOURCE = "/models.yaml";
    private static final List<String> KEYS = List.of(
            "kind",
            "id",
            "maxTokens",
            "dimension",
            "dimensions",
            "embeddingTypes",
            "unitLength",
            "inputType",
            "maxItems",
            "usage");

    private static final int MOST_TOKENS = 1_000_000;
    static final int MOST_NUMBERS = 65_536;
    private static final int MOST_ITEMS = 100_000;

    private ModelFile() {}

    /**
     * @param names a known model's id, the part of it after the slash, or a file that ends with .yaml or .yml
     * @return at most one of each kind
     * @throws UserError for the first mistake
     */
    static List<EmulatedModel> read(List<String> names) {
        List<EmulatedModel> models =
                names.stream().flatMap(name -> models(name).stream()).toList();
        for (NimKind kind : NimKind.values()) {
            List<String> ids = models.stream()
                    .filter(model -> model.kind() == kind)
                    .map(EmulatedModel::id)
                    .toList();
            if (ids.size() > 1) {
                throw new UserError("--model: " + String.join(" and ", ids) + " are both for " + kind.key()
                        + ", and a NIM serves one model; give one of them");
            }
        }
        return models;
    }

    private static List<EmulatedModel> models(String name) {
        if (!name.matches("(?i).*\\.ya?ml")) {
            return List.of(known(name));
        }
        try {
            return parse(name, Files.readString(Path.of(name)));
        } catch (IOException e) {
            throw new UserError(
                    "--model " + name + " cannot be read (" + e + "); give a file like " + KNOWN
                            + ", or a model that it lists",
                    e);
        }
    }

    /** @throws UserError if there is none */
    static EmulatedModel known(String name) {
        List<EmulatedModel> models = known();
        return models.stream()
                .filter(model ->
                        model.id().equalsIgnoreCase(name) || shortName(model).equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new UserError("--model " + name + ": unknown model; did you mean "
                        + Spelling.nearest(
                                name.replaceFirst(".*/", ""),
                                models.stream().map(ModelFile::shortName).toList())
                        + "? " + KNOWN + " lists them all; a file like it adds your own"));
    }

    private static String shortName(EmulatedModel model) {
        return model.id().replaceFirst(".*/", "");
    }

    private static List<EmulatedModel> known() {
        try (InputStream in = ModelFile.class.getResourceAsStream(RESOURCE)) {
            return parse(KNOWN, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("unreadable on the class path: " + RESOURCE, e);
        }
    }

    /** @param source the file, as messages name it */
    static List<EmulatedModel> parse(String source, String yaml) {
        YamlText root = YamlText.parse(source, KNOWN, yaml)
                .orElseThrow(() -> new UserError(source + " has no models; add some as " + KNOWN + " explains"));
        return root.oneOrMore().stream().map(ModelFile::model).toList();
    }

    private static EmulatedModel model(YamlText item) {
        Map<YamlText, YamlText> entries =
                item.mapping().orElseThrow(() -> item.refused("is not a model", "give its kind, id and maxTokens"));
        Map<String, YamlText> fields = new LinkedHashMap<>();
        entries.forEach((key, value) -> {
            if (!KEYS.contains(key.text())) {
                throw key.refused("is not known", "did you mean " + Spelling.nearest(key.text(), KEYS) + "?");
            }
            fields.put(key.text(), value);
        });
        NimKind kind = kind(required(item, fields, "kind", "embedding or reranking"));
        if (kind == NimKind.RERANKING) {
            for (String key : List.of("dimension", "dimensions", "embeddingTypes", "unitLength", "inputType")) {
                if (fields.containsKey(key)) {
                    throw fields.get(key)
                            .error(key + " is for embedding models", "leave it out, or give kind: embedding");
                }
            }
        }
        boolean embedding = kind == NimKind.EMBEDDING;
        int dimension = embedding ? number(required(item, fields, "dimension", "1024"), MOST_NUMBERS) : 0;
        return new EmulatedModel(
                required(item, fields, "id", "nvidia/nv-embedqa-e5-v5").text(),
                kind,
                number(required(item, fields, "maxTokens", "512"), MOST_TOKENS),
                fields.containsKey("maxItems")
                        ? number(fields.get("maxItems"), MOST_ITEMS)
                        : embedding ? MOST_ITEMS : RankingRequest.MAX_PASSAGES,
                dimension,
                fields.containsKey("dimensions") ? dimensions(fields.get("dimensions"), dimension) : new TreeSet<>(),
                fields.containsKey("embeddingTypes") ? types(fields.get("embeddingTypes")) : Set.of(NumberType.FLOAT),
                flag(fields, "unitLength"),
                flag(fields, "inputType"),
                flag(fields, "usage"));
    }

    private static YamlText required(YamlText item, Map<String, YamlText> fields, String key, String example) {
        if (!fields.containsKey(key)) {
            throw item.error("a model without " + key, "give e.g. " + key + ": " + example);
        }
        return fields.get(key);
    }

    private static NimKind kind(YamlText value) {
        return Arrays.stream(NimKind.values())
                .filter(kind -> kind.key().equals(value.text()))
                .findFirst()
                .orElseThrow(() -> value.refused("is not a kind of NIM", "give embedding or reranking"));
    }

    private static int number(YamlText value, int most) {
        if (!value.text().matches("\\d{1,9}")
                || Integer.parseInt(value.text()) < 1
                || Integer.parseInt(value.text()) > most) {
            throw value.refused("is not a whole number from 1 to " + most, "give e.g. 512");
        }
        return Integer.parseInt(value.text());
    }

    private static SortedSet<Integer> dimensions(YamlText value, int most) {
        SortedSet<Integer> dimensions = new TreeSet<>();
        for (YamlText part : value.oneOrMore()) {
            List<String> ends = Arrays.asList(part.text().split("-", 2));
            if (!ends.stream().allMatch(end -> end.matches("\\d{1,5}"))) {
                throw part.refused("is neither a whole number nor a range", "give e.g. [384, 512] or 32-2048");
            }
            int first = Integer.parseInt(ends.get(0));
            int last = Integer.parseInt(ends.get(ends.size() - 1));
            if (first < 1 || last > most || first > last) {
                throw part.refused("is not within 1 to " + most + ", the model's dimension", "give fewer numbers");
            }
            IntStream.rangeClosed(first, last).forEach(dimensions::add);
        }
        return dimensions;
    }

    private static Set<NumberType> types(YamlText value) {
        List<NumberType> types = new ArrayList<>();
        for (YamlText part : value.oneOrMore()) {
            types.add(Arrays.stream(NumberType.values())
                    .filter(type -> type.wire().equals(part.text()))
                    .findFirst()
                    .orElseThrow(() -> part.refused(
                            "is not an embedding type",
                            "give some of "
                                    + Arrays.stream(NumberType.values())
                                            .map(NumberType::wire)
                                            .collect(Collectors.joining(", ")))));
        }
        return EnumSet.copyOf(types);
    }

    private static boolean flag(Map<String, YamlText> fields, String key) {
        if (!fields.containsKey(key)) {
            return true;
        }
        YamlText value = fields.get(key);
        if (!value.text().matches("true|false")) {
            throw value.refused("is neither true nor false", "give one of them");
        }
        return value.text().equals("true");
    }
}
