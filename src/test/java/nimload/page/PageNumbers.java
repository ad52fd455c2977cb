package nimload.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import nimload.nim.Json;

/**
 * All numbers of a page (report.html or compare.html) without its words, so that two versions of a page can be compared:
 * those of its sentences and cards, of each table row, and of the data that its charts are drawn from.
 */
public final class PageNumbers {
    private static final Pattern SENTENCES = Pattern.compile("(?s)<ul class=\"sentences\">(.*?)</ul>");
    private static final Pattern CARD_ENTRY = Pattern.compile("(?s)<dd>(.*?)</dd>");
    private static final Pattern TABLE = Pattern.compile("(?s)<table id=\"([^\"]*)\".*?</thead>(.*?)</table>");
    private static final Pattern ROW = Pattern.compile("(?s)<tr.*?</tr>");
    private static final Pattern CELL = Pattern.compile("(?s)<t[hd] .*?</t[hd]>");
    private static final Pattern DATA =
            Pattern.compile("(?s)<script type=\"application/json\" id=\"data\">(.*?)</script>");
    private static final Pattern NOT_TEXT =
            Pattern.compile("</?h\\d|&#?\\w+;|<(path|line class=\"(tick|zero)\")[^>]*>");
    private static final Pattern NUMBER = Pattern.compile("[-−]?(\\d{1,3}(,\\d{3})+|\\d+)(\\.\\d+)?");

    private PageNumbers() {}

    /** One line for the sentences, then one per card entry, table row and object of the data, in the page's order. */
    public static List<String> of(String html) {
        List<String> lines = new ArrayList<>();
        groups(SENTENCES, html).forEach(all -> lines.add("sentences: " + numbers(all)));
        groups(CARD_ENTRY, html).forEach(entry -> lines.add("card: " + numbers(entry)));
        TABLE.matcher(html)
                .results()
                .forEach(table -> ROW.matcher(table.group(2))
                        .results()
                        .forEach(row -> lines.add(table.group(1) + ": " + cells(row.group()))));
        groups(DATA, html).forEach(data -> add("data", json(data), lines));
        return lines;
    }

    private static List<String> groups(Pattern pattern, String html) {
        return pattern.matcher(html).results().map(match -> match.group(1)).toList();
    }

    /** Of a cell first what it is sorted by, then what its hint, its text and its detail hold. */
    private static String cells(String row) {
        return CELL.matcher(row).results().map(cell -> numbers(cell.group())).collect(Collectors.joining(" | "));
    }

    private static String numbers(String html) {
        Matcher numbers = NUMBER.matcher(NOT_TEXT.matcher(html).replaceAll(" "));
        return numbers.results().map(number -> number.group().replace(",", "")).collect(Collectors.joining(" "));
    }

    private static JsonNode json(String data) {
        try {
            return Json.MAPPER.readTree(data);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the page's data is not JSON", e);
        }
    }

    private static void add(String path, JsonNode json, List<String> lines) {
        if (isNumeric(json)) {
            lines.add(path + ": " + json);
        } else if (json.isArray()) {
            for (int i = 0; i < json.size(); i++) {
                add(path + "[" + i + "]", json.get(i), lines);
            }
        } else if (json.isObject()) {
            Map<String, JsonNode> fields = new TreeMap<>();
            json.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
            String own = fields.entrySet().stream()
                    .filter(field -> isScalar(field.getValue()))
                    .map(field -> field.getKey() + "=" + field.getValue())
                    .collect(Collectors.joining(" "));
            lines.add(path + ": " + own);
            fields.forEach((name, value) -> {
                if (!isScalar(value)) {
                    add(path + "." + name, value, lines);
                }
            });
        }
    }

    private static boolean isScalar(JsonNode json) {
        return json.isNumber() || json.isBoolean();
    }

    /** A number, or an array of numbers, of arrays of numbers … */
    private static boolean isNumeric(JsonNode json) {
        return isScalar(json)
                || json.isArray()
                        && StreamSupport.stream(json.spliterator(), false).allMatch(PageNumbers::isNumeric);
    }
}
