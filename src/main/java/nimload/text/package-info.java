/**
 * Texts of exactly N tokens, without a tokenizer: the server itself counts. {@link nimload.text.TokenLearning} asks it, by
 * way of {@code usage}, what words and special tokens cost, and {@link nimload.text.TextSource} draws texts accordingly.
 */
package nimload.text;
