package nimload.run;

/**
 * The body of a request.
 *
 * @param number of its texts within the level: another number has other texts
 * @param items texts or passages in it
 * @param tokens as the server is to count them; 0: not planned
 */
record Body(int number, Arrangement arrangement, int items, long tokens, byte[] bytes) {

    /** Which of a number's texts it holds, in which order. Only references are anything but whole. */
    enum Arrangement {
        /** All, as they were drawn. */
        WHOLE {
            @Override
            int text(int place, int items) {
                return place;
            }
        },
        /** All, the first one last. */
        ROTATED {
            @Override
            int text(int place, int items) {
                return (place + 1) % items;
            }
        },
        /** The first alone. */
        FIRST_ALONE {
            @Override
            int text(int place, int items) {
                return 0;
            }
        };

        /** Which of the whole body's texts stands at a place of this one. */
        abstract int text(int place, int items);
    }
}
