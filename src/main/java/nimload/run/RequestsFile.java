package nimload.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import nimload.measure.RequestLog;
import nimload.plan.LoadPoint;

/**
 * {@code requests.csv.gz}: one row per counted request, of each level the first {@value RequestLog#MOST} that ended. Each
 * level is a gzip member of its own; together they are one file to every reader.
 */
final class RequestsFile {
    static final String NAME = "requests.csv.gz";

    private static final String HEADER = "level,repeat,sent_us,latency_us,user,body,failure\n";

    private RequestsFile() {}

    /**
     * The member of a level.
     *
     * @param repeat of the level, from 1
     * @param first whether no member comes before it
     */
    static byte[] member(LoadPoint point, int repeat, boolean first, RequestLog log) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Writer out = new OutputStreamWriter(new GZIPOutputStream(bytes), StandardCharsets.UTF_8)) {
            if (first) {
                out.write(HEADER);
            }
            String level = point.name() + ',' + repeat + ',';
            log.forEach((sent, latency, user, body, failure) -> {
                try {
                    out.write(level + sent + ',' + latency + ',' + user + ',' + body + ',' + failure + '\n');
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot write to memory", e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return bytes.toByteArray();
    }
}
