/**
 * One run from the parts that several generators measured together: counts and rates are added up, histograms by HdrHistogram's
 * own {@code add}. What cannot be computed from the parts is left out.
 */
package nimload.merge;
