package nimload.nim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The full reading and the cheap check of the same answers: they accept and refuse the same ones. */
class EmbeddingAnswerTest {
    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static MalformedAnswer refused(byte[] json, int inputs) {
        String shown = new String(json, StandardCharsets.UTF_8);
        MalformedAnswer checked =
                catchThrowableOfType(MalformedAnswer.class, () -> EmbeddingStructure.check(json, inputs));
        MalformedAnswer read = catchThrowableOfType(MalformedAnswer.class, () -> EmbeddingAnswer.parse(json, inputs));
        assertThat(checked).as("checked: %s", shown).isNotNull();
        assertThat(read).as("read: %s", shown).isNotNull();
        assertThat(read.getMessage().lines()).hasSize(1);
        assertThat(checked).hasMessage(read.getMessage());
        assertThat(checked.brokenOff()).as(shown).isEqualTo(read.brokenOff());
        return checked;
    }

    private static void bothRefuse(byte[] json, int inputs) {
        assertThat(refused(json, inputs).brokenOff())
                .as(new String(json, StandardCharsets.UTF_8))
                .isFalse();
    }

    private static void bothTake(byte[] json, float[][] vectors, Optional<Usage> usage) throws MalformedAnswer {
        EmbeddingAnswer answer = EmbeddingAnswer.parse(json, vectors.length);
        assertThat(answer.vectors().toArray(new float[0][])).isDeepEqualTo(vectors);
        assertThat(answer.usage()).isEqualTo(usage);
        EmbeddingStructure structure = EmbeddingStructure.check(json, vectors.length);
        assertThat(structure.dimensions()).isEqualTo(vectors[0].length);
        assertThat(structure.model()).isEqualTo(answer.model());
        assertThat(structure.usage()).isEqualTo(usage);
        assertThat(structure.heads()).isDeepEqualTo(heads(vectors));
    }

    private static float[][] heads(float[][] vectors) {
        return Arrays.stream(vectors)
                .map(vector -> Arrays.copyOf(vector, Math.min(EmbeddingStructure.HEAD, vector.length)))
                .toArray(float[][]::new);
    }

    /**
     * An answer as some server might write it: fields and vectors in any order, white space anywhere, any number style.
     */
    private record Written(byte[] json, float[][] vectors, Optional<Usage> usage) {
        static Written random(long seed, int texts, int dimensions) {
            Random random = new Random(seed);
            float[][] vectors = new float[texts][dimensions];
            List<String> data = new ArrayList<>();
            for (int i = 0; i < texts; i++) {
                for (int j = 0; j < dimensions; j++) {
                    vectors[i][j] = random.nextInt(9) == 0 ? random.nextInt(9) - 4 : (float) random.nextGaussian();
                }
                data.add(object(
                        random,
                        "\"index\"" + space(random) + ":" + space(random) + i,
                        "\"embedding\":" + space(random) + embedding(random, vectors[i]),
                        "\"object\":\"embedding\""));
            }
            Collections.shuffle(data, random);
            Optional<Usage> usage =
                    random.nextBoolean() ? Optional.of(new Usage(random.nextInt(9999))) : Optional.empty();
            String usageField = usage.map(tokens -> "\"usage\":"
                            + object(random, "\"prompt_tokens\":" + tokens.promptTokens(), "\"total_tokens\":1"))
                    .orElse(
                            random.nextBoolean()
                                    ? "\"usage\":null"
                                    : "\"x\":[1e5,{\"data\":[true,false,null]},\"]}\\\"\"]");
            String json = space(random)
                    + object(
                            random,
                            "\"object\":\"list\"",
                            "\"data\":" + array(random, data),
                            "\"model\":\"a\\\\b\\\"é😀\"",
                            usageField)
                    + space(random);
            return new Written(json.getBytes(StandardCharsets.UTF_8), vectors, usage);
        }

        private static String object(Random random, String... fields) {
            List<String> shuffled = new ArrayList<>(List.of(fields));
            Collections.shuffle(shuffled, random);
            return "{" + space(random) + String.join(space(random) + "," + space(random), shuffled) + space(random)
                    + "}";
        }

