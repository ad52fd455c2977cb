package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nimload.results.Ledger;
import org.junit.jupiter.api.Test;

class LedgerBookTest {
    private final LedgerBook book = new LedgerBook();

    @Test
    void everyRequestThatEndedIsAccountedForOnce() {
        for (int i = 0; i < 4; i++) {
            book.sent();
        }
        book.sentAgain();
        book.ended(true, true);
        book.ended(true, false);
        book.ended(false, false);
        assertThat(book.ledger()).isEqualTo(new Ledger(4, 1, 1, 2, 1));
        assertThat(book.ledger().unaccounted()).as("in flight").isEqualTo(2);
        book.ended(true, true);
        book.ended(true, true);
        assertThat(book.ledger().unaccounted()).isZero();
        book.ended(true, true);
        assertThat(book.ledger().unaccounted()).as("one ended twice").isEqualTo(-1);
    }

    @Test
    void repeatsOfALevelHaveOneLedger() {
        assertThat(Ledger.together(List.of(new Ledger(1, 2, 3, 4, 5), new Ledger(10, 20, 30, 40, 50))))
                .isEqualTo(new Ledger(11, 22, 33, 44, 55));
    }
}
