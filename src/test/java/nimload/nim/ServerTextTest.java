package nimload.nim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerTextTest {
    @Test
    void plainTextStaysAsItIs() {
        assertThat(ServerText.oneLine("Input length 516 exceeds maximum allowed token size 512"))
                .isEqualTo("Input length 516 exceeds maximum allowed token size 512");
        assertThat(ServerText.oneLine("größer als 2³¹ – 模型")).isEqualTo("größer als 2³¹ – 模型");
    }

    @Test
    void controlCharactersLineBreaksAndDirectionMarksBecomeOneBlank() {
        assertThat(ServerText.oneLine("\u001b[31mred\u001b[0m\r\nnext\tcolumn\u0000\u202eend\u2028"))
                .isEqualTo("[31mred [0m next column end");
    }

    @Test
    void atMost300CharactersAreKept() {
        assertThat(ServerText.oneLine("x".repeat(300))).isEqualTo("x".repeat(300));
        assertThat(ServerText.oneLine("x".repeat(301))).isEqualTo("x".repeat(299) + "…");
        assertThat(ServerText.oneLine("\n".repeat(5000) + "x")).isEqualTo("…");
        String line = ServerText.oneLine("😀".repeat(301));
        assertThat(line.codePointCount(0, line.length())).isEqualTo(300);
    }
}
