package nimload.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** Deeds to the bytes of an answer and the connection under it. */
final class Wires {
    private Wires() {}

    /** @param headers each with its end of line */
    static Deed status(int status, String headers, String body) {
        return scene -> {
            scene.client().send(status, headers, body.getBytes(StandardCharsets.UTF_8));
            return true;
        };
    }

    /** How much of an answer is written before the connection breaks. */
    enum Place {
        BEFORE_ANY_BYTE,
        AFTER_THE_STATUS_LINE,
        IN_THE_HEADERS,
        AFTER_THE_HEADERS,
        IN_THE_BODY;

        /** As in a script: {@code before any byte}. */
        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        byte[] beginning(Scene scene) {
            byte[] body = scene.right().body();
            byte[] head = Connection.head(200, "Content-Length: " + body.length + "\r\n");
            int line = new String(head, StandardCharsets.US_ASCII).indexOf('\n') + 1;
            return switch (this) {
                case BEFORE_ANY_BYTE -> new byte[0];
                case AFTER_THE_STATUS_LINE -> Arrays.copyOf(head, line);
                case IN_THE_HEADERS -> Arrays.copyOf(head, line + 9);
                case AFTER_THE_HEADERS -> head;
                case IN_THE_BODY -> Arrays.copyOf(Connection.join(head, body), head.length + body.length / 2);
            };
        }
    }

    /** RST, once the client has read what was written. */
    static Deed reset(Place place) {
        return scene -> {
            scene.client().write(place.beginning(scene));
            Scene.pause(Duration.ofMillis(5));
            scene.client().reset();
            return true;
        };
    }

    /** FIN. */
    static Deed end(Place place) {
        return scene -> {
            scene.client().write(place.beginning(scene));
            scene.client().close();
            return true;
        };
    }

    static Deed silence(Place place) {
        return scene -> {
            scene.client().write(place.beginning(scene));
            return scene.beSilent();
        };
    }

    /** The right answer, then FIN. */
    static Deed closeAfterwards(String headers) {
        return scene -> {
            scene.client().send(200, headers, scene.right().body());
            scene.client().close();
            return true;
        };
    }

    /** A body that ends with the connection, and so may end early without a sign. */
    static Deed closeDelimited(double share) {
        return scene -> {
            byte[] body = scene.right().body();
            scene.client().write(Connection.head(200, ""));
            scene.client().write(Arrays.copyOf(body, (int) (share * body.length)));
            scene.client().close();
            return true;
        };
    }

    /** @param off what is added to the true length; the connection then ends */
    static Deed contentLength(int off) {
        return scene -> {
            byte[] body = scene.right().body();
            scene.client()
                    .write(Connection.join(
                            Connection.head(
                                    200, "Connection: close\r\nContent-Length: " + (body.length + off) + "\r\n"),
                            body));
            scene.client().close();
            return true;
        };
    }

    /** @param end whether the last chunk is sent */
    static Deed chunked(boolean end) {
        return scene -> {
            byte[] body = scene.right().body();
            int half = body.length / 2;
            scene.client().write(Connection.head(200, "Transfer-Encoding: chunked\r\n"));
            chunk(scene, Arrays.copyOf(body, half));
            chunk(scene, Arrays.copyOfRange(body, half, body.length));
            if (end) {
                scene.client().write(Connection.ascii("0\r\n\r\n"));
            } else {
                scene.client().close();
            }
            return true;
        };
    }

    private static void chunk(Scene scene, byte[] bytes) throws IOException {
        scene.client()
                .write(Connection.join(
                        Connection.ascii(Integer.toHexString(bytes.length) + "\r\n"),
                        Connection.join(bytes, Connection.ascii("\r\n"))));
    }

    static Deed cutWithRightLength(double share) {
        return scene -> {
            byte[] body = scene.right().body();
            scene.client().send(200, "", Arrays.copyOf(body, (int) (share * body.length)));
            return true;
        };
    }

    /** Whatever it is, it is no HTTP. */
    static Deed noise(String text) {
        return scene -> {
            scene.client().write(Connection.ascii(text + "\r\n\r\n"));
            scene.client().close();
            return true;
        };
    }

    /** The right answer in ten parts. */
    static Deed drip(Duration inAll) {
        return scene -> {
            byte[] body = scene.right().body();
            scene.client().write(Connection.head(200, "Content-Length: " + body.length + "\r\n"));
            int part = body.length / 10;
            for (int i = 0; i < 10; i++) {
                Scene.pause(inAll.dividedBy(10));
                scene.client().write(Arrays.copyOfRange(body, i * part, i == 9 ? body.length : (i + 1) * part));
            }
            return true;
        };
    }

    /** The right answer, later. */
    static Deed later(Duration by) {
        return scene -> {
            Scene.pause(by);
            return scene.answerRightly();
        };
    }

    /** Every answer waits meanwhile, once. */
    static Deed stall(Duration time) {
        Object once = new Object();
        return scene -> {
            if (scene.server().memory().first(once)) {
                scene.server().stall(time);
                Scene.pause(time);
            }
            return scene.answerRightly();
        };
    }

    /** Once. */
    static Deed restart(Duration down) {
        Object once = new Object();
        return scene -> {
            if (!scene.server().memory().first(once)) {
                return scene.answerRightly();
            }
            scene.server().restart(down);
            return true;
        };
    }

    static Deed dieForGood() {
        return scene -> {
            scene.server().goDown();
            return true;
        };
    }

    /** @param first of texts that were not sent before */
    static Deed cache(Duration first) {
        return scene -> {
            if (!scene.server().memory().knows(scene.call())) {
                Scene.pause(first);
            }
            return scene.answerRightly();
        };
    }
}