        private static String array(Random random, List<String> values) {
            return "[" + space(random) + String.join(space(random) + "," + space(random), values) + space(random) + "]";
        }

        private static String embedding(Random random, float[] vector) {
            if (random.nextInt(4) == 0) {
                return "\"" + EmbeddingAnswer.base64(vector) + "\"";
            }
            StringBuilder numbers = new StringBuilder("[").append(space(random));
            boolean spaced = random.nextBoolean();
            for (int i = 0; i < vector.length; i++) {
                numbers.append(i == 0 ? "" : ",")
                        .append(spaced ? space(random) : "")
                        .append(number(random, vector[i]));
                numbers.append(spaced ? space(random) : "");
            }
            return numbers.append(space(random)).append("]").toString();
        }

        private static String number(Random random, float value) {
            if (value == (int) value && random.nextBoolean()) {
                return Integer.toString((int) value);
            }
            return switch (random.nextInt(4)) {
                case 0 -> String.format(Locale.ROOT, "%.9e", value);
                case 1 ->
                    String.format(Locale.ROOT, "%.9E", value)
                            .replace("E-0", "E-")
                            .replace("E+0", "E+");
                case 2 -> Double.toString(value);
                default -> Float.toString(value);
            };
        }

        private static String space(Random random) {
            return random.nextInt(3) > 0
                    ? ""
                    : " \n\r\t".substring(random.nextInt(4)).repeat(random.nextInt(3));
        }
    }

