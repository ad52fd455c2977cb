package nimload.nim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The readers of answers against each other and against the same contract on top of Jackson's parser. */
class AnswerReadersTest {
    private static final JsonFactory JACKSON = new JsonFactory();

    /** Pieces that matter somewhere in an answer. */
    private static final List<String> PIECES = List.of(
            "null",
            "NaN",
            "-Infinity",
            "nul",
            "true",
            "01",
            "-",
            "1e999",
            "1e",
            ".5",
            "0.0",
            "9223372036854775807",
            "-1",
            ",",
            ":",
            "[",
            "]",
            "{",
            "}",
            "\"",
            "\\",
            "\\u00",
            "\\u0041",
            "\\/",
            "\\x",
            "=",
            "==",
            " ",
            "\t",
            "\n",
            "\u0000",
            "\u0001",
            "\u007f",
            "é",
            "😀",
            "\"index\":0,",
            "\"index\":1,",
            "\"embedding\":[1],",
            "\"usage\":{},",
            "\"prompt_tokens\":3,",
            "\"total_tokens\":3,",
            "\"model\":\"x\",",
            "\"data\":[],",
            "\"data\":null,",
            "\uFEFF",
            "{}",
            "[]",
            "\"\"",
            "A",
            "_",
            "+",
            "/",
            "\"logit\":1,",
            "\"error\":\"x\",");

