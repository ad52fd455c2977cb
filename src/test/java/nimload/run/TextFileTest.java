package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import nimload.UserError;
import nimload.plan.Setting;
import nimload.plan.SettingValues.Given;
import nimload.text.OwnLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFileTest {
    @TempDir
    private Path directory;

    private Path file(String name, byte[]... parts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.write(part);
        }
        return Files.write(directory.resolve(name), all.toByteArray());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(utf8(text));
        }
        return packed.toByteArray();
    }

    private static TextFile read(Path file, Integer... linesPerRequest) {
        return TextFile.read(
                new Given(Setting.TEXTS, file.toString(), "nim.texts"),
                linesPerRequest.length == 0 ? Set.of(1) : Set.of(linesPerRequest));
    }

    private static List<String> all(TextFile file) {
        return texts(file, 0, (int) file.texts().lines());
    }

    private static List<String> texts(TextFile file, long first, int count) {
        return file.lines(first, count).stream()
                .map(OwnLine::items)
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void linesEndWithLfOrCrLfOrTheFileAndBlankOnesAndAByteOrderMarkAreNoTexts() throws IOException {
        byte[] mark = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
        assertThat(all(read(file("a.txt", mark, utf8("one\r\n\r\ntwo \u2028 2\n \t\n\nthree\rthree")))))
                .containsExactly("one", "two \u2028 2", "three\rthree");
        assertThat(all(read(file("b.jsonl", mark, utf8("{\"text\": \"one\"}\r\n{\"text\": \"two\"}\n")))))
                .containsExactly("one", "two");
    }

    @Test
    void afterTheLastLineComesTheFirst() throws IOException {
        TextFile file = read(file("a.txt", utf8("0\n1\n2\n3\n4")));
        assertThat(texts(file, 3, 4)).containsExactly("3", "4", "0", "1");
        assertThat(texts(file, 12_345_678_901L, 2)).containsExactly("1", "2");
        assertThat(texts(file, 0, 11)).containsExactly("0", "1", "2", "3", "4", "0", "1", "2", "3", "4", "0");
    }

    @Test
    void everyLineOfAFileOf100000IsFoundWhereItStands() throws IOException {
        String lines = String.join(
                "\n",
                IntStream.range(0, 100_000)
                        .mapToObj(i -> "line " + i + "x".repeat(i % 50))
                        .toList());
        TextFile file = read(file("a.txt", utf8(lines)));
        assertThat(file.texts().lines()).isEqualTo(100_000);
        for (int line = 0; line < 100_000; line += 997) {
            assertThat(texts(file, line, 1)).containsExactly("line " + line + "x".repeat(line % 50));
        }
    }

    @Test
    void aPackedFileIsTheSameTextsAsTheUnpackedOneAlsoInSeveralMembers() throws IOException {
        String half = "{\"text\": \"a\"}\n{\"text\": \"b\"}\n";
        TextFile packed = read(file("a.jsonl.gz", gzip(half), gzip(half)));
        TextFile plain = read(file("b.jsonl", utf8(half + half)));
        assertThat(all(packed)).containsExactly("a", "b", "a", "b");
        assertThat(packed.texts()).isEqualTo(plain.texts());
        assertThat(packed.texts().digest()).isEqualTo("d3237b1d7069");
    }

    @Test
    void anotherTextIsAnotherDigest() throws IOException {
        assertThat(read(file("a.txt", utf8("a\nb"))).texts())
                .isNotEqualTo(read(file("a.txt", utf8("a\nc"))).texts());
    }

    @Test
    void aLineMayHave8MebibytesAndNotMore() throws IOException {
        byte[] most = new byte[Lines.LONGEST];
        Arrays.fill(most, (byte) 'x');
        TextFile file = read(file("a.txt", utf8("a\n"), most, utf8("\nb")));
        assertThat(texts(file, 1, 2))
                .satisfiesExactly(
                        text -> assertThat(text).hasSize(Lines.LONGEST),
                        text -> assertThat(text).isEqualTo("b"));
        Path longer = file("b.txt", utf8("a\n"), most, utf8("x\nb"));
        assertThatThrownBy(() -> read(longer))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.texts=" + longer + ": line 2 is longer than 8 MiB; cut it, or leave it out");
    }

    @Test
    void theLargestRequestIsKnownForEachBatch() throws IOException {
        TextFile file = read(file("a.txt", utf8("1\n1\n333\n1\n22\n22\n22\n22\n1")), 1, 2, 4);
        assertThat(file.largest(1)).isEqualTo(2);
        assertThat(file.largest(2)).isEqualTo(2);
        assertThat(file.largest(4)).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.jsonl | {\"text\": \"a\"}~~secret | line 3 is not JSON, wrong at character 1; give a line such as"
                        + " {\"text\": \"…\"}",
                "a.jsonl | {\"text\": \"a\"}~{\"query\": \"q\", \"passages\": [\"p\"]} | line 2 has a query with passages, and"
                        + " the lines before have texts; give a file for each",
                "a.jsonl | {\"query\": \"q\", \"passages\": [\"p\"]}~{\"text\": \"a\"} | line 2 has texts, and the lines before"
                        + " have queries with passages; give a file for each",
            })
    void aBadLineIsNamedByItsNumberInTheFile(String name, String content, String message) throws IOException {
        Path file = file(name, utf8(content.replace('~', '\n')));
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.texts=" + file + ": " + message);
    }

    @Test
    void whatIsNotUtf8IsNamedByItsLineAndTheReplacementCharacterIsAText() throws IOException {
        assertThat(all(read(file("a.txt", utf8("a \uFFFD b"))))).containsExactly("a \uFFFD b");
        Path latin = file("b.txt", utf8("a\n"), "größer".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> read(latin))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.texts=" + latin
                        + ": line 2 is not UTF-8; give the file in UTF-8, e.g. with iconv -t UTF-8");
        Path wide = file("c.jsonl", "{\"text\": \"a\"}\n".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> read(wide)).hasMessageContaining("line 1 is not UTF-8");
    }

    @Test
    void filesThatCannotServeARunAreRefused() throws IOException {
        Path empty = file("a.txt", utf8("\n \r\n"));
        assertThatThrownBy(() -> read(empty))
                .hasMessage("nim.texts=" + empty + " has no texts; give a file with at least one line");
        Path few = file("b.txt", utf8("a\nb"));
        assertThatThrownBy(() -> read(few, 64))
                .hasMessage("nim.texts=" + few + " has 2 lines, fewer than a request of 64; give a longer file, or a"
                        + " smaller batch");
        assertThatThrownBy(() -> read(file("c.csv", utf8("a"))))
                .hasMessageContaining("its name does not say what it holds; give a file that ends with .jsonl");
        assertThatThrownBy(() -> read(directory.resolve("none.txt"))).hasMessageContaining("cannot be read");
        byte[] packed = gzip("a\nb\n".repeat(1000));
        Path cut = file("d.txt.gz", Arrays.copyOf(packed, packed.length - 9));
        assertThatThrownBy(() -> read(cut)).hasMessageContaining("is not a whole gzip file");
        Path plain = file("e.txt.gz", utf8("a"));
        assertThatThrownBy(() -> read(plain)).hasMessageContaining("is not a whole gzip file");
        String passages = "\"p\"" + ",\"p\"".repeat(512);
        Path many = file("f.jsonl", utf8("{\"query\": \"q\", \"passages\": [" + passages + "]}"));
        assertThatThrownBy(() -> read(many))
                .hasMessage(
                        "nim.texts=" + many + ": line 1 has 513 passages; give at most 512, as many as a NIM ranks");
    }

    @Test
    void aFileSeveralTimesTheHeapIsRead() throws Exception {
        Path large = directory.resolve("large.jsonl");
        byte[] block = utf8(("{\"text\": \"" + "some words of a text ".repeat(20) + "\"}\n").repeat(1000));
        try (OutputStream out = Files.newOutputStream(large)) {
            for (int i = 0; i < 240; i++) {
                out.write(block);
            }
        }
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx40m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReadTexts.class.getName(),
                        large.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).startsWith("240000 lines, SHA-256 ");
        assertThat(Files.size(large)).isGreaterThan(2 * (40L << 20));
    }
}
