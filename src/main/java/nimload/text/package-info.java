/**
 * Texts of exactly N tokens, without a tokenizer: the server counts. {@link nimload.text.TokenLearning} learns from its
 * {@code usage} what words and special tokens cost, and {@link nimload.text.TextSource} draws texts of that length. {@link
 * nimload.text.OwnLine} is a line of the user's own texts.
 */
package nimload.text;