    /** A right answer, and then up to three changes. */
    private static byte[] changed(Random random, byte[] right) {
        byte[] json = right;
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int from = random.nextInt(json.length + 1);
            int to = Math.min(json.length, from + random.nextInt(random.nextInt(20) + 1));
            byte[] part = Arrays.copyOfRange(json, from, to);
            json = switch (random.nextInt(7)) {
                case 0 -> joined(json, from, new byte[0], to);
                case 1 -> joined(json, to, part, to);
                case 2 -> joined(json, to, part, from);
                case 3 -> Arrays.copyOf(json, from);
                case 4 -> {
                    byte[] flipped = json.clone();
                    if (from < json.length) {
                        flipped[from] ^= (byte) (1 << random.nextInt(8));
                    }
                    yield flipped;
                }
                default ->
                    joined(
                            json,
                            from,
                            PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8),
                            random.nextBoolean() ? from : Math.min(json.length, from + 1));
            };
        }
        return json;
    }

    /** The text up to {@code end}, then {@code middle}, then the text from {@code start}. */
    private static byte[] joined(byte[] json, int end, byte[] middle, int start) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(json, 0, end);
        out.writeBytes(middle);
        out.write(json, start, json.length - start);
        return out.toByteArray();
    }

    private static String usage(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> "{\"prompt_tokens\":" + random.nextInt(99) + ",\"total_tokens\":7}";
            case 1 -> "{\"total_tokens\":" + random.nextInt(99) + "}";
            case 2 -> "null";
            case 3 -> "{\"x\":[true,{\"prompt_tokens\":-0.5e-7}],\"prompt_tokens\":\"5\"}";
            default -> "{\"prompt_tokens\":" + random.nextInt(9) + "}";
        };
    }

    private static byte[] embeddings(Random random, int texts, int dimensions) {
        List<String> data = new ArrayList<>();
        for (int i = 0; i < texts; i++) {
            float[] vector = new float[dimensions];
            for (int j = 0; j < dimensions; j++) {
                vector[j] = random.nextInt(200) / 100f - 1;
            }
            String embedding = random.nextInt(3) == 0
                    ? '"' + EmbeddingAnswer.base64(vector) + '"'
                    : Arrays.toString(vector).replace(", ", ",");
            data.add(
                    random.nextBoolean()
                            ? "{\"index\":" + i + ",\"embedding\":" + embedding + ",\"object\":\"embedding\"}"
                            : "{\"embedding\":" + embedding + ",\"index\":" + i + "}");
        }
        return ("{\"object\":\"list\",\"data\":[" + String.join(",", data) + "],\"model\":\"a\\/bé\",\"usage\":"
                        + usage(random) + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] rankings(Random random, int passages) {
        List<String> rankings = new ArrayList<>();
        for (int i = 0; i < passages; i++) {
            rankings.add("{\"index\":" + i + ",\"logit\":" + (passages - i + random.nextDouble()) + "}");
        }
        return ("{\"rankings\":[" + String.join(",", rankings) + "],\"model\":\"a\\u0062\",\"usage\":" + usage(random)
                        + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Only where a vector has values after its head may the cheap check take what the full reading refuses. */
    @Property(tries = 17_000, shrinking = ShrinkingMode.OFF)
    void checkFullReadingAndJacksonAgreeOnEveryChange(@ForAll long seed) throws MalformedAnswer {
        Random random = new Random(seed);
        int texts = 1 + random.nextInt(2);
        int dimensions = random.nextInt(6) == 0 ? 30 : 1 + random.nextInt(EmbeddingStructure.HEAD);
        byte[] json = changed(random, embeddings(random, texts, dimensions));
        Optional<Read> expected = Oracle.embeddings(json, texts);
        assertThat(read(json, texts)).as(() -> shown(json, seed)).isEqualTo(expected);
        Optional<Read> checked = checked(json, texts);
        if (expected.isEmpty()
                && checked.isPresent()
                && EmbeddingStructure.check(json, texts).dimensions() > EmbeddingStructure.HEAD) {
            assertThatExceptionOfType(MalformedAnswer.class)
                    .isThrownBy(() -> EmbeddingAnswer.parse(json, texts))
                    .as(shown(json, seed))
                    .withMessageMatching("a value of vector . is .*|the embedding of vector . is not Base64: .*"
                            + "|not JSON: expected ',' or ']' at byte .*");
        } else {
            assertThat(checked).as(() -> shown(json, seed)).isEqualTo(expected.map(Read::heads));
        }
    }

    @Property(tries = 3_000, shrinking = ShrinkingMode.OFF)
    void rankingsAreReadAsJacksonReadsThem(@ForAll long seed) {
        Random random = new Random(seed);
        int passages = 1 + random.nextInt(3);
        byte[] json = changed(random, rankings(random, passages));
        Optional<Read> read = Optional.empty();
        try {
            read = Optional.of(new Read(RankingAnswer.parse(json, passages)));
        } catch (MalformedAnswer e) {
            assertThat(e.getMessage().lines()).hasSize(1);
        }
        assertThat(read).as(() -> shown(json, seed)).isEqualTo(Oracle.rankings(json, passages));
    }

    private static String shown(byte[] json, long seed) {
        return "seed " + seed + ": " + new String(json, StandardCharsets.UTF_8);
    }

    /** An answer of either kind, compared by value. */
    private record Read(List<List<Double>> values, Optional<String> model, Optional<Usage> usage) {
        Read(float[][] vectors, Optional<String> model, Optional<Usage> usage) {
            this(Arrays.stream(vectors).map(Read::doubles).toList(), model, usage);
        }

        Read(RankingAnswer answer) {
            this(List.of(Arrays.stream(answer.logits()).boxed().toList()), answer.model(), answer.usage());
        }

        Read heads() {
            return new Read(
                    values.stream()
                            .map(vector -> vector.subList(0, Math.min(vector.size(), EmbeddingStructure.HEAD)))
                            .toList(),
                    model,
                    usage);
        }

        private static List<Double> doubles(float[] vector) {
            return IntStream.range(0, vector.length)
                    .mapToObj(i -> (double) vector[i])
                    .toList();
        }
    }

    private static Optional<Read> read(byte[] json, int texts) {
        try {
            EmbeddingAnswer answer = EmbeddingAnswer.parse(json, texts);
            return Optional.of(new Read(answer.vectors().toArray(float[][]::new), answer.model(), answer.usage()));
        } catch (MalformedAnswer e) {
            assertThat(e.getMessage().lines()).hasSize(1);
            return Optional.empty();
        }
    }

    private static Optional<Read> checked(byte[] json, int texts) {
        try {
            EmbeddingStructure structure = EmbeddingStructure.check(json, texts);
            return Optional.of(new Read(structure.heads(), structure.model(), structure.usage()));
        } catch (MalformedAnswer e) {
            assertThat(e.getMessage().lines()).hasSize(1);
            return Optional.empty();
        }
    }

    /** A megabyte takes milliseconds; what grew with its square would take an hour. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "{\"a\":",
                "{\"data\":[",
                "\"",
                "\\",
                "{\"\\u0041",
                "1",
                "{\"a\":1",
                "{\"data\":[{\"embedding\":[1",
                "é",
                "{\"é",
                "<",
                "<html><script>",
                "<title>",
                " ",
                "-",
                "{\"error\":\"x",
                "{\"a\":{},",
                "\u0000",
            })
    void anyMegabyteIsRefusedInLinearTime(String piece) {
        byte[] once = piece.getBytes(StandardCharsets.UTF_8);
        byte[] last = {once[once.length - 1]};
        String fill = last[0] < 0 ? "é" : new String(last, StandardCharsets.US_ASCII);
        List<String> bodies = List.of(
                piece.repeat(1_000_000 / once.length),
                piece + fill.repeat(500_000),
                "{\"data\":[{\"index\":0,\"embedding\":[" + piece.repeat(900_000 / once.length));
        assertTimeout(Duration.ofSeconds(10), () -> {
            for (String body : bodies) {
                byte[] json = body.getBytes(StandardCharsets.UTF_8);
                assertThat(read(json, 1)).isEmpty();
                assertThat(checked(json, 1)).isEmpty();
                assertThatExceptionOfType(MalformedAnswer.class).isThrownBy(() -> RankingAnswer.parse(json, 1));
                assertThatExceptionOfType(MalformedAnswer.class).isThrownBy(() -> ModelList.parse(json));
            }
        });
    }

    /** The contract in the plainest way: a tree of all that Jackson reads, then the fields. */
    private static final class Oracle {
        private static final Set<String> READ = Set.of(
                ".data",
                ".model",
                ".usage",
                ".rankings",
                ".data.index",
                ".data.embedding",
                ".rankings.index",
                ".rankings.logit",
                ".usage.prompt_tokens",
                ".usage.total_tokens");

        private Oracle() {}

        private static final class Refused extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }

        private record Number(String written, boolean whole) {}

        static Optional<Read> embeddings(byte[] json, int texts) {
            try {
                Map<?, ?> root = root(json, "rankings");
                float[][] vectors = new float[texts][];
                List<?> data = list(root.get("data"));
                for (Object entry : data) {
                    Map<?, ?> fields = map(entry);
                    float[] vector = vector(fields.get("embedding"));
                    int index = index(fields, texts);
                    require(vectors[index] == null && vector.length > 0);
                    vectors[index] = vector;
                }
                require(data.size() == texts);
                for (float[] vector : vectors) {
                    require(vector.length == vectors[0].length);
                }
                return Optional.of(new Read(vectors, model(root), usage(root)));
            } catch (Refused e) {
                return Optional.empty();
            }
        }

        static Optional<Read> rankings(byte[] json, int passages) {
            try {
                Map<?, ?> root = root(json, "data");
                double[] logits = new double[passages];
                boolean[] seen = new boolean[passages];
                double previous = Double.POSITIVE_INFINITY;
                List<?> rankings = list(root.get("rankings"));
                for (Object entry : rankings) {
                    Map<?, ?> fields = map(entry);
                    int index = index(fields, passages);
                    double logit =
                            Double.parseDouble(number(fields.get("logit")).written());
                    require(!seen[index] && Double.isFinite(logit) && logit <= previous);
                    seen[index] = true;
                    logits[index] = logit;
                    previous = logit;
                }
                require(rankings.size() == passages);
                return Optional.of(new Read(new RankingAnswer(logits, model(root), usage(root))));
            } catch (Refused e) {
                return Optional.empty();
            }
        }

        private static void require(boolean right) {
            if (!right) {
                throw new Refused();
            }
        }

        private static List<?> list(Object value) {
            require(value instanceof List);
            return (List<?>) value;
        }

        private static Map<?, ?> map(Object value) {
            require(value instanceof Map);
            return (Map<?, ?>) value;
        }

        private static Number number(Object value) {
            require(value instanceof Number);
            return (Number) value;
        }

        private static int index(Map<?, ?> fields, int items) {
            Number index = number(fields.get("index"));
            require(index.whole() && index.written().length() < 10);
            int place = Integer.parseInt(index.written());
            require(place >= 0 && place < items);
            return place;
        }

        private static float[] vector(Object value) {
            float[] vector;
            if (value instanceof String text) {
                byte[] bytes = new byte[0];
                try {
                    bytes = Base64.getDecoder().decode(text);
                } catch (IllegalArgumentException e) {
                    require(false);
                }
                require(bytes.length % Float.BYTES == 0);
                vector = new float[bytes.length / Float.BYTES];
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .get(vector);
            } else {
                List<?> values = list(value);
                vector = new float[values.size()];
                for (int i = 0; i < vector.length; i++) {
                    vector[i] = Float.parseFloat(number(values.get(i)).written());
                }
            }
            for (float one : vector) {
                require(Float.isFinite(one));
            }
            return vector;
        }

        private static Optional<String> model(Map<?, ?> root) {
            return root.get("model") instanceof String model ? Optional.of(model) : Optional.empty();
        }

        private static Optional<Usage> usage(Map<?, ?> root) {
            if (root.get("usage") instanceof Map<?, ?> usage) {
                for (String field : List.of("prompt_tokens", "total_tokens")) {
                    if (usage.get(field) instanceof Number tokens && tokens.whole()) {
                        require(tokens.written().length() < 18);
                        long count = Long.parseLong(tokens.written());
                        require(count >= 0 && count <= Usage.MAX_TOKENS);
                        return Optional.of(new Usage(count));
                    }
                }
            }
            return Optional.empty();
        }

        /** @param other a field of the other kind of answer, which may be there twice */
        private static Map<?, ?> root(byte[] json, String other) {
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(json))
                        .toString();
                try (JsonParser parser = JACKSON.createParser(text.startsWith("\uFEFF") ? text.substring(1) : text)) {
                    parser.nextToken();
                    Map<?, ?> root = map(value(parser, "", "." + other));
                    require(parser.nextToken() == null);
                    return root;
                }
            } catch (IOException e) {
                throw new Refused();
            }
        }

        private static Object value(JsonParser parser, String path, String other) throws IOException {
            JsonToken token = parser.currentToken();
            require(token != null);
            switch (token) {
                case START_OBJECT -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        String name = parser.currentName();
                        String inner = path + "." + name;
                        parser.nextToken();
                        Object value = value(parser, inner, other);
                        require(!fields.containsKey(name) || !READ.contains(inner) || inner.startsWith(other));
                        fields.put(name, value);
                    }
                    require(parser.currentToken() == JsonToken.END_OBJECT);
                    return fields;
                }
                case START_ARRAY -> {
                    List<Object> values = new ArrayList<>();
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        values.add(value(parser, path, other));
                    }
                    return values;
                }
                case VALUE_STRING -> {
                    return parser.getText();
                }
                case VALUE_NUMBER_INT -> {
                    return new Number(parser.getText(), true);
                }
                case VALUE_NUMBER_FLOAT -> {
                    return new Number(parser.getText(), false);
                }
                case VALUE_TRUE, VALUE_FALSE -> {
                    return token;
                }
                case VALUE_NULL -> {
                    return null;
                }
                default -> throw new Refused();
            }
        }
    }
}
