package nimload.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;
import nimload.UserError;
import nimload.nim.EmbeddingForm;
import nimload.nim.EmbeddingProtocol;
import nimload.nim.EmbeddingType;
import nimload.nim.EncodingFormat;
import nimload.nim.Json;
import nimload.nim.RankingForm;
import nimload.nim.RankingProtocol;
import nimload.nim.Routes;
import nimload.nim.ServerText;
import nimload.nim.Truncate;
import nimload.plan.SettingValues.Given;

/** The settings of what requests and answers look like. */
final class FormSettings {
    private static final int MAX_DIMENSIONS = 65_536;
    private static final Pattern PATH = Pattern.compile("/[!-~&&[^#\"<>\\\\^`{|}]]*");

    /** Fields that ask for answers that nimload does not read, each with the reason. */
    private static final Map<String, String> NOT_SERVED = Map.of(
            "top_n", "an answer must rank every passage",
            "top_k", "an answer must rank every passage",
            "stream", "an answer must come whole",
            "return_sparse", "sparse vectors are not read",
            "return_colbert_vecs", "multi-vectors are not read",
            "embedding_types", "an answer with vectors of several types is not read",
            "images", "nimload sends text");

    /** Values of any field, likewise. */
    private static final Map<String, String> NOT_SERVED_VALUES = Map.of(
            "binary", "packed bits are not read",
            "ubinary", "packed bits are not read",
            "sparse", "sparse vectors are not read",
            "colbert", "multi-vectors are not read",
            "image", "nimload sends text");

    private FormSettings() {}

    static EmbeddingForm embedding(SettingValues values, EncodingFormat encodingFormat, Truncate truncate) {
        EmbeddingProtocol protocol = values.read(
                        Setting.EMBEDDING_PROTOCOL,
                        given -> SettingParser.oneOf(given, EmbeddingProtocol.values(), EmbeddingProtocol::wire))
                .orElse(EmbeddingProtocol.NIM);
        EmbeddingType type = values.read(
                        Setting.EMBEDDING_TYPE,
                        given -> SettingParser.oneOf(given, EmbeddingType.values(), EmbeddingType::wire))
                .orElse(EmbeddingType.FLOAT);
        if (type.whole() && protocol != EmbeddingProtocol.NIM) {
            throw new UserError("nim.embedding.embeddingType=" + type.wire() + ": protocol " + protocol.wire()
                    + " has no field for it; leave it out, or give -Dnim.embedding.protocol=nim");
        }
        if (type.whole() && encodingFormat == EncodingFormat.BASE64) {
            throw new UserError(
                    "nim.embedding.embeddingType=" + type.wire()
                            + " and nim.encodingFormat=base64 contradict each other: base64 is read as floats; give one of them");
        }
        return new EmbeddingForm(
                protocol,
                values.read(Setting.EMBEDDING_PATH, FormSettings::path).orElse(Routes.EMBEDDINGS),
                encodingFormat,
                truncate,
                values.read(Setting.EMBEDDING_DIMENSIONS, given -> SettingParser.wholeNumber(given, 1, MAX_DIMENSIONS))
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty()),
                type,
                values.read(Setting.EMBEDDING_EXTRA, given -> extra(given, protocol.fields()))
                        .orElse(Map.of()));
    }

    static RankingForm reranking(SettingValues values, Truncate truncate) {
        RankingProtocol protocol = values.read(
                        Setting.RERANKING_PROTOCOL,
                        given -> SettingParser.oneOf(given, RankingProtocol.values(), RankingProtocol::wire))
                .orElse(RankingProtocol.NIM);
        if (protocol == RankingProtocol.TEI && truncate == Truncate.START) {
            throw new UserError(
                    "nim.truncate=START: protocol tei has a field only for whether to truncate; give END or" + " NONE");
        }
        return new RankingForm(
                protocol,
                values.read(Setting.RERANKING_PATH, FormSettings::path).orElse(protocol.route()),
                truncate,
                values.read(Setting.RERANKING_EXTRA, given -> extra(given, protocol.fields()))
                        .orElse(Map.of()));
    }

    /** @param set fields that nimload sets itself */
    private static Map<String, JsonNode> extra(Given given, List<String> set) {
        String example = "give a JSON object, e.g. -D" + given.setting().property() + "='{\"user\":\"load-test\"}'";
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(given.value());
        } catch (IOException e) {
            String where = ServerText.oneLine(e.getMessage()).replaceAll(" at \\[Source.*", "");
            throw SettingParser.refused(given, "not JSON (" + where + ")", example);
        }
        if (!root.isObject()) {
            throw SettingParser.refused(given, "not a JSON object", example);
        }
        Map<String, JsonNode> extra = new TreeMap<>();
        root.properties().forEach(field -> {
            String name = field.getKey();
            if (set.contains(name)) {
                throw SettingParser.refused(given, name + " is set by nimload itself", "leave it out" + setting(name));
            }
            String value = field.getValue().asText();
            String why = NOT_SERVED.getOrDefault(name, NOT_SERVED_VALUES.get(value));
            if (why != null && !isOff(field.getValue())) {
                throw SettingParser.refused(given, name + " is not served: " + why, "leave it out");
            }
            extra.put(name, field.getValue());
        });
        return extra;
    }

    private static boolean isOff(JsonNode value) {
        return value.isNull() || value.getNodeType() == JsonNodeType.BOOLEAN && !value.booleanValue();
    }

    /** Where nimload takes the field's value from, if it is a setting. */
    private static String setting(String field) {
        return switch (field) {
            case "dimensions" -> ", or give -Dnim.embedding.dimensions=…";
            case "embedding_type" -> ", or give -Dnim.embedding.embeddingType=…";
            case "encoding_format" -> ", or give -Dnim.encodingFormat=…";
            case "truncate" -> ", or give -Dnim.truncate=…";
            case "model" -> ", or give -Dnim.<kind>.model=…";
            default -> "";
        };
    }

    private static String path(Given given) {
        String example = "give a route below the base URL, e.g. -D"
                + given.setting().property() + "=/v1/retrieval/nvidia/reranking";
        String path = given.value();
        if (!PATH.matcher(path).matches()) {
            throw SettingParser.refused(given, "does not begin with /, or has a character that no path has", example);
        }
        URI uri;
        try {
            uri = new URI("http://host" + path);
        } catch (URISyntaxException e) {
            throw SettingParser.refused(given, "not a path (" + e.getReason() + ")", example);
        }
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        for (String parameter : query.split("&")) {
            String name = parameter.split("=", 2)[0];
            if (HeaderSetting.SECRET_NAME.matcher(name).matches()) {
                throw new UserError(
                        given.origin() + ": " + name + " in the query would be shown in every report; give a"
                                + " key as NIM_API_KEY or in a header");
            }
        }
        return path;
    }
}