    @Property(tries = 400)
    void fullReadingAndCheapCheckAcceptTheSameAnswers(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 8) int texts,
            @ForAll @IntRange(min = 1, max = 40) int dimensions)
            throws MalformedAnswer {
        Written written = Written.random(seed, texts, dimensions);
        bothTake(written.json(), written.vectors(), written.usage());
    }

    @Property(tries = 40)
    void bothTellThatEveryProperPrefixBrokeOff(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int texts,
            @ForAll @IntRange(min = 1, max = 6) int dimensions) {
        byte[] json = new String(Written.random(seed, texts, dimensions).json(), StandardCharsets.UTF_8)
                .stripTrailing()
                .getBytes(StandardCharsets.UTF_8);
        IntStream.range(0, json.length)
                .forEach(length -> assertThat(
                                refused(Arrays.copyOf(json, length), texts).brokenOff())
                        .as("%d of %s", length, new String(json, StandardCharsets.UTF_8))
                        .isTrue());
    }

    @Property(tries = 400)
    void bothRefuseOneVectorMoreOrFewerThanTexts(@ForAll long seed, @ForAll @IntRange(min = 2, max = 6) int texts) {
        byte[] json = Written.random(seed, texts, 5).json();
        bothRefuse(json, texts - 1);
        bothRefuse(json, texts + 1);
    }

    /** What is not a number in an array of numbers. */
    private static final List<String> NO_NUMBERS = List.of(
            "NaN",
            "Infinity",
            "-Infinity",
            "null",
            "true",
            "\"0.5\"",
            "",
            " ",
            "[0.5]",
            "{}",
            "nan",
            "0.5;",
            "0x1p3",
            "\u0000");

    @Property(tries = 400)
    void bothRefuseNonNumbersAtEveryPlaceAndAlignment(
            @ForAll @IntRange(max = 15) int offset,
            @ForAll @IntRange(min = 1, max = 30) int dimensions,
            @ForAll @IntRange(max = 29) int place,
            @ForAll @IntRange(max = 13) int kind,
            @ForAll @IntRange(min = 1, max = 12) int digits) {
        List<String> numbers =
                new ArrayList<>(Collections.nCopies(dimensions, "0.123456789012".substring(0, 2 + digits)));
        bothRefuse(oneVector(offset, numbers), 2);
        numbers.set(place % dimensions, NO_NUMBERS.get(kind));
        bothRefuse(oneVector(offset, numbers), 1);
    }

    @Property(tries = 400)
    void bothCountCommasAlikeAtEveryAlignment(
            @ForAll @IntRange(max = 15) int offset,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int dimensions)
            throws MalformedAnswer {
        Random random = new Random(seed);
        List<String> numbers = new ArrayList<>();
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            String digits = "1".repeat(1 + random.nextInt(9));
            numbers.add((random.nextBoolean() ? "-" : "") + (random.nextBoolean() ? digits : "0." + digits));
            vector[i] = Float.parseFloat(numbers.get(i));
        }
        bothTake(oneVector(offset, numbers), new float[][] {vector}, Optional.empty());
    }

    /** The check reads eight bytes at a time: the place of a wrong byte among them must not matter. */
    @Test
    void bothRefuseEveryByteOutsideNumbersAtEachOfEightPlaces() {
        for (int offset = 0; offset < 8; offset++) {
            for (int b = 1; b < 128; b++) {
                if ("0123456789+-.eE, \n\r\t".indexOf(b) >= 0) {
                    continue;
                }
                byte[] json = oneVector(0, List.of("0,0,0,0,0,0,0,0", "1111111111111111111111", "2"));
                json[new String(json, StandardCharsets.US_ASCII).indexOf("1111") + 4 + offset] = (byte) b;
                bothRefuse(json, 1);
            }
        }
    }

    @Test
    void theCheapCheckRefusesEveryByteAbove127AmongNumbers() {
        for (int offset = 0; offset < 8; offset++) {
            for (int b = 128; b < 256; b++) {
                byte[] json = oneVector(0, List.of("0,0,0,0,0,0,0,0", "1111111111111111111111", "2"));
                json[new String(json, StandardCharsets.US_ASCII).indexOf("1111") + 4 + offset] = (byte) b;
                assertThatExceptionOfType(MalformedAnswer.class)
                        .isThrownBy(() -> EmbeddingStructure.check(json, 1))
                        .withMessageStartingWith("a value of vector 0 is 1111");
            }
        }
    }

    @Test
    void bothRefuseTwoCommasInARowAnywhereInALongArray() {
        for (int place = 0; place < 40; place++) {
            List<String> numbers = new ArrayList<>(Collections.nCopies(40, "1"));
            numbers.set(place, "");
            bothRefuse(oneVector(0, numbers), 1);
            bothRefuse(oneVector(3, numbers), 1);
        }
    }

    private static byte[] oneVector(int offset, List<String> numbers) {
        return bytes(" ".repeat(offset) + "{'data':[{'index':0,'embedding':[" + String.join(",", numbers) + "]}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'data':[{'index':0,'embedding':[1,2]},{'index':0,'embedding':[3,4]}]} | index 0 twice",
                "{'data':[{'index':0,'embedding':[1,2]},{'index':2,'embedding':[3,4]}]} | index 2 for 2 texts",
                "{'data':[{'index':0,'embedding':[1,2]},{'index':-1,'embedding':[3,4]}]} | index -1 for 2 texts",
                "{'data':[{'index':99999999999999999999,'embedding':[1,2]}]} | index 99999999999999999999 for 2 texts",
                "{'data':[{'index':9999999999,'embedding':[1,2]}]} | index 9999999999 for 2 texts",
                "{'data':[{'embedding':[1,2]},{'embedding':[3,4]}]} | the answer has no index",
                "{'data':[{'index':1,'embedding':[1,2]},{'embedding':[3,4]}]} | vector 1 has no index",
                "{'data':[{'index':'0','embedding':[1,2]}]} | the index of vector 0 is not a whole number",
                "{'data':[{'index':0.0,'embedding':[1,2]}]} | the index of vector 0 is not a whole number",
                "{'data':[{'index':null,'embedding':[1,2]}]} | the index of vector 0 is not a whole number",
                "{'data':[{'index':0,'embedding':[]}]} | no embedding for index 0",
                "{'data':[{'index':0,'embedding':''}]} | no embedding for index 0",
                "{'data':[{'index':0}]} | no embedding for index 0",
                "{'data':[{}]} | the answer has no index",
                "{'model':'m'} | no field data",
                "{'data':null} | no field data",
                "{} | no field data",
                "{'data':[{'index':0,'embedding':[1,2]},{'index':1,'embedding':[3]}]} | vector 1 has 1 dimensions, vector 0 has 2",
                "{'data':[{'index':0,'embedding':[1,2]}]} | 1 vectors for 2 texts",
                "{'data':[]} | 0 vectors for 2 texts",
                "{'data':{}} | not JSON: expected data as an array at byte 8 of 11, found '{}}'",
                "{'data':[7]} | not JSON: expected '{' at byte 9 of 12, found '7]}'",
                "{'data':[{'index':0,'embedding':7}]} | not JSON: expected the numbers of vector 0, or Base64 at byte 32 of 36, found '7}]}'",
                "{'data':[{'index':0,'embedding':[1,null]}]} | a value of vector 0 is null",
                "{'data':[{'index':0,'embedding':[1,2]},{'index':1,'embedding':[NaN,2]}]} | a value of vector 1 is NaN",
                "{'data':[{'index':0,'embedding':[0,-Infinity]}]} | a value of vector 0 is -Infinity",
                "{'data':[{'index':0,'embedding':[1,2,3,4,5,6,7,8,9,null]}]} | a value of vector 0 is null",
                "{'data':[{'index':0,'embedding':[1,2,3,4,5,6,7,8,-Infinity]}]} | a value of vector 0 is -Infinity",
                "{'data':[{'index':0,'embedding':[1,2,3,4,5,6,7,8,'9']}]} | a value of vector 0 is a string",
                "{'data':[{'index':0,'embedding':[1,'2']}]} | a value of vector 0 is a string",
                "{'data':[{'index':0,'embedding':[1,[2]]}]} | a value of vector 0 is an array",
                "{'data':[{'index':0,'embedding':[{}]}]} | a value of vector 0 is an object",
                "{'data':[{'index':0,'embedding':[1,,2]}]} | a value of vector 0 is missing",
                "{'data':[{'index':0,'embedding':[1,2,]}]} | a value of vector 0 is missing",
                "{'data':[{'index':0,'embedding':[1,1e39]}]} | a value of vector 0 is 1e39, beyond a float",
                "{'data':[{'index':0,'embedding':'AACAPwAAwH8='}]} | a value of vector 0 is NaN",
                "{'data':[{'index':0,'embedding':'AAAAAA=='}]} | 1 vectors for 2 texts",
                "{'data':[{'index':0,'embedding':'AAA='}]} | the embedding of vector 0 has 4 Base64 characters, which are not whole floats",
                "{'data':[{'index':0,'embedding':'AAAAAA='}]} | the embedding of vector 0 has 7 Base64 characters, which are not whole floats",
                "{'data':[{'index':0,'embedding':'AAAAA'}]} | the embedding of vector 0 has 5 Base64 characters, which are not whole floats",
                "{'data':[{'index':0,'embedding':'!!!!!!'}]} | the embedding of vector 0 is not Base64: Illegal base64 character 21",
                "{'data':[],'data':[]} | 0 vectors for 2 texts",
                "{'usage':null,'data':null,'usage':{}} | field usage twice",
                "{'model':'a','model':'b'} | field model twice",
                "{'data':null,'data':[]} | field data twice",
                "{'data':[{'index':0,'index':0,'embedding':[1]}]} | field index twice",
                "{'data':[{'embedding':[1],'index':0,'\\u0065mbedding':[1]}]} | field embedding twice",
                "{'usage':{'prompt_tokens':1,'prompt_tokens':1}} | field prompt_tokens twice",
                "{'usage':{'prompt_tokens':9223372036854775807}} | prompt_tokens is 9223372036854775807",
                "{'usage':{'prompt_tokens':1000000000001}} | prompt_tokens is 1000000000001",
                "{'usage':{'prompt_tokens':-1}} | prompt_tokens is -1",
                "{'usage':{'total_tokens':99999999999999999999}} | total_tokens is 99999999999999999999",
                "{'usage':{'prompt_tokens':9223372036854775808}} | prompt_tokens is 9223372036854775808",
                "{'x':nul} | not JSON: expected a value at byte 5 of 9, found 'nul}'",
                "{'x':01} | not JSON: expected a value at byte 5 of 8, found '01}'",
                "{'x':1..2} | not JSON: expected a value at byte 5 of 10, found '1..2}'",
                "{'x':'\\x'} | not JSON: expected an escape at byte 6 of 10, found '\\x\"}'",
                "{'x':'\\u12g4'} | not JSON: expected an escape at byte 6 of 14, found '\\u12g4\"}'",
                "{'x':1 'y':2} | not JSON: expected ',' or '}' at byte 7 of 13, found '\"y\":2}'",
                "{'x':[1 2]} | not JSON: expected ',' or ']' at byte 8 of 11, found '2]}'",
                "[] | not a JSON object: []",
                "`` | an empty body",
            })
    void bothNameTheBreach(String json, String message) {
        assertThat(refused(bytes(json), 2)).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'data':[{'index':0,'embedding':[1,2]}]}x",
                "{'data':[{'index':0,'embedding':[1,2]}]}{}",
                "{'data':[{'index':0,'embedding':[1,2]}]},",
                "{'data':[{'index':0,'embedding':[1,2]}],}",
                "{'data':[{'index':0,'embedding':[1,2]},]}",
                "{'data':[{'index':0,'embedding':[1,2]},,{'index':1,'embedding':[1,2]}]}",
                "{'data':[{'index':0,'embedding':[1,2],}]}",
                "{'data':[{'index':0,'embedding':[,1,2]}]}",
                "{'data':[{'index':0,'embedding':[1,2,]}]}",
                "{'data':[{'index':0,'embedding':[1,,2]}]}",
                "{'data':[{'index':0,'embedding':[,]}]}",
                "{'data':[{'index':0 'embedding':[1,2]}]}",
                "{'data' [{'index':0,'embedding':[1,2]}]}",
                "{data:[{'index':0,'embedding':[1,2]}]}",
                "{'data':[{'index':0,'embedding':[1,2]}],'x':maybe}",
                "{'data':[{'index':0,'embedding':[1,2]}],'usage':{'prompt_tokens':99999999999999999999}}",
                "{}",
                "null",
                "<html><body>502 Bad Gateway</body></html>",
            })
    void bothRefuseABrokenAnswer(String json) {
        bothRefuse(bytes(json), 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 1025, 2048, 2049})
    void bothAcceptVectorsOfAnyLength(int dimensions) throws MalformedAnswer {
        float[] vector = new float[dimensions];
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < dimensions; i++) {
            vector[i] = i;
            numbers.add(Integer.toString(i));
        }
        bothTake(oneVector(0, numbers), new float[][] {vector}, Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "null", "7", "{'prompt_tokens':null}", "{'prompt_tokens':'7'}", "{'prompt_tokens':1.5}"})
    void bothLeaveUsageWithoutAWholeNumberOpen(String usage) throws MalformedAnswer {
        bothTake(
                bytes("{'data':[{'index':0,'embedding':[1,2]}],'usage':" + usage + "}"),
                new float[][] {{1, 2}},
                Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'prompt_tokens':0} | 0",
                "{'prompt_tokens':1000000000000} | 1000000000000",
                "{'total_tokens':7} | 7",
                "{'total_tokens':7,'prompt_tokens':5} | 5",
                "{'prompt_tokens':null,'total_tokens':7} | 7",
                "{'prompt_tokens':7.0,'total_tokens':8} | 8",
                "{'prompt_tokens':5,'total_tokens':-1} | 5",
            })
    void tokensAreThePromptsOrElseTheTotal(String usage, long tokens) throws MalformedAnswer {
        bothTake(
                bytes("{'data':[{'index':0,'embedding':[1,2]}],'usage':" + usage + "}"),
                new float[][] {{1, 2}},
                Optional.of(new Usage(tokens)));
    }

    /** As a coverage-guided search found them: the two readers disagreed on each. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "value-beyond-a-float | a value of vector 0 is 0.1504999999999e9997, beyond a float",
                "base64-of-another-alphabet | ",
                "control-character-in-a-string | not JSON: expected a string without control characters at byte 20 of 111, found '",
                "utf8-without-its-second-byte | not JSON: expected a string in UTF-8 at byte 83 of 179, found '",
                "utf8-without-its-first-byte | not JSON: expected a string in UTF-8 at byte 10 of 161, found '",
                "number-with-a-leading-zero | a value of vector 0 is 03819",
                "minus-inside-a-number | not JSON: expected ",
                "utf8-cut-by-the-quote | not JSON: expected a string in UTF-8 at byte 75 of 125, found '",
                "unknown-escape | not JSON: expected ",
                "value-that-begins-with-e | a value of vector 0 is e0.21760000000000002",
                "negative-tokens-of-19-digits | prompt_tokens is -9208623084461971241",
                "prompt-tokens-twice | field prompt_tokens twice",
            })
    void bothRefuseWhatOneTook(String file, String message) throws IOException {
        byte[] json = resource(file);
        if (message == null) {
            assertThatExceptionOfType(MalformedAnswer.class)
                    .isThrownBy(() -> EmbeddingAnswer.parse(json, 1))
                    .withMessage("the embedding of vector 0 is not Base64: Illegal base64 character 5f");
        } else {
            assertThat(refused(json, 1)).hasMessageStartingWith(message);
        }
    }

    @Test
    void bothTakeBase64WithoutPadding() throws IOException, MalformedAnswer {
        bothTake(resource("base64-without-padding"), new float[1][16], Optional.empty());
    }

    private static byte[] resource(String answer) throws IOException {
        return Files.readAllBytes(Path.of("src", "test", "fixtures", "nim", "answers", answer + ".json"));
    }

    @Test
    void bothTakeANumberOfAnyLength() throws MalformedAnswer {
        String third = "0." + "3".repeat(2000);
        bothTake(
                bytes("{'data':[{'index':0,'embedding':[" + third + "],'x':" + third + "}]}"),
                new float[][] {{1f / 3}},
                Optional.empty());
    }

    @Test
    void bothReadEscapesInNamesModelAndBase64() throws MalformedAnswer {
        byte[] json = bytes(
                "{'d\\u0061ta':[{'index':0,'embedding':'\\/\\/9\\/f\\/\\/\\/fz8='}],'model':'\\u0041\\n\\\\\\/\\b\\f\\r\\t'}");
        bothTake(json, new float[][] {{Float.MAX_VALUE, Math.nextDown(1f)}}, Optional.empty());
        assertThat(EmbeddingStructure.check(json, 1).model()).contains("A\n\\/\b\f\r\t");
    }

    @Test
    void bothSkipAByteOrderMark() throws MalformedAnswer {
        bothTake(bytes("\uFEFF{'data':[{'index':0,'embedding':[1]}]}"), new float[][] {{1}}, Optional.empty());
    }

    @Test
    void anotherTypeOfModelIsNoModel() throws MalformedAnswer {
        byte[] json = bytes("{'data':[{'index':0,'embedding':[1]}],'model':{'id':'m'}}");
        bothTake(json, new float[][] {{1}}, Optional.empty());
        assertThat(EmbeddingAnswer.parse(json, 1).model()).isEmpty();
    }

    @Test
    void base64IsLittleEndianFloat32() {
        assertThat(EmbeddingAnswer.base64(new float[] {1f, -2f})).isEqualTo("AACAPwAAAMA=");
    }

    @Test
    void theWriterWritesNvidiasShapeAndBothAcceptIt() throws IOException, MalformedAnswer {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        float[][] vectors = {{0.5f, -1}, {2, 3}};
        EmbeddingAnswer.write(
                out,
                "a\"b",
                2,
                (to, index) -> to.write((index == 0 ? "[0.5,-1]" : "[2,3]").getBytes(StandardCharsets.US_ASCII)),
                Optional.of(new Usage(7)));
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"object\":\"list\",\"data\":[{\"index\":0,\"embedding\":[0.5,-1],\"object\":\"embedding\"},"
                                + "{\"index\":1,\"embedding\":[2,3],\"object\":\"embedding\"}],\"model\":\"a\\\"b\","
                                + "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}");
        bothTake(out.toByteArray(), vectors, Optional.of(new Usage(7)));
    }
}
