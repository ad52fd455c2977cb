/**
 * A run in the forms that others read: JUnit's XML, Markdown and OpenMetrics from {@link nimload.exports.RunFiles}, and the layout
 * of AIPerf's results.
 */
package nimload.exports;
