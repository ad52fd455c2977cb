package nimload.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.samskivert.mustache.DefaultCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.results.Cell;

/**
 * An HTML page that stands alone: its style, its scripts, Chart.js and its data are in it, and its content security policy
 * lets it load nothing else.
 *
 * <p>Text of others (a model's name, an error's words) reaches the page in two ways, and stays text in both: through a
 * Mustache template, which escapes it, and as JSON in which no character is left that could end the script's element. The
 * scripts put it into the document as text, never as HTML.
 */
public final class PageShell {
    private static final String RESOURCES = "/nimload/page/";

    private static final Mustache.Compiler MUSTACHE = Mustache.compiler()
            .strictSections(true)
            .emptyStringIsFalse(true)
            .nullValue(Cell.UNKNOWN)
            .withCollector(new DefaultCollector() {
                @Override
                public Iterator<?> toIterator(Object value) {
                    if (value instanceof Map<?, ?> map) {
                        return new TreeMap<>(map).entrySet().iterator();
                    }
                    return value instanceof Optional<?> optional
                            ? optional.stream().iterator()
                            : super.toIterator(value);
                }
            })
            .withLoader(name -> new StringReader(resource(name + ".html")));

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
            .build();

    private PageShell() {}

    /**
     * @param title plain text
     * @param body name of a Mustache template in this class's resources, without {@code .html}
     * @param view what the template shows: records, lists of them, and maps, whose sections repeat per entry with {@code key}
     *     and {@code value}
     * @param data what the scripts draw; they find it as {@code nimload.data}
     * @param scripts names of files next to the template; they run last, after Chart.js and {@code charts.js}
     */
    public static String html(String title, String body, Object view, Object data, String... scripts) {
        return template("shell")
                .execute(Map.of(
                        "title", title,
                        "css", resource("page.css"),
                        "body", template(body).execute(view),
                        "data", json(data),
                        "chartJs", resource("chart.umd.min.js").replaceFirst("(?m)^//# sourceMappingURL=.*$", ""),
                        "charts", resource("charts.js"),
                        "script", Stream.of(scripts).map(PageShell::resource).collect(Collectors.joining("\n"))));
    }

    private static Template template(String name) {
        return MUSTACHE.compile(resource(name + ".html"));
    }

    static String json(Object data) {
        try {
            return inScript(JSON.writeValueAsString(data));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records that are no JSON", e);
        }
    }

    /** The same JSON, fit for a script's element: there only {@code <} and {@code >} can do harm; in JSON they occur in strings only. */
    static String inScript(String json) {
        return json.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private static String resource(String name) {
        try (InputStream in = PageShell.class.getResourceAsStream(RESOURCES + name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + RESOURCES + name + "; build with Maven");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
